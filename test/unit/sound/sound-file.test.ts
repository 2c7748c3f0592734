import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSound } from '../../../src/engines/sound/decode.ts';
import { createSoundFile, SOUND_FORMATS, soundFormatOf } from '../../../src/engines/sound/file.ts';
import { trimSilence } from '../../../src/engines/sound/silence.ts';

const tags = { title: 'Épreuve ✓', track: '3/12', album: 'A run', software: 'Sluice' };
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-sound-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A tone of 440 Hz. */
function tone(sampleRate: number, seconds: number): Float32Array {
  return Float32Array.from(
    { length: sampleRate * seconds },
    (_, index) => 0.5 * Math.sin((2 * Math.PI * 440 * index) / sampleRate),
  );
}

function loudness(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

describe.each(SOUND_FORMATS)('%s', (format) => {
  it.each([8000, 16_000, 22_050, 24_000, 44_100])('comes back at %d Hz', async (sampleRate) => {
    const path = join(folder, `${sampleRate}.${format}`);
    const file = await createSoundFile(path, { format, sampleRate, tags });
    const samples = tone(sampleRate, 2);
    for (let at = 0; at < samples.length; at += 5000) {
      await file.write(samples.subarray(at, at + 5000));
    }
    await file.pause(500);
    const result = await file.close();
    expect(result.seconds).toBeCloseTo(2.5, 3);
    expect(result.bytes).toBe((await stat(path)).size);

    const bytes = await readFile(path);
    const decoded = await decodeSound(bytes);
    // MP3 has the delay of its encoder at both ends, of three frames at most.
    const slack = format === 'mp3' ? 1728 / sampleRate : 0.001;
    const seconds = decoded.samples.length / decoded.sampleRate;
    expect(Math.abs(seconds - 2.5)).toBeLessThanOrEqual(slack);
    const middle = decoded.samples.subarray(decoded.sampleRate / 2, decoded.sampleRate);
    expect(loudness(middle)).toBeGreaterThan(0.33);
    expect(loudness(middle)).toBeLessThan(0.37);
    expect(loudness(decoded.samples.subarray(decoded.sampleRate * 2.25))).toBeLessThan(0.01);
  });

  it('has its tags', async () => {
    const path = join(folder, `tags.${format}`);
    const file = await createSoundFile(path, { format, sampleRate: 24_000, tags });
    await file.write(tone(24_000, 1));
    await file.close();
    const text = (await readFile(path)).subarray(0, 8000).toString('utf8');
    for (const value of Object.values(tags)) expect(text).toContain(value);
    const names = { mp3: 'TIT2', wav: 'INAM', ogg: 'TITLE=', flac: 'TITLE=' };
    expect(text).toContain(names[format]);
  });

  it('is written as it comes', async () => {
    const path = join(folder, `stream.${format}`);
    const file = await createSoundFile(path, { format, sampleRate: 24_000 });
    const sizes: number[] = [];
    for (let second = 0; second < 6; second++) {
      await file.write(tone(24_000, 1));
      sizes.push((await stat(path)).size);
    }
    await file.close();
    expect(sizes[5]).toBeGreaterThan((sizes[1] ?? 0) * 2);
  });

  it('may be empty', async () => {
    const file = await createSoundFile(join(folder, `empty.${format}`), {
      format,
      sampleRate: 24_000,
    });
    expect((await file.close()).seconds).toBe(0);
  });

  it('goes away when it is discarded', async () => {
    const path = join(folder, `gone.${format}`);
    const file = await createSoundFile(path, { format, sampleRate: 24_000 });
    await file.write(tone(24_000, 1));
    await file.discard();
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });
});

it('says how many samples a FLAC file has', async () => {
  const path = join(folder, 'count.flac');
  const file = await createSoundFile(path, { format: 'flac', sampleRate: 24_000 });
  await file.write(tone(24_000, 1));
  await file.close();
  expect((await readFile(path)).readUInt32BE(22)).toBe(24_000);
});

it('refuses an ending and a bit rate that it does not know', async () => {
  expect(soundFormatOf('a/B.MP3')).toBe('mp3');
  expect(() => soundFormatOf('a.aac')).toThrow('cannot write sound as .aac');
  expect(() => soundFormatOf('a')).toThrow('a file without ending');
  const options = { format: 'mp3', sampleRate: 24_000, bitrate: 65 } as const;
  await expect(createSoundFile(join(folder, 'x.mp3'), options)).rejects.toThrow('65 kbit/s');
});

describe('decodeSound', () => {
  it('mixes channels and takes a WAV file whose length is unknown', async () => {
    const header = Buffer.from(
      '52494646ffffffff57415645666d74201000000001000200401f0000007d00000400100064617461ffffffff',
      'hex',
    );
    const frames = Buffer.alloc(8);
    frames.writeInt16LE(16384, 0);
    frames.writeInt16LE(0, 2);
    frames.writeInt16LE(-16384, 4);
    frames.writeInt16LE(-16384, 6);
    const { samples, sampleRate } = await decodeSound(Buffer.concat([header, frames]));
    expect([...samples]).toEqual([0.25, -0.5]);
    expect(sampleRate).toBe(8000);
  });

  it.each([
    ['nothing', ''],
    ['a web page', '<!doctype html><p>Not Found'],
    ['a cut WAV file', 'RIFF\0\0\0\0WAVEfmt '],
  ])('refuses %s', async (_, bytes) => {
    await expect(decodeSound(Buffer.from(bytes))).rejects.toThrow(/sound/);
  });
});

it('trims silence at both ends, but for a margin', () => {
  const samples = new Float32Array(1000);
  samples.fill(0.5, 400, 500);
  expect(trimSilence(samples, 1000, 0.01, 0.05)).toHaveLength(200);
  expect(trimSilence(new Float32Array(10), 1000)).toHaveLength(0);
});
