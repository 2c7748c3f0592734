import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decodeSound } from '../../../src/engines/sound/decode.ts';
import { withSoftEdges } from '../../../src/engines/sound/edges.ts';
import { resample } from '../../../src/engines/sound/resample.ts';
import { transcribe } from '../../support/moonshine.ts';
import { wordErrorRate } from '../../support/word-errors.ts';
import { StepProcess } from './step-process.ts';

const SPEAK = join(import.meta.dirname, '../../../src/steps/speak.ts');
const TEXT = `# Bread

Bread is one of the oldest kinds of food, and it is made of very few things. Flour, water, salt and
a little yeast are enough.

The yeast eats the sugar in the flour. It gives off a gas, and the gas makes the dough rise. Then
the dough goes into a hot oven, where it turns into bread.
`;
const SAID = TEXT.replace('#', '');

/** What counts as silence, as where sounds are trimmed; seconds that trimming leaves at each end. */
const QUIET = 0.004;
const MARGIN = 0.03;

let folder = '';
let step: StepProcess;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-joined-'));
  step = new StepProcess(SPEAK);
});
afterEach(async () => {
  step.child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

interface Part {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

test.each(['kokoro', 'flite'])(
  'chunks of %s are joined without a gap or a click',
  async (engine) => {
    const output = join(folder, 'joined.wav');
    step.item('1', { stream: true, output, with: { engine, timings: true } });
    for (let at = 0; at < TEXT.length; at += 7) {
      step.send({ type: 'piece', id: '1', piece: at / 7 + 1, text: TEXT.slice(at, at + 7) });
    }
    step.send({ type: 'end', id: '1' });
    expect(await step.answer('1')).toMatchObject({
      type: 'done',
      beside: ['joined.vtt', 'joined.json'],
    });
    const { samples, sampleRate: rate } = await decodeSound(await readFile(output));
    const { chunks } = JSON.parse(await readFile(join(folder, 'joined.json'), 'utf8')) as {
      chunks: Part[];
    };
    expect(chunks.map(({ text }) => text).join('')).toBe(
      TEXT.slice(0, chunks.map(({ text }) => text).join('').length),
    );
    expect(chunks.length).toBeGreaterThan(5);
    expect(samples.length / rate).toBeCloseTo(chunks.at(-1)?.end ?? 0, 3);

    const within = (from: number, to: number): Float32Array =>
      samples.subarray(Math.round(from * rate), Math.round(to * rate));
    for (const [index, { start, end }] of chunks.entries()) {
      // A step from one sample to the next where the chunk begins and ends, and the largest in its speech.
      const own = largestStep(within(start, end));
      expect(largestStep(within(start - 0.002, start + 0.005))).toBeLessThanOrEqual(own);
      expect(largestStep(within(end - 0.005, end + 0.002))).toBeLessThanOrEqual(own);
      expect(largestStep(within(start - 0.001, start + 1 / rate))).toBeLessThan(2 * QUIET);
      expect(largestStep(within(end - 1 / rate, end + 0.001))).toBeLessThan(2 * QUIET);
      // Silence around the joint: the pause that is meant, and what trimming has left.
      const next = chunks[index + 1]?.start;
      if (next === undefined) continue;
      const pause = next - end;
      expect(pause).toBeLessThan(0.75);
      expect(silenceAround(samples, rate, (end + next) / 2)).toBeLessThan(
        pause + 2 * MARGIN + 0.02,
      );
    }

    // Each chunk's own file is what the whole has in its place.
    const sounds = step.lines.filter((line) => line.type === 'sound');
    expect(sounds).toHaveLength(chunks.length);
    for (const { file, start, end } of sounds) {
      const alone = await decodeSound(await readFile(file));
      expect(alone.samples).toEqual(within(start, end));
    }

    const heard = await transcribe(resample(samples, rate, 16_000));
    const error = wordErrorRate(SAID, heard);
    console.log(`${engine}: word error rate ${(100 * error).toFixed(1)} %: ${heard}`);
    expect(error).toBeLessThan(engine === 'kokoro' ? 0.08 : 0.2);
  },
  300_000,
);

test('sounds that begin and end loudly are faded, and others left alone', () => {
  const loud = new Float32Array(1000).fill(0.5);
  const soft = withSoftEdges(loud, 8000);
  expect([soft[0], soft[20], soft[500], soft.at(-21), soft.at(-1)]).toEqual([
    0, 0.25, 0.5, 0.25, 0,
  ]);
  const quiet = Float32Array.from(loud, (_, index) => Math.sin((Math.PI * index) / 999));
  expect(withSoftEdges(quiet, 8000)).toBe(quiet);
});

function largestStep(samples: Float32Array): number {
  let largest = 0;
  for (let at = 1; at < samples.length; at += 1) {
    largest = Math.max(largest, Math.abs((samples[at] ?? 0) - (samples[at - 1] ?? 0)));
  }
  return largest;
}

/** Seconds of silence around a place. */
function silenceAround(samples: Float32Array, rate: number, place: number): number {
  const quiet = (at: number): boolean => Math.abs(samples[at] ?? 1) <= QUIET;
  let from = Math.round(place * rate);
  let to = from;
  while (quiet(from - 1)) from -= 1;
  while (quiet(to)) to += 1;
  return (to - from) / rate;
}
