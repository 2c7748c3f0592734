/**
 * The output of one program, read as raw bytes, up to our events, and by execa's line iterator;
 * then what endless output does to memory.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { busyText, createFlood } from './lib/flood.ts';
import { readExeca, readFacts, readRaw } from './lib/read.ts';
import { compare, type Peer } from './lib/rounds.ts';
import { duration, printTable, verdict } from './lib/table.ts';

const LINES = 2_000_000;
const ROUNDS = 7;
const GIGABYTE = 1_000_000_000;

function check(what: string, is: unknown, wanted: unknown): void {
  if (is !== wanted) throw new Error(`${what}: ${String(is)} instead of ${String(wanted)}`);
}

async function countFacts(file: string): Promise<{ lines: number; progress: number }> {
  let lines = 0;
  let progress = 0;
  await readFacts('cat', [file], (fact) => {
    if (fact.type === 'log') lines += fact.lines.length;
    if (fact.type === 'progress') progress += 1;
  });
  return { lines, progress };
}

async function checkContent(file: string): Promise<void> {
  const seen = createHash('sha256');
  await readFacts('cat', [file], (fact) => {
    if (fact.type === 'log') seen.update(`${fact.lines.join('\n')}\n`);
  });
  const wanted = createHash('sha256');
  for await (const chunk of createReadStream(file)) wanted.update(chunk);
  check('hash of the lines', seen.digest('hex'), wanted.digest('hex'));
}

async function compareReaders(title: string, line?: (index: number) => string): Promise<void> {
  const flood = createFlood(LINES, line);
  try {
    await checkContent(flood.file);
    const args = [flood.file];
    const peers: Peer[] = [
      {
        name: 'raw pipe',
        async run() {
          check('bytes', await readRaw('cat', args), flood.bytes);
          return undefined;
        },
      },
      {
        name: 'sluice, to events',
        async run() {
          const { lines, progress } = await countFacts(flood.file);
          check('lines', lines, LINES);
          check('progress', progress, 0);
          return undefined;
        },
      },
      {
        name: "execa's lines",
        async run() {
          check('lines', await readExeca('cat', args), LINES);
          return undefined;
        },
      },
    ];
    const times = await compare(peers, ROUNDS);
    const [raw = NaN, ours = NaN, execas = NaN] = times;
    const size = `${LINES.toLocaleString('en')} lines, ${Math.round(flood.bytes / 1e6)} MB`;
    printTable(
      `${title}: ${size}, median of ${ROUNDS} rounds; lines and their sha256 are equal`,
      ['reader', 'time', 'MB/s', 'x raw', 'target'],
      times.map((ms, index) => [
        peers[index]?.name ?? '',
        duration(ms),
        Math.round(flood.bytes / 1000 / ms).toString(),
        (ms / raw).toFixed(2),
        index === 1 ? verdict(ours <= 3 * raw, '<= 3 x raw') : '',
      ]),
    );
    const faster = execas / ours;
    console.log(`\nfaster than execa: ${faster.toFixed(1)} x, ${verdict(faster >= 4, '>= 4 x')}`);
  } finally {
    flood.dispose();
  }
}

interface Memory {
  readonly growth: number;
  readonly lines: number;
  readonly ms: number;
}

/** Peak growth of the resident memory, in bytes, while a shell command prints. */
async function measureMemory(command: string): Promise<Memory> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let peak = before;
  let lines = 0;
  let facts = 0;
  const begin = performance.now();
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  await readFacts('sh', ['-c', command], (fact) => {
    facts += 1;
    if (fact.type === 'log') lines += fact.lines.length;
    if (facts % 256 === 0) peak = Math.max(peak, process.memoryUsage.rss());
  });
  clearInterval(timer);
  peak = Math.max(peak, process.memoryUsage.rss());
  return { growth: peak - before, lines, ms: performance.now() - begin };
}

const MEMORY_CASES: readonly (readonly [name: string, command: string])[] = [
  [
    '1 GB of lines',
    `yes 'a line of output as any program may write it, again and again' | head -c ${GIGABYTE}`,
  ],
  ['1 GB without an end of line', `head -c ${GIGABYTE} /dev/zero | tr '\\0' x`],
  [
    '1 GB of a redrawn bar',
    `yes ' 45%|####5     | 45/100 [00:12<00:15,  3.60it/s]' | head -c ${GIGABYTE} | tr '\\n' '\\r'`,
  ],
  ['1 GB that is no text', `yes "$(printf '\\377\\200\\342')" | head -c ${GIGABYTE} | tr -d '\\n'`],
];

async function memory(): Promise<void> {
  const rows: string[][] = [];
  for (const [name, command] of MEMORY_CASES) {
    const { growth, lines, ms } = await measureMemory(command);
    const megabytes = growth / 1e6;
    rows.push([
      name,
      duration(ms),
      lines.toLocaleString('en'),
      `${megabytes.toFixed(1)} MB`,
      verdict(megabytes < 50, '< 50 MB'),
    ]);
  }
  printTable('Growth of resident memory', ['output', 'time', 'log lines', 'RSS', 'target'], rows);
}

// First, while this process is small: what is measured later would have grown it already.
await memory();
await compareReaders('Plain log');
await compareReaders('Log full of what looks like progress', busyText);
