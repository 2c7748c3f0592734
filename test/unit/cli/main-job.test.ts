import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeSound } from '../../../src/engines/sound/decode.ts';
import { resample } from '../../../src/engines/sound/resample.ts';
import { transcribe } from '../../support/moonshine.ts';
import { makeWorkspace, ofType, sluice } from '../../support/sluice.ts';
import { wordErrorRate } from '../../support/word-errors.ts';

const BATCH = `
inputs: { lines: prompts.txt }
steps:
  - uses: write
    with: { engine: local, words: 25, seed: 1 }
    output: out/{index}.md
  - uses: speak
    with: { engine: kokoro, voice: af_heart }
output: out/{index}.mp3
concurrency: 2
`;

const PROMPTS = [
  'Describe a quiet morning by the sea.',
  'Explain what a clock is for.',
  'Describe how bread is baked.',
];

test('prompts become spoken MP3 files whose speech, transcribed, is the text that was written', async () => {
  const folder = makeWorkspace({ 'prompts.txt': PROMPTS.join('\n'), 'b.batch.yaml': BATCH });
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(0);
  const made = readdirSync(join(folder, 'out')).sort();
  expect(made).toEqual(['1.md', '1.mp3', '2.md', '2.mp3', '3.md', '3.mp3']);

  // Live: the first item's words come while the last one has not begun.
  const firstText = events.findIndex((event) => event.type === 'text' && event.item === 1);
  const lastStart = events.findIndex((event) => event.type === 'start' && event.item === 3);
  expect(firstText).toBeGreaterThan(0);
  expect(firstText).toBeLessThan(lastStart);
  const firstEnd = events.findIndex((event) => event.type === 'end');
  expect(firstEnd).toBeGreaterThan(0);
  expect(firstEnd).toBeLessThan(lastStart);
  expect(ofType(events, 'text').length).toBeGreaterThan(30);

  // Every file plays, and is as long as the event said.
  for (const { result } of ofType(events, 'result')) {
    if (result.mime !== 'audio/mpeg') continue;
    const bytes = readFileSync(join(folder, result.path));
    expect(bytes.subarray(0, 3).toString()).toBe('ID3');
    const { samples, sampleRate } = await decodeSound(bytes);
    expect(samples.length / sampleRate).toBeCloseTo(result.seconds ?? 0, 0);
  }

  const written = readFileSync(join(folder, 'out/1.md'), 'utf8');
  const sound = await decodeSound(readFileSync(join(folder, 'out/1.mp3')));
  const heard = await transcribe(resample(sound.samples, sound.sampleRate, 16_000));
  const rate = wordErrorRate(written, heard);
  console.log(
    `written: ${written.trim()}\nheard: ${heard}\nword error rate: ${(100 * rate).toFixed(1)} %`,
  );
  expect(rate).toBeLessThan(0.15);
}, 300_000);
