/** What the search for progress adds to splitting lines, without any process: 60 MB in memory. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineSplitter } from '../src/process/lines.ts';
import { Utf8Decoder } from '../src/process/utf8.ts';
import { createOutput } from '../src/progress/output.ts';
import { colouredText, isOnlyColoured } from '../src/protocol/escapes.ts';
import { busyText } from './lib/flood.ts';
import { compare } from './lib/rounds.ts';
import { duration, printTable, verdict } from './lib/table.ts';

const BYTES = 60_000_000;
const CHUNK = 65_536;
const ROUNDS = 9;

/** What compilers, test runners and a server have printed. */
const ORDINARY = join(import.meta.dirname, '../test/unit/progress/ordinary');
const ordinary = readdirSync(ORDINARY)
  .map((name) => readFileSync(join(ORDINARY, name), 'utf8'))
  .join('\n')
  .split('\n');

const LOGS: readonly (readonly [name: string, line: (index: number) => string])[] = [
  ['real programs', (index) => ordinary[index % ordinary.length] ?? ''],
  ['plain words', (index) => `${index} INFO worker: the quick brown fox jumps over a lazy dog`],
  ['colours', (index) => `\x1b[32mINFO\x1b[0m worker ${index}: the quick brown fox jumps over it`],
  ['paths, dates, shares', busyText],
  ['UTF-8', (index) => `${index} élève: “un mot de plus” — 日本語のテキスト, и по-русски тоже`],
  ['JSON lines', (index) => `{"level":30,"time":${index},"msg":"request completed","path":"/a/b"}`],
];

/** Ms of the processor: what else the machine does is none of it. */
function processorTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function chunksOf(line: (index: number) => string): Uint8Array[] {
  let text = '';
  for (let index = 0; text.length < 2_000_000; index += 1) text += `${line(index)}\n`;
  const block = Buffer.from(text);
  const all = Buffer.concat(Array.from({ length: Math.ceil(BYTES / block.length) }, () => block));
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < all.length; at += CHUNK) chunks.push(all.subarray(at, at + CHUNK));
  return chunks;
}

const rows: string[][] = [];
for (const [name, line] of LOGS) {
  const chunks = chunksOf(line);
  const counts = [0, 0, 0];
  const [alone = NaN, clean = NaN, both = NaN] = await compare(
    [
      {
        name: 'lines',
        async run() {
          const splitter = new LineSplitter();
          counts[0] = 0;
          return processorTime(() => {
            for (const chunk of chunks) counts[0] = (counts[0] ?? 0) + splitter.push(chunk).length;
          });
        },
      },
      {
        name: 'lines without escapes',
        async run() {
          const splitter = new LineSplitter();
          const decoder = new Utf8Decoder();
          counts[1] = 0;
          let cut = '';
          return processorTime(() => {
            for (const chunk of chunks) {
              let text = cut === '' ? decoder.push(chunk) : cut + decoder.push(chunk);
              // An escape that is cut goes to the next chunk.
              const at = text.includes('\x1b') ? text.lastIndexOf('\x1b') : -1;
              cut = at === -1 || text.includes('m', at) ? '' : text.slice(at);
              if (cut !== '') text = text.slice(0, at);
              const lines = splitter.pushText(text);
              const kept = isOnlyColoured(text) ? lines : lines.map(colouredText);
              counts[1] = (counts[1] ?? 0) + kept.length;
            }
          });
        },
      },
      {
        name: 'lines and progress',
        async run() {
          let lines = 0;
          const output = createOutput({
            onLines: (more) => {
              lines += more.length;
            },
            onProgress: () => undefined,
          });
          const time = processorTime(() => {
            for (const chunk of chunks) output.push(chunk);
          });
          counts[2] = lines;
          await output.end();
          return time;
        },
      },
    ],
    ROUNDS,
  );
  if (Math.max(...counts) - Math.min(...counts) > 1) throw new Error(`lines: ${counts.join()}`);
  const ratio = both / alone;
  rows.push([
    name,
    duration(alone),
    duration(clean),
    duration(both),
    ratio.toFixed(2),
    (both / clean).toFixed(2),
    verdict(ratio <= 1.5, '<= 1.5 x alone'),
  ]);
}
printTable(
  `Splitting ${BYTES / 1e6} MB: processor time, median of ${ROUNDS} rounds`,
  ['log', 'lines alone', 'clean lines', 'with progress', 'x alone', 'x clean', 'target'],
  rows,
);

/** What 100,000 updates cost that come in a second, as a program that redraws its bar without a pause makes them. */
const UPDATES = 100_000;
const PARTS = 1000;
const BARS: readonly (readonly [name: string, update: (index: number) => string])[] = [
  [
    'a bar on its row',
    (index) =>
      `\rRender:  ${Math.floor(index / 1000)}%|####      | ${index}/100000 [00:01<00:02, 9.99it/s]`,
  ],
  ['a line each', (index) => `[${index}/100000] frame\n`],
  ['JSON lines', (index) => `{"progress": ${index / UPDATES}}\n`],
  [
    'two bars, by the cursor',
    (index) =>
      `\rone: ${Math.floor(index / 1000)}%|#| ${index}/100000 [00:01<00:02]\n\rtwo: ${Math.floor(index / 2000)}%|#| ${index}/200000 [00:01<00:02]\x1b[A`,
  ],
];
const floods: string[][] = [];
for (const [name, update] of BARS) {
  const updates = Array.from({ length: UPDATES }, (_, index) => update(index));
  const size = UPDATES / PARTS;
  const parts = Array.from({ length: PARTS }, (_, part) =>
    Buffer.from(updates.slice(part * size, part * size + size).join('')),
  );
  let facts = 0;
  let last: number | undefined;
  const output = createOutput({
    onLines: () => undefined,
    onProgress: ({ fraction }) => {
      facts += 1;
      last = fraction;
    },
  });
  const before = process.cpuUsage();
  const begin = performance.now();
  for (const [index, part] of parts.entries()) {
    output.push(part);
    // One part each millisecond.
    const early = index + 1 - (performance.now() - begin);
    await new Promise((resolve) => {
      if (early > 0) setTimeout(resolve, early);
      else setImmediate(resolve);
    });
  }
  await output.end();
  const { user, system } = process.cpuUsage(before);
  if ((last ?? 0) < 0.49) throw new Error(`${name}: the last update was not told: ${last}`);
  floods.push([
    name,
    duration((user + system) / 1000),
    String(facts),
    verdict(facts <= 250, '<= 250'),
  ]);
}
printTable(
  `${UPDATES} updates in ${PARTS} parts, one each ms`,
  ['updates', 'processor', 'facts', 'target'],
  floods,
);
