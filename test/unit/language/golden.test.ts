import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createChunker } from '../../../src/engines/language/chunker/chunker.ts';

interface Rule {
  readonly text: string;
  readonly sentences: readonly string[];
}

/** How many of the golden rules are kept, of how many; golden/NOTICE says whose they are. */
describe('golden rules of pySBD', () => {
  it.each([
    ['en', 48, 48],
    ['fr', 5, 5],
    ['es', 28, 29],
    ['de', 28, 30],
    ['zh', 2, 2],
  ])('%s: %d of %d', (language, kept, all) => {
    const file = readFileSync(join(import.meta.dirname, 'golden', `${language}.json`), 'utf8');
    const rules: readonly Rule[] = JSON.parse(file);
    const broken = rules.filter(({ text, sentences }) => {
      return !isDeepStrictEqual(split(text, language), sentences);
    });
    expect(rules).toHaveLength(all);
    expect(broken.length, broken.map(({ text }) => text).join('\n')).toBe(all - kept);
  });
});

function split(text: string, language: string): string[] {
  const chunker = createChunker({ markdown: false, language, longest: 5000 });
  const chunks = [...chunker.push(text), ...chunker.end()];
  return chunks.map((chunk) => chunk.text.trim()).filter((sentence) => sentence !== '');
}
