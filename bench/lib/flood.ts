import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Flood {
  readonly file: string;
  readonly lines: number;
  readonly bytes: number;
  /** Removes the file. */
  dispose(): void;
}

const WORDS = 'the quick brown fox jumps over a lazy dog while rain falls on grey stones'.split(
  ' ',
);

function text(index: number): string {
  const first = WORDS[index % WORDS.length] ?? '';
  const second = WORDS[(index * 7) % WORDS.length] ?? '';
  return `${String(index).padStart(7, '0')} INFO worker: ${first} and then ${second}, as it was told to do`;
}

/** Lines as a server writes them, full of paths, shares and numbers, none of them progress. */
export function busyText(index: number): string {
  return `10.0.${index % 250}.7 GET /static/js/app.${index}.js HTTP/1.1 200 cpu=${index % 100}% 5/6/2024`;
}

/** Writes a file of so many lines, every one another, for `cat` to print at full speed. */
export function createFlood(lines: number, line: (index: number) => string = text): Flood {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const file = join(folder, 'flood.txt');
  const output = openSync(file, 'w');
  let bytes = 0;
  for (let index = 0; index < lines; ) {
    let block = '';
    for (const end = Math.min(lines, index + 10_000); index < end; index += 1) {
      block += `${line(index)}\n`;
    }
    bytes += writeSync(output, block);
  }
  closeSync(output);
  return { file, lines, bytes, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}
