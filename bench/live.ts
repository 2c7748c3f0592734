/**
 * How late the lines of a program's program's program are: three Python processes, none of which
 * flushes, started by our layer and, beside it, by a plain spawn.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { childEnvironment } from '../src/process/environment.ts';
import { LineSplitter } from '../src/process/lines.ts';
import { startProgram } from '../src/process/program.ts';
import { createOutput } from '../src/progress/output.ts';
import { duration, printTable, quantile, verdict } from './lib/table.ts';

const LINES = 200;
const script = join(import.meta.dirname, '../test/programs/level.py');
const args = [script, '3', String(LINES), '0.01'];

function delaysOf(lines: readonly string[]): number[] {
  const now = performance.timeOrigin + performance.now();
  return lines.filter((line) => line.startsWith('at ')).map((line) => now - Number(line.slice(3)));
}

async function ours(): Promise<number[]> {
  const delays: number[] = [];
  const output = createOutput({
    onLines: (lines) => delays.push(...delaysOf(lines)),
    onProgress: () => undefined,
  });
  const program = startProgram(
    { program: 'python3', args, cwd: process.cwd(), env: childEnvironment(), tag: 'bench/' },
    { onOut: (chunk) => output.push(chunk), onErr: () => undefined },
  );
  await program.exited;
  await output.end();
  return delays;
}

async function plain(): Promise<number[]> {
  const delays: number[] = [];
  const splitter = new LineSplitter();
  // Whoever measures may have set it for himself.
  const { PYTHONUNBUFFERED: _, ...env } = process.env;
  const child = spawn('python3', args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.on('data', (chunk: Buffer) => delays.push(...delaysOf(splitter.push(chunk))));
  await once(child, 'close');
  return delays;
}

const rows: string[][] = [];
for (const [name, run] of [
  ['sluice', ours],
  ['plain spawn', plain],
] as const) {
  const delays = await run();
  if (delays.length !== LINES) throw new Error(`${name}: ${delays.length} lines`);
  const late = quantile(delays, 0.99);
  rows.push([
    name,
    duration(quantile(delays, 0.5)),
    duration(late),
    duration(quantile(delays, 1)),
    name === 'sluice' ? verdict(late <= 50, 'p99 <= 50 ms') : '',
  ]);
}
printTable(
  `Delay of ${LINES} lines through three levels of Python`,
  ['started by', 'p50', 'p99', 'most', 'target'],
  rows,
);
