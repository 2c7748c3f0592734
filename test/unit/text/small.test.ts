import { expect, test } from 'vitest';
import { retryAfterOf } from '../../../src/engines/endpoint/error.ts';
import { chooseText } from '../../../src/engines/text/preset.ts';
import { systemPrompt } from '../../../src/engines/text/prompt.ts';
import { Queue } from '../../../src/engines/text/queue.ts';
import { decodeUtf8 } from '../../../src/engines/text/utf8.ts';

test('auto means an endpoint when one is configured, and else the local model', () => {
  const auto = { engine: 'auto' } as const;
  const engine = (...given: Parameters<typeof chooseText>) => chooseText(...given).engine;
  expect(engine(auto, {})).toBe('local');
  expect(engine(auto, { OPENAI_API_KEY: 'k' })).toBe('openai');
  expect(engine(auto, { OPENAI_BASE_URL: 'http://h/v1' })).toBe('openai');
  expect(engine({ ...auto, baseUrl: 'http://h/v1' }, {})).toBe('openai');
  expect(engine({ ...auto, model: 'my/model.gguf' }, { OPENAI_API_KEY: 'k' })).toBe('local');
});

test('Retry-After is a number of seconds or a date', () => {
  const of = (value: string) => retryAfterOf(new Headers({ 'retry-after': value }), 0);
  expect(of('12')).toBe(12);
  expect(of('Thu, 01 Jan 1970 00:00:30 GMT')).toBe(30);
  expect(of('soon')).toBeUndefined();
});

test('the model is told words and language, or what the batch says', () => {
  expect(systemPrompt({ words: 80, language: 'fr' })).toMatch(/Write about 80 words in French\.$/);
  expect(systemPrompt({ words: 80 }, true)).toMatch(/^You are a narrator.*about 80 words\.$/);
  expect(systemPrompt({ language: 'x-none-1' })).toContain('x-none-1');
  expect(systemPrompt({ words: 80, system: 'Rhyme.' })).toBe('Rhyme.');
});

test('bytes that are no UTF-8 are named by line and column', () => {
  const good = Buffer.from('\ufeffgrün \ufffd\nzwei');
  expect(decodeUtf8(good, 'a.txt')).toBe('grün \ufffd\nzwei');
  const bad = Buffer.concat([good, Buffer.from(' 😀'), Buffer.from([0xe9]), Buffer.from(' x')]);
  expect(() => decodeUtf8(bad, 'a.txt')).toThrow('a.txt:2:7: not UTF-8 (byte 0xe9)');
});

test('a queue hands on what was pushed before and after reading began, and its failure', async () => {
  const queue = new Queue<number>();
  queue.push(1);
  setTimeout(() => queue.push(2), 5);
  setTimeout(() => queue.fail(new Error('broken')), 10);
  const read: number[] = [];
  const reading = (async () => {
    for await (const value of queue) read.push(value);
  })();
  await expect(reading).rejects.toThrow('broken');
  expect(read).toEqual([1, 2]);
});
