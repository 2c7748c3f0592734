import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FromStep } from '../../../src/protocol/step.ts';
import { clicks, difference, loudness, readSound, tone, writeSound } from '../../support/sounds.ts';
import { StepProcess } from '../speech/step-process.ts';

const SEPARATE = join(import.meta.dirname, '../../../src/steps/separate.ts');

let folder = '';
let step: StepProcess;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-separate-'));
  mkdirSync(join(folder, 'out'));
  // Nothing is accepted, and nothing is there.
  step = new StepProcess(SEPARATE, { ...process.env, SLUICE_MODELS: join(folder, 'models') });
});
afterEach(() => {
  step.child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const place = (name: string): string => join(folder, name);

/** A song of a tone and clicks, with these channels. */
async function song(name: string, sampleRate: number, channels: number, seconds = 3) {
  const struck = clicks(sampleRate, seconds);
  const sounds = Array.from({ length: channels }, (_, channel) =>
    tone(sampleRate, seconds, 330 * (channel + 1), 0.3).map(
      (sample, at) => 0.9 * (sample + (struck[at] ?? 0) / 2),
    ),
  );
  await writeSound(place(name), sampleRate, sounds, { bitrate: 256 });
  return sounds;
}

async function separate(id: string, file: string, options: Record<string, unknown> = {}) {
  step.item(id, {
    file: place(file),
    output: place('out') + sep,
    with: { engine: 'spectral', ...options },
  });
  return step.answer(id);
}

const progress = (): Extract<FromStep, { type: 'progress' }>[] =>
  step.lines.filter((line) => line.type === 'progress');

test.each([
  ['song.wav', 22_050, 1, 'wav'],
  ['song.wav', 44_100, 2, 'flac'],
  ['song.flac', 48_000, 2, 'wav'],
  ['song.flac', 44_100, 1, 'mp3'],
  ['song.mp3', 44_100, 2, 'ogg'],
  ['song.mp3', 22_050, 1, 'mp3'],
  ['song.ogg', 48_000, 2, 'mp3'],
])(
  'the stems of a %s of %d Hz and %d channels, as %s, keep both and the level',
  async (name, rate, channels, format) => {
    const sounds = await song(name, rate, channels);
    const seconds = (await readSound(place(name))).channels[0]?.length ?? 0;
    expect(await separate('1', name, { format })).toEqual({
      type: 'done',
      id: '1',
      file: true,
      engine: 'spectral',
      files: ['harmonic', 'percussive'].map((stem) => ({
        name: `${stem}.${format}`,
        stem,
        mime: { wav: 'audio/wav', flac: 'audio/flac', mp3: 'audio/mpeg', ogg: 'audio/ogg' }[format],
        seconds: seconds / rate,
        peaks: expect.stringMatching(/^[\w+/]{1067}=$/),
      })),
    });
    const made = await Promise.all(
      ['harmonic', 'percussive'].map((stem) => readSound(place(`out/${stem}.${format}`))),
    );
    for (const stem of made) {
      expect(stem.sampleRate).toBe(rate);
      expect(stem.channels).toHaveLength(channels);
    }
    const [begin, end] = [rate, 2 * rate];
    for (const [channel, samples] of sounds.entries()) {
      const [one, two] = made.map(
        (stem) => stem.channels[channel]?.subarray(begin, end) ?? new Float32Array(0),
      );
      const sum = one?.map((sample, at) => sample + (two?.[at] ?? 0)) ?? new Float32Array(1);
      const level = loudness(samples.subarray(begin, end));
      expect(Math.abs(loudness(sum) / level - 1)).toBeLessThan(0.03);
    }
  },
);

test('floats add up to the recording, and hold what is louder than full scale', async () => {
  const loud = tone(44_100, 2, 440, 0.99);
  const struck = clicks(44_100, 2).map((sample) => -sample);
  const sounds = [
    loud.map((sample, at) => Math.max(-1, Math.min(0.999, sample + (struck[at] ?? 0)))),
  ];
  await writeSound(place('song.wav'), 44_100, sounds);
  expect(await separate('1', 'song.wav', { bits: 32 })).toMatchObject({ type: 'done' });
  const [recording, harmonic, percussive] = await Promise.all(
    ['song.wav', 'out/harmonic.wav', 'out/percussive.wav'].map(
      async (name) => (await readSound(place(name))).channels[0],
    ),
  );
  const sum = harmonic?.map((sample, at) => sample + (percussive?.[at] ?? 0)) ?? loud;
  expect(difference(sum, recording ?? loud)).toBeLessThanOrEqual(2 ** -23);
  expect(step.lines.filter((line) => line.type === 'log' && line.text.includes('clipped'))).toEqual(
    [],
  );

  expect(await separate('2', 'song.wav', { bits: 16 })).toMatchObject({ type: 'done' });
  await step.until(
    (line) => line.type === 'log' && /\d+ samples are louder .* `bits: 32`/.test(line.text),
  );
});

test('says how far it is: loading to 10 %, separating to 95, saving to the end', async () => {
  await song('song.wav', 44_100, 2, 12);
  await separate('1', 'song.wav');
  const told = progress();
  const fractions = told.map(({ fraction = Number.NaN }) => fraction);
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  const phases = ['loading', 'separating', 'saving'];
  expect([...new Set(told.map(({ phase }) => phase))]).toEqual(phases);
  const of = (phase: string): number[] =>
    told.filter((one) => one.phase === phase).map(({ fraction = Number.NaN }) => fraction);
  expect(of('loading')[0]).toBe(0);
  expect(of('separating')[0]).toBe(0.1);
  expect(of('separating').at(-1)).toBeCloseTo(0.95, 3);
  expect(of('saving').at(-1)).toBe(1);
  const percents = new Set(fractions.map((fraction) => Math.floor(fraction * 100 + 1e-9)));
  for (let percent = 10; percent <= 95; percent += 1) expect(percents).toContain(percent);
});

test('reads what ffmpeg reads', async () => {
  await song('song.wav', 44_100, 2);
  execFileSync('ffmpeg', ['-v', 'error', '-i', place('song.wav'), place('song.m4a')]);
  expect(await separate('1', 'song.m4a', { split: 'centre-side' })).toMatchObject({
    type: 'done',
    files: [{ stem: 'centre' }, { stem: 'side' }],
  });
});

test.each([
  ['a text', { text: 'a text' }, {}, 'there is no recording to separate'],
  ['a file that is no sound', { file: 'page.wav' }, {}, 'page.wav has no sound that can be read'],
  ['a file that is not there', { file: 'none.wav' }, {}, 'there is no such file'],
  ['six channels', { file: 'six.wav' }, {}, 'six.wav has 6 channels'],
  [
    'the sides of a mono recording',
    { file: 'mono.wav' },
    { split: 'centre-side' },
    'mono.wav is mono: it has no sides',
  ],
  [
    '32 bits of FLAC',
    { file: 'mono.wav' },
    { format: 'flac', bits: 32 },
    'FLAC has no samples of 32 bits',
  ],
  ['an option that is not there', { file: 'mono.wav' }, { stem: 'x' }, 'stem'],
])('refuses %s, and leaves no file', async (_, input, options, message) => {
  writeFileSync(place('page.wav'), 'RIFF....WAVE<!doctype html>');
  await song('mono.wav', 8000, 1, 1);
  execFileSync('ffmpeg', ['-v', 'error', '-i', place('mono.wav'), '-ac', '6', place('six.wav')]);
  const file = 'file' in input ? { file: place(input.file) } : input;
  step.item('1', { ...file, output: place('out') + sep, with: { engine: 'spectral', ...options } });
  expect(await step.answer('1')).toMatchObject({
    type: 'error',
    message: expect.stringContaining(message),
    retry: false,
  });
  expect(readdirSync(place('out'))).toEqual([]);
});

test('HT Demucs says how to accept its licence, and `auto` does without it', async () => {
  await song('song.wav', 8000, 1, 1);
  expect(await separate('1', 'song.wav', { engine: 'demucs' })).toMatchObject({
    type: 'error',
    message: expect.stringContaining('personal and research use only'),
    hint: expect.stringContaining('sluice models pull htdemucs --accept-licence'),
    retry: false,
  });
  expect(await separate('2', 'song.wav', { engine: 'auto' })).toMatchObject({ engine: 'spectral' });
  await step.until((line) => line.type === 'log' && line.text.includes('--accept-licence'));
});

test('a cancelled recording stops at once, without a file; the next one goes on', async () => {
  await song('long.wav', 44_100, 2, 200);
  await song('short.wav', 44_100, 2, 2);
  step.item('1', {
    file: place('long.wav'),
    output: place('out') + sep,
    with: { engine: 'spectral' },
  });
  await step.until((line) => line.type === 'progress' && (line.fraction ?? 0) > 0.12);
  expect(readdirSync(place('out'))).toHaveLength(2);
  step.send({ type: 'cancel', id: '1' });
  expect(await step.answer('1')).toMatchObject({ type: 'error', message: 'cancelled' });
  expect(progress().at(-1)?.fraction).toBeLessThan(0.8);
  expect(readdirSync(place('out'))).toEqual([]);
  expect(await separate('2', 'short.wav')).toMatchObject({ type: 'done' });
});

test('a long recording takes no more memory than a short one', async () => {
  await song('minute.wav', 22_050, 2, 60);
  expect(await separate('1', 'minute.wav')).toMatchObject({ type: 'done' });
  const short = peak();
  // Ten minutes: 106 MB as floats.
  const again = ['-stream_loop', '9', '-i', place('minute.wav'), '-c', 'copy', place('long.wav')];
  execFileSync('ffmpeg', ['-v', 'error', ...again]);
  expect(await separate('2', 'long.wav')).toMatchObject({ files: [{ seconds: 600 }, {}] });
  expect(peak() - short).toBeLessThan(60e6);
}, 300_000);

/** Bytes of memory that the step had at its peak. */
function peak(): number {
  const status = readFileSync(`/proc/${step.child.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) * 1024;
}
