/**
 * The memory of a whole runner (history, journal, socket and all) while a program prints 1 GB: of lines,
 * and of one line without an end. Linux only: it reads /proc.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isAlive } from '../src/runner/liveness.ts';
import { printTable, verdict } from './lib/table.ts';

/** In kB. */
const LIMIT = 50 * 1024;
const CLI = join(import.meta.dirname, '../dist/sluice.js');
const LINE = `${'x'.repeat(60)} some words of output here\\n`;

/** Waits until asked, so that the runner at rest is measured first. */
const PROGRAMS = {
  lines: `import sys, time
time.sleep(1)
line = '${LINE}' * 1000
for _ in range(10**9 // len(line)): sys.stdout.write(line)
`,
  'one endless line': `import sys, time
time.sleep(1)
for _ in range(1000): sys.stdout.write('y' * 10**6)
`,
};

function kilobytes(pid: number, key: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const value = new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1];
  // It has just ended.
  if (value === undefined) throw new Error(`process ${pid} has no memory`);
  return Number(value);
}

async function measure(name: string, program: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  writeFileSync(join(folder, 'flood.py'), program);
  writeFileSync(
    join(folder, 'flood.batch.yaml'),
    'inputs: [one]\nsteps:\n  - run: [python3, flood.py]\n',
  );
  try {
    const id = execFileSync(process.execPath, [CLI, 'run', 'flood.batch.yaml', '--detach'], {
      cwd: folder,
      encoding: 'utf8',
    }).trim();
    const socket = readFileSync(join(folder, `.sluice/sockets/${id}.json`), 'utf8');
    const { pid } = JSON.parse(socket) as { pid: number };
    await setTimeout(700);
    const rest = kilobytes(pid, 'VmRSS');
    let most = rest;
    const started = performance.now();
    while (isAlive(pid)) {
      try {
        most = kilobytes(pid, 'VmHWM');
      } catch {
        break;
      }
      await setTimeout(50);
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const mb = (value: number): string => `${(value / 1024).toFixed(0)} MB`;
    const met = verdict(most - rest < LIMIT, 'under 50 MB');
    return [name, `${seconds} s`, mb(rest), mb(most), mb(most - rest), met];
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const rows: string[][] = [];
for (const [name, program] of Object.entries(PROGRAMS)) rows.push(await measure(name, program));
printTable(
  'Memory of the runner over 1 GB of output',
  ['1 GB of', 'time', 'at rest', 'peak', 'growth', 'aim'],
  rows,
);
