/**
 * What `spectral` takes of memory and time for recordings of 1, 10 and 60 minutes: a song that a script makes, again
 * and again. `MINUTES` is the longest.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSoundFile } from '../src/engines/sound/file.ts';
import { makeSong } from '../test/support/song.ts';
import { separate } from './lib/stems.ts';
import { duration, printTable, verdict } from './lib/table.ts';

const LONGEST = Number(process.env['MINUTES'] ?? 60);
/**
 * Bytes by which a long one may take more than the shortest: garbage that V8 has not collected yet. 60 minutes
 * are 1.27 GB as floats.
 */
const GROWTH = 100e6;

const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
try {
  const { mix, sampleRate } = await makeSong(60);
  const file = await createSoundFile(join(folder, '1.wav'), {
    format: 'wav',
    sampleRate,
    channels: 2,
  });
  await file.write(...mix);
  await file.close();
  const rows: string[][] = [];
  let shortest = 0;
  for (const minutes of [1, 10, LONGEST]) {
    const name = `${minutes}.wav`;
    if (minutes > 1) {
      const again = [
        '-stream_loop',
        String(minutes - 1),
        '-i',
        join(folder, '1.wav'),
        '-c',
        'copy',
      ];
      execFileSync('ffmpeg', ['-v', 'error', '-y', ...again, join(folder, name)]);
    }
    const { took, memory } = await separate(folder, name, 'engine: spectral');
    shortest ||= memory;
    rows.push([
      `${minutes} min`,
      duration(took),
      `${((minutes * 60_000) / took).toFixed(0)} x`,
      `${(memory / 1e6).toFixed(0)} MB`,
      verdict(memory - shortest <= GROWTH, 'at most 100 MB more than the first'),
    ]);
  }
  printTable(
    'Memory of `spectral`, 44.1 kHz stereo into WAV',
    ['', 'time', 'speed', 'memory', ''],
    rows,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
