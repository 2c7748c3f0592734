import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openSound } from '../../../src/engines/sound/input.ts';
import { WavReader } from '../../../src/engines/sound/wav-reader.ts';
import {
  concatenated,
  difference,
  loudness,
  readSound,
  tone,
  writeSound,
} from '../../support/sounds.ts';

const { signal } = new AbortController();
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-input-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const place = (name: string): string => join(folder, name);

describe.each(['wav', 'flac', 'mp3', 'ogg'])('%s', (ending) => {
  test.each([
    [8000, 1],
    [22_050, 2],
    [44_100, 2],
    [48_000, 2],
  ])('is read as it comes, at %d Hz with %d channels', async (sampleRate, count) => {
    const path = place(`${sampleRate}-${count}.${ending}`);
    const sounds = [tone(sampleRate, 3, 440), tone(sampleRate, 3, 660, 0.25)].slice(0, count);
    await writeSound(path, sampleRate, sounds, { bitrate: 256 });
    const read = await readSound(path);
    expect(read.sampleRate).toBe(sampleRate);
    expect(read.channels).toHaveLength(count);
    const slack = ending === 'mp3' ? 3 * 1152 : 0;
    for (const [channel, wanted] of sounds.entries()) {
      const made = read.channels[channel] ?? new Float32Array(0);
      expect(Math.abs(made.length - wanted.length)).toBeLessThanOrEqual(slack);
      const [begin, end] = [sampleRate, 2 * sampleRate];
      const level = loudness(wanted.subarray(begin, end));
      expect(Math.abs(loudness(made.subarray(begin, end)) / level - 1)).toBeLessThan(0.02);
      if (ending === 'wav' || ending === 'flac')
        expect(difference(made, wanted)).toBeLessThan(4e-5);
    }
    expect(read.fractions.length).toBeGreaterThan(0);
    expect(read.fractions).toEqual(read.fractions.toSorted((a, b) => a - b));
    expect(read.fractions.at(-1)).toBeCloseTo(1, 1);
  });
});

test.each([16, 24, 32] as const)(
  'a WAV file of %d bits comes back to the last of them',
  async (bits) => {
    const path = place(`${bits}.wav`);
    const wanted = [tone(8000, 1, 440, 1), tone(8000, 1, 100, 0.001)];
    await writeSound(path, 8000, wanted, { bits });
    const { channels } = await readSound(path);
    const step = bits === 32 ? 0 : 1 / 2 ** (bits - 1);
    for (const [channel, samples] of wanted.entries()) {
      expect(difference(channels[channel] ?? samples.subarray(0, 0), samples)).toBeLessThanOrEqual(
        step,
      );
    }
    // What was read is written again as it is.
    await writeSound(place('again.wav'), 8000, channels, { bits });
    expect(readFileSync(place('again.wav')).equals(readFileSync(path))).toBe(true);
  },
);

test('a WAV file is read the same however it is cut', async () => {
  const path = place('cut.wav');
  await writeSound(path, 8000, [tone(8000, 0.2), tone(8000, 0.2, 200)], {
    bits: 24,
    tags: { title: 'A title', album: 'odd' },
  });
  const bytes = readFileSync(path);
  const whole = new WavReader().push(bytes);
  fc.assert(
    fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 9 }), (places) => {
      const reader = new WavReader();
      const cuts = [0, ...places.toSorted((a, b) => a - b), bytes.length];
      const blocks = cuts
        .slice(1)
        .map((end, index) => reader.push(bytes.subarray(cuts[index], end)));
      for (const channel of [0, 1]) {
        const read = concatenated(blocks.map((block) => block?.[channel] ?? new Float32Array(0)));
        expect(read).toEqual(whole?.[channel]);
      }
    }),
  );
});

describe('what the decoders do not read', () => {
  const before = process.env['PATH'];
  afterEach(() => {
    process.env['PATH'] = before;
  });

  test('is read by ffmpeg, with its rate and its channels', async () => {
    await writeSound(place('m.wav'), 22_050, [tone(22_050, 3), tone(22_050, 3, 660)]);
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-i',
      place('m.wav'),
      '-b:a',
      '128k',
      place('m.m4a'),
    ]);
    const read = await readSound(place('m.m4a'));
    expect(read.sampleRate).toBe(22_050);
    expect(read.channels).toHaveLength(2);
    expect(loudness(read.channels[0]?.subarray(22_050, 44_100) ?? new Float32Array(1))).toBeCloseTo(
      0.354,
      1,
    );
    expect(read.fractions.at(-1)).toBeGreaterThan(0.9);
  });

  test('is refused with what to do where there is no ffmpeg', async () => {
    writeFileSync(place('m2.m4a'), 'no sound');
    process.env['PATH'] = folder;
    await expect(openSound(place('m2.m4a'), signal)).rejects.toMatchObject({
      message: expect.stringContaining(
        'm2.m4a is no WAV, MP3, FLAC or Ogg file. The program ffmpeg was not found',
      ),
      hint: expect.stringContaining('install it'),
      retry: false,
    });
  });

  test('is refused with what ffmpeg says of it', async () => {
    writeFileSync(place('page.m4a'), '<!doctype html><p>Not Found');
    await expect(openSound(place('page.m4a'), signal)).rejects.toMatchObject({
      message: expect.stringMatching(/^ffmpeg cannot read page\.m4a: .*Invalid data/),
    });
  });

  test('gets nothing from the network, however it asks', async () => {
    writeFileSync(
      place('list.m3u8'),
      '#EXTM3U\n#EXTINF:5,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n',
    );
    await expect(openSound(place('list.m3u8'), signal)).rejects.toThrow(
      /ffmpeg cannot read list\.m3u8/,
    );
  });
});

describe('broken files', () => {
  test.each([
    ['empty.wav', '', 'empty.wav is empty'],
    ['header.wav', 'RIFF\0\0\0\0WAVEfmt ', 'header.wav has no sound that can be read'],
    ['no.flac', 'fLaC, it says', 'no.flac has no sound that can be read'],
    ['no.ogg', `OggS${'x'.repeat(500)}`, 'no.ogg has no sound that can be read'],
    ['no.mp3', `ID3${'x'.repeat(500)}`, 'no.mp3 has no sound that can be read'],
  ])('%s is refused in words', async (name, text, message) => {
    writeFileSync(place(name), text);
    await expect(openSound(place(name), signal)).rejects.toMatchObject({ message, retry: false });
  });

  test('a header that says what cannot be', async () => {
    await writeSound(place('header.wav'), 8000, [tone(8000, 1)]);
    const bytes = readFileSync(place('header.wav'));
    bytes.writeUInt32LE(0xfffffff0, 24);
    writeFileSync(place('fast.wav'), bytes);
    await expect(openSound(place('fast.wav'), signal)).rejects.toThrow(
      'fast.wav says that it has a sample rate of 4294967280 Hz',
    );
    bytes.writeUInt16LE(0xffff, 22);
    writeFileSync(place('many.wav'), bytes);
    await expect(openSound(place('many.wav'), signal)).rejects.toThrow('no sound that can be read');
  });

  test('a file that is not there, and a folder', async () => {
    await expect(openSound(place('none.wav'), signal)).rejects.toThrow(
      /cannot read .*none\.wav: there is no such file/,
    );
    await expect(openSound(folder, signal)).rejects.toThrow(/is no file/);
  });

  test('a file that was cut is read as far as it goes', async () => {
    await writeSound(place('half.wav'), 8000, [tone(8000, 2)]);
    truncateSync(place('half.wav'), 16_044);
    const { channels } = await readSound(place('half.wav'));
    expect(channels[0]?.length).toBeGreaterThan(7900);
    expect(channels[0]?.length).toBeLessThan(8001);
  });
});

test('reading ends when it is cancelled', async () => {
  await writeSound(place('long.wav'), 44_100, [tone(44_100, 20)]);
  const controller = new AbortController();
  const input = await openSound(place('long.wav'), controller.signal);
  const blocks = input.blocks();
  await blocks.next();
  controller.abort();
  await expect(
    (async () => {
      for await (const _ of blocks);
    })(),
  ).rejects.toThrow(/abort/i);
});

test('the end of a FLAC file is not lost, whoever wrote it', async () => {
  for (const [index, seconds] of [0.3, 1.111, 2.5, 3.99].entries()) {
    const [ours, theirs] = [place(`ours-${index}.flac`), place(`theirs-${index}.flac`)];
    const sound = tone(44_100, seconds, 200 + 100 * index);
    await writeSound(ours, 44_100, [sound, sound], { bits: 24, tags: { title: 'x'.repeat(3000) } });
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', ours, '-c:a', 'flac', theirs]);
    for (const path of [ours, theirs]) {
      const { channels } = await readSound(path);
      expect(channels.map(({ length }) => length)).toEqual([sound.length, sound.length]);
      expect(difference(channels[1] ?? sound.subarray(0, 0), sound)).toBeLessThan(1e-6);
    }
  }
});

test('a WAV file with samples of another kind is read by ffmpeg', async () => {
  await writeSound(place('pcm.wav'), 22_050, [tone(22_050, 1)]);
  const coded = ['-c:a', 'adpcm_ms', place('adpcm.wav')];
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', place('pcm.wav'), ...coded]);
  const { channels, sampleRate } = await readSound(place('adpcm.wav'));
  expect(sampleRate).toBe(22_050);
  expect(loudness(channels[0] ?? new Float32Array(1))).toBeCloseTo(0.354, 2);
});
