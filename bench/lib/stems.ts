import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunEvent } from '../../src/protocol/events.ts';

const CLI = resolve(import.meta.dirname, '../../dist/sluice.js');

/** What a run of one step over one recording was like. Linux only: it reads /proc. */
export interface Separation {
  readonly events: readonly RunEvent[];
  /** ms from the begin of the item to its end. */
  readonly took: number;
  /** Bytes of memory that the step's process had at its peak. */
  readonly memory: number;
}

/** Runs `separate` on a file of a folder, as a whole run. The options are those of `with`, as YAML. */
export function separate(folder: string, file: string, options: string): Promise<Separation> {
  return runStep(folder, file, { uses: 'separate', options, output: 'out/' });
}

/** Runs one step on a file of a folder, as a whole run. The options are those of `with`, as YAML. */
export async function runStep(
  folder: string,
  file: string,
  step: { readonly uses: string; readonly options: string; readonly output: string },
): Promise<Separation> {
  const { uses, options, output } = step;
  writeFileSync(
    join(folder, 'step.batch.yaml'),
    `inputs: { files: "${file}" }\nsteps:\n  - uses: ${uses}\n    with: { ${options} }\noutput: ${output}\n`,
  );
  const child = spawn(process.execPath, [CLI, 'run', 'step.batch.yaml', '--json', '--force'], {
    cwd: folder,
    // Whoever runs this bench accepts what it prints: personal and research use.
    env: { ...process.env, SLUICE_ACCEPT_LICENCES: 'htdemucs' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const events: RunEvent[] = [];
  let memory = 0;
  let pid = 0;
  const timer = setInterval(() => {
    memory = Math.max(memory, pid === 0 ? 0 : peakOf(pid));
  }, 100);
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as RunEvent;
    events.push(event);
    if (event.type === 'step') pid = event.pid ?? 0;
    if (event.type === 'result') memory = Math.max(memory, peakOf(pid));
  }
  clearInterval(timer);
  const failed = events.find((event) => event.type === 'end' && event.state !== 'done');
  if (failed !== undefined) throw new Error(JSON.stringify(failed));
  const timeOf = (type: RunEvent['type']): number =>
    events.find((event) => event.type === type)?.time ?? Number.NaN;
  return { events, took: timeOf('end') - timeOf('start'), memory };
}

function peakOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    // It has just ended.
    return 0;
  }
}

/**
 * Commits in the write-ahead log of a history (https://sqlite.org/fileformat.html, section 4.1): each is a frame
 * that tells the size of the database after it. The log is there as long as somebody has the history open.
 */
export function commitsIn(history: string): number {
  const path = `${history}-wal`;
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return 0;
  const log = readFileSync(path);
  const page = log.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at + 24 + page <= log.length; at += 24 + page) {
    if (log.readUInt32BE(at + 4) > 0) commits += 1;
  }
  return commits;
}
