/** Cutting a text into sentences while it is being written: how well, how late, at what cost. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import model from 'wink-eng-lite-web-model';
import winkNLP from 'wink-nlp';
import { type Chunk, createChunker } from '../src/engines/language/chunker/chunker.ts';
import { compare } from './lib/rounds.ts';
import { printTable, quantile, verdict } from './lib/table.ts';

const LANGUAGES = ['en', 'fr', 'es', 'de', 'zh'];
const ROUNDS = 5;
const folder = join(import.meta.dirname, '../test/unit/language');
const lesson = readFileSync(join(folder, 'lesson.md'), 'utf8');
const wink = winkNLP(model, ['sbd']);

interface Rule {
  readonly text: string;
  readonly sentences: readonly string[];
}

/** What cuts a whole text, by name. */
const SPLITTERS: Readonly<Record<string, (text: string, language: string) => string[]>> = {
  sluice(text, language) {
    const chunker = createChunker({ markdown: false, language, longest: 5000 });
    return [...chunker.push(text), ...chunker.end()].map((chunk) => chunk.text);
  },
  intl: segment,
  wink: (text) => wink.readDoc(text).sentences().out(),
};

function segment(text: string, language: string): string[] {
  const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

function right(rules: readonly Rule[], split: (text: string) => string[]): number {
  return rules.filter(({ text, sentences }) => {
    const found = split(text).map((sentence) => sentence.trim());
    return isDeepStrictEqual(
      found.filter((sentence) => sentence !== ''),
      sentences,
    );
  }).length;
}

function benchRules(): void {
  const rows = LANGUAGES.map((language) => {
    const file = readFileSync(join(folder, 'golden', `${language}.json`), 'utf8');
    const rules: readonly Rule[] = JSON.parse(file);
    const scores = Object.values(SPLITTERS).map((split) =>
      right(rules, (text) => split(text, language)),
    );
    const met = language === 'en' ? verdict((scores[0] ?? 0) >= 47, '>= 47') : '';
    return [language, String(rules.length), ...scores.map(String), met];
  });
  printTable(
    'Golden rules of pySBD that are kept',
    ['language', 'rules', 'Sluice', 'Intl.Segmenter', 'wink-nlp', 'target'],
    rows,
  );
}

/** How many characters behind the end of a chunk it comes out, when they come one by one. */
function benchDelay(): void {
  const chunker = createChunker({ markdown: true });
  const delays = new Map<Chunk['ends'], number[]>();
  for (const [index, character] of [...lesson].entries()) {
    for (const { ends, start, text } of chunker.push(character)) {
      const delay = index + 1 - (start + text.trimEnd().length);
      delays.set(ends, [...(delays.get(ends) ?? []), delay]);
    }
  }
  const rows = [...delays].map(([ends, values]) => {
    const median = quantile(values, 0.5);
    const most = quantile(values, 1);
    return [
      ends,
      ...[values.length, median, quantile(values, 0.95), most].map(String),
      verdict(median <= 2, '<= 2'),
    ];
  });
  printTable(
    'Characters from the end of a chunk until it comes out, one character at a time',
    ['end of a', 'chunks', 'median', 'p95', 'most', 'target'],
    rows,
  );
}

function chunkByCharacters(text: string): number {
  const chunker = createChunker({ markdown: true });
  let chunks = 0;
  for (const character of text) chunks += chunker.push(character).length;
  return chunks + chunker.end().length;
}

/** What one does without a chunker: cut again what has come, at each character. */
function segmentByCharacters(text: string): number {
  const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
  let pending = '';
  let sentences = 0;
  for (const character of text) {
    pending += character;
    const [first, ...rest] = Array.from(segmenter.segment(pending), (part) => part.segment);
    if (first === undefined || rest.length === 0) continue;
    pending = rest.join('');
    sentences += 1;
  }
  return sentences;
}

async function benchCost(): Promise<void> {
  const rows: string[][] = [];
  let shortest = NaN;
  for (const times of [1, 10, 100]) {
    const text = `${lesson}\n`.repeat(times);
    const busy = (work: (text: string) => number) => async () => {
      const begin = process.cpuUsage();
      if (work(text) === 0) throw new Error('nothing was cut');
      const { user, system } = process.cpuUsage(begin);
      return (user + system) / 1000;
    };
    const [ours = NaN, again = NaN] = await compare(
      [
        { name: 'chunker', run: busy(chunkByCharacters) },
        { name: 'segmenting again', run: busy(segmentByCharacters) },
      ],
      ROUNDS,
    );
    const each = (ms: number) => (1000 * ms) / text.length;
    if (times === 1) shortest = each(ours);
    const growth = each(ours) / shortest;
    rows.push([
      String(text.length),
      `${each(ours).toFixed(1)} µs`,
      `${each(again).toFixed(1)} µs`,
      times === 1 ? '' : verdict(growth <= 1.5, `<= 1.5 x, ${growth.toFixed(2)}`),
    ]);
  }
  printTable(
    `Time of the processor for each character, one at a time, median of ${ROUNDS} rounds`,
    ['characters', 'Sluice', 'Intl.Segmenter again and again', 'target'],
    rows,
  );
}

benchRules();
benchDelay();
await benchCost();
