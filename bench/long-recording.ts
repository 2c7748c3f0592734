/**
 * What `spectral` takes of memory and time for recordings of 1, 10 and 60 minutes: a song that a script makes, again
 * and again; and `transcribe` for a meeting of 5 minutes, one hour and three. `MINUTES` is the longest song, and a third of the
 * longest meeting. `ONLY=speech` measures the meeting alone.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSoundFile } from '../src/engines/sound/file.ts';
import { recordMeeting } from '../test/support/meeting.ts';
import { makeSong } from '../test/support/song.ts';
import { runStep, type Separation, separate } from './lib/stems.ts';
import { duration, printTable, verdict } from './lib/table.ts';

const LONGEST = Number(process.env['MINUTES'] ?? 60);
/**
 * Bytes by which a long one may take more than the shortest: garbage that V8 has not collected yet. 60 minutes
 * are 1.27 GB as floats.
 */
const GROWTH = 100e6;

const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
try {
  if (process.env['ONLY'] !== 'speech') await stems();
  await speech();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function stems(): Promise<void> {
  const { mix, sampleRate } = await makeSong(60);
  const file = await createSoundFile(join(folder, '1.wav'), {
    format: 'wav',
    sampleRate,
    channels: 2,
  });
  await file.write(...mix);
  await file.close();
  await measure('Memory of `spectral`, 44.1 kHz stereo into WAV', [1, 10, LONGEST], 1, (name) =>
    separate(folder, name, 'engine: spectral'),
  );
}

/** What hears is a program that knows what is said: the way there and back is measured, not its own memory. */
async function speech(): Promise<void> {
  const { path } = await recordMeeting('flite');
  const seconds = readSeconds(path);
  copyFileSync(path, join(folder, '1.wav'));
  // As many words as people say between two pauses.
  writeFileSync(
    join(folder, 'words.txt'),
    'They talk about the bridge, and about the road behind it.\n',
  );
  const command = JSON.stringify(['sed', '1q', join(folder, 'words.txt'), '{input}']);
  const options = `engine: command, language: en, command: ${command}`;
  await measure(
    'Memory of `transcribe` with a program, 16 kHz mono',
    [seconds / 60, 60, 3 * LONGEST],
    seconds / 60,
    (name) => runStep(folder, name, { uses: 'transcribe', options, output: 'out/transcript.json' }),
  );
}

/** Recordings of so many minutes, made of `1.wav` again and again, which lasts `once` minutes. */
async function measure(
  title: string,
  lengths: readonly number[],
  once: number,
  run: (name: string) => Promise<Separation>,
): Promise<void> {
  const rows: string[][] = [];
  let shortest = 0;
  for (const minutes of lengths) {
    const times = Math.round(minutes / once);
    const name = times > 1 ? 'long.wav' : '1.wav';
    if (times > 1) {
      const again = ['-stream_loop', String(times - 1), '-i', join(folder, '1.wav'), '-c', 'copy'];
      execFileSync('ffmpeg', ['-v', 'error', '-y', ...again, join(folder, name)]);
    }
    const { took, memory } = await run(name);
    shortest ||= memory;
    rows.push([
      `${minutes.toFixed(0)} min`,
      duration(took),
      `${((minutes * 60_000) / took).toFixed(0)} x`,
      `${(memory / 1e6).toFixed(0)} MB`,
      verdict(memory - shortest <= GROWTH, 'at most 100 MB more than the first'),
    ]);
  }
  printTable(title, ['', 'time', 'speed', 'memory', ''], rows);
}

/** Of a WAV file of 16 kHz, 16 bits and one channel. */
function readSeconds(path: string): number {
  return statSync(path).size / 32_000;
}
