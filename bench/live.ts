/**
 * How late the lines of a program's program's program are: three Python processes, none of which
 * flushes, started by our layer and, beside it, by a plain spawn. Then how late the lines of 1, 20 and 100
 * programs are painted: through a whole runner, the host's feed, and the panel in a real Chromium.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { childEnvironment } from '../src/process/environment.ts';
import { LineSplitter } from '../src/process/lines.ts';
import { startProgram } from '../src/process/program.ts';
import { createOutput } from '../src/progress/output.ts';
import { type Painted, paintedBy } from './lib/painted.ts';
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

/** Children, and ms that 99 of 100 lines may take to the paint. */
const CHILDREN: readonly (readonly [children: number, rounds: number, target?: number])[] = [
  // Of one child a round alone would judge by its two latest lines.
  [1, 3, 50],
  [20, 1, 100],
  [100, 1],
];

const ms = (delays: readonly number[]): string =>
  [0.5, 0.99].map((share) => duration(quantile(delays, share))).join(', ');
const share = (busy: number, { seconds }: Painted): string =>
  `${Math.round((100 * busy) / 1000 / seconds)} %`;

const painted: string[][] = [];
const work: string[][] = [];
for (const [children, rounds, target] of CHILDREN) {
  const all: Painted[] = [];
  for (let round = 0; round < rounds; round += 1) all.push(await paintedBy(children));
  const paint = all.flatMap((round) => round.paint);
  const late = quantile(paint, 0.99);
  const [one] = all;
  if (one === undefined) continue;
  painted.push([
    String(children),
    String(paint.length),
    ms(all.flatMap((round) => round.event)),
    ms(all.flatMap((round) => round.host)),
    ms(paint),
    target === undefined ? '' : verdict(late <= target, `p99 <= ${target} ms`),
  ]);
  work.push([
    String(children),
    share(one.busy.children, one),
    share(one.busy.runner, one),
    share(one.busy.host, one),
    share(one.busy.browser, one),
    share(one.machine.busy, one),
  ]);
}
printTable(
  "From a child's write to the panel's paint, ten lines a second each: p50, p99",
  ['children', 'lines', "runner's event", 'host', 'paint', 'target'],
  painted,
);
printTable(
  'Processor meanwhile, of one core',
  ['children', 'children', 'runner', 'host', 'browser', 'whole machine'],
  work,
);
