import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Network } from '../../../src/engines/separation/demucs/network.ts';
import { addWave, spectrogram } from '../../../src/engines/separation/demucs/spectrogram.ts';
import { modelStore } from '../../../src/models/store.ts';
import { makeSong, type Song, type Stereo, siSdr } from '../../support/song.ts';
import { difference, readSound, tone, writeSound } from '../../support/sounds.ts';
import { StepProcess } from '../speech/step-process.ts';

/** The weights are used here for what their licence allows: to find out whether they work. */
const ENVIRONMENT = { ...process.env, SLUICE_ACCEPT_LICENCES: 'htdemucs' };
const SEPARATE = join(import.meta.dirname, '../../../src/steps/separate.ts');
const LENGTH = 343_980;

let folder = '';
let song: Song;
let model = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-htdemucs-'));
  mkdirSync(join(folder, 'out'));
  song = await makeSong(11);
  model = (await modelStore(ENVIRONMENT).path('htdemucs')).path;
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('the spectra of a sound are the sound, but for the highest frequency', () => {
  const sound = tone(44_100, 1, 440);
  const length = sound.length;
  const wave = new Float32Array(2 * length);
  wave.set(sound);
  wave.set(tone(44_100, 1, 3000, 0.2), length);
  const back = new Float32Array(2 * length);
  addWave(spectrogram(wave, length), back, length);
  // Demucs leaves out the frames that begin before the sound or end behind it: its ends are not whole.
  for (const begin of [0, length]) {
    const [from, to] = [begin + 4096, begin + length - 4096];
    expect(difference(back.subarray(from, to), wave.subarray(from, to))).toBeLessThan(1e-5);
  }
});

test('the model in parts answers what it answers as a whole, and tells of its parts', async () => {
  const wave = new Float32Array(2 * LENGTH);
  for (const channel of [0, 1] as const) {
    wave.set(song.mix[channel].subarray(100_000, 100_000 + LENGTH), channel * LENGTH);
  }
  const inputs = [
    new Tensor('float32', wave, [1, 2, LENGTH]),
    new Tensor('float32', spectrogram(wave, LENGTH), [1, 4, 2048, 336]),
  ] as const;
  const network = await Network.load(model);
  const shares: number[] = [];
  const parts = await network.run(inputs, (share) => shares.push(share));
  await network.close();
  expect(shares.length).toBeGreaterThan(12);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);

  const session = await InferenceSession.create(model, {
    enableCpuMemArena: false,
    logSeverityLevel: 3,
  });
  const [first = '', second = ''] = session.inputNames;
  const whole = await session.run({ [first]: inputs[0], [second]: inputs[1] });
  for (const [index, name] of session.outputNames.entries()) {
    const [wanted, made] = [whole[name]?.data as Float32Array, parts[index]?.data as Float32Array];
    expect(made).toHaveLength(wanted.length);
    expect(difference(made, wanted)).toBeLessThan(1e-3);
  }
  await session.release();
}, 300_000);

test('a song comes apart, each stem far better than the mix', async () => {
  await writeSound(join(folder, 'song.wav'), 44_100, song.mix, { bits: 32 });
  const step = new StepProcess(SEPARATE, ENVIRONMENT);
  try {
    const output = join(folder, 'out') + sep;
    step.item('1', {
      file: join(folder, 'song.wav'),
      output,
      with: { engine: 'demucs', bits: 32 },
    });
    expect(await step.answer('1')).toMatchObject({
      type: 'done',
      engine: 'demucs',
      model: { name: 'htdemucs', sha256: expect.stringMatching(/^da9e5101/) },
      files: [{ stem: 'drums' }, { stem: 'bass' }, { stem: 'other' }, { stem: 'vocals' }],
    });
    for (const [name, wanted] of song.stems) {
      const { channels, sampleRate } = await readSound(join(output, `${name}.wav`));
      expect(sampleRate).toBe(44_100);
      const [left = song.mix[0], right = left] = channels;
      expect(left).toHaveLength(wanted[0].length);
      const made: Stereo = [left, right];
      expect(siSdr(made, wanted) - siSdr(song.mix, wanted), name).toBeGreaterThan(8);
    }
    const told = step.lines.filter((line) => line.type === 'progress');
    expect(told.map(({ fraction = 0 }) => fraction)).toEqual(
      told.map(({ fraction = 0 }) => fraction).toSorted((a, b) => a - b),
    );
    expect(told.filter(({ phase }) => phase === 'separating').length).toBeGreaterThan(24);

    // It is stopped in the middle of a window: a part of the model takes a moment.
    const lines = step.lines.length;
    step.item('2', {
      file: join(folder, 'song.wav'),
      output,
      with: { engine: 'demucs', format: 'mp3' },
    });
    await step.until(
      (line) => line.type === 'progress' && line.id === '2' && (line.fraction ?? 0) > 0.15,
    );
    step.send({ type: 'cancel', id: '2' });
    expect(await step.answer('2')).toMatchObject({ message: 'cancelled' });
    expect(
      step.lines
        .slice(lines)
        .some((line) => line.type === 'progress' && (line.fraction ?? 0) > 0.5),
    ).toBe(false);
    expect(peakOf(step.child.pid ?? 0)).toBeLessThan(2.5e9);
  } finally {
    step.child.kill('SIGKILL');
  }
}, 300_000);

test('the voice and the rest alone: the rest is the sum of the other stems', async () => {
  const step = new StepProcess(SEPARATE, ENVIRONMENT);
  const output = join(folder, 'two') + sep;
  mkdirSync(output);
  try {
    const options = { engine: 'demucs', stems: 'vocals', bits: 32 };
    step.item('1', { file: join(folder, 'song.wav'), output, with: options });
    expect(await step.answer('1')).toMatchObject({
      type: 'done',
      files: [{ stem: 'vocals' }, { stem: 'no_vocals' }],
    });
  } finally {
    step.child.kill('SIGKILL');
  }
  const stem = async (path: string): Promise<Float32Array> =>
    (await readSound(join(folder, path))).channels[0] ?? new Float32Array(0);
  const vocals = await stem('two/vocals.wav');
  expect(vocals.length).toBe(song.mix[0].length);
  expect(difference(vocals, await stem('out/vocals.wav'))).toBeLessThan(1e-5);
  const others = await Promise.all(
    ['drums', 'bass', 'other'].map((name) => stem(`out/${name}.wav`)),
  );
  const rest = Float32Array.from(vocals, (_, index) =>
    others.reduce((sum, samples) => sum + (samples[index] ?? 0), 0),
  );
  expect(difference(await stem('two/no_vocals.wav'), rest)).toBeLessThan(1e-5);
}, 300_000);

/** Bytes of memory that a process had at its peak. Linux. */
function peakOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}
