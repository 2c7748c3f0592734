/**
 * Stems of a song that a script makes from speech, drums, bass and strings (60 s), so that its true stems are known:
 * SI-SDR of HT Demucs beside that of `spectral` and that of the mix itself; time, memory, progress, and
 * what the history costs. HT Demucs is fetched (98 MB): its weights are for personal and research use.
 *
 * `SECONDS` makes the song shorter or longer.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createSoundFile } from '../src/engines/sound/file.ts';
import { WavReader } from '../src/engines/sound/wav-reader.ts';
import { History } from '../src/runner/history.ts';
import { makeSong, type Stereo, siSdr } from '../test/support/song.ts';
import { commitsIn, type Separation, separate } from './lib/stems.ts';
import { duration, printTable, verdict } from './lib/table.ts';

const SECONDS = Number(process.env['SECONDS'] ?? 60);
const STEMS = ['vocals', 'drums', 'bass', 'other'];
/** What of `spectral` comes nearest to each stem. */
const NEAREST: Readonly<Record<string, string>> = {
  vocals: 'centre',
  drums: 'percussive',
  bass: 'harmonic',
  other: 'side',
};

const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const load = (): string => loadavg()[0]?.toFixed(1) ?? '';

function read(name: string): Stereo {
  const channels = new WavReader().push(readFileSync(join(folder, 'out', `${name}.wav`))) ?? [];
  const [left = new Float32Array(0), right = left] = channels;
  return [left, right];
}

/** Stems that were made, by name. */
function stemsOf({ events }: Separation): Map<string, Stereo> {
  const names = events.flatMap((event) =>
    event.type === 'result' ? (event.result.stem ?? []) : [],
  );
  return new Map(names.map((name) => [name, read(name)]));
}

/** The whole percents from 10 to 95 that an update showed, and when the first update came. */
function progressOf({ events }: Separation): { percents: number; first: number } {
  const told = events.filter((event) => event.type === 'progress');
  const percents = new Set(
    told
      .map(({ progress }) => Math.floor((progress.fraction ?? 0) * 100 + 1e-9))
      .filter((percent) => percent >= 10 && percent <= 95),
  );
  const begun = events.find((event) => event.type === 'step')?.time ?? Number.NaN;
  return {
    percents: percents.size,
    first: (told[0]?.time ?? Number.NaN) - begun,
  };
}

try {
  const song = await makeSong(SECONDS);
  const { sampleRate, mix, stems } = song;
  const file = await createSoundFile(join(folder, 'song.wav'), {
    format: 'wav',
    sampleRate,
    channels: 2,
  });
  await file.write(...mix);
  await file.close();

  // Held open, so that its log of writes stays.
  mkdirSync(join(folder, '.sluice'));
  const path = join(folder, '.sluice/history.db');
  new History(path).close();
  const history = new DatabaseSync(path);
  history.exec('PRAGMA wal_autocheckpoint = 0');
  history.prepare('SELECT count(*) FROM runs').get();

  const spectral = new Map<string, Stereo>();
  const options = 'bits: 32, engine: spectral';
  const harmonic = await separate(folder, 'song.wav', `${options}, split: harmonic-percussive`);
  for (const [name, sound] of stemsOf(harmonic)) spectral.set(name, sound);
  const centre = await separate(folder, 'song.wav', `${options}, split: centre-side`);
  for (const [name, sound] of stemsOf(centre)) spectral.set(name, sound);
  // The first run fetches the weights.
  await separate(folder, 'song.wav', 'engine: demucs, bits: 32');
  const before = commitsIn(path);
  const busy = load();
  const demucs = await separate(folder, 'song.wav', 'engine: demucs, bits: 32');
  const commits = commitsIn(path) - before;
  history.close();
  const made = stemsOf(demucs);

  const decibels = (value: number): string => `${value.toFixed(1)} dB`;
  printTable(
    `SI-SDR of each stem, and what is gained over the mix itself (${SECONDS} s)`,
    ['', 'mix', 'spectral', 'as', 'gain', 'demucs', 'gain'],
    STEMS.map((name) => {
      const wanted = stems.get(name) ?? mix;
      const near = NEAREST[name] ?? '';
      const plain = siSdr(mix, wanted);
      const simple = siSdr(spectral.get(near) ?? mix, wanted);
      const learned = siSdr(made.get(name) ?? mix, wanted);
      return [
        name,
        decibels(plain),
        decibels(simple),
        near,
        decibels(simple - plain),
        decibels(learned),
        decibels(learned - plain),
      ];
    }),
  );

  const row = (name: string, run: Separation): string[] => [
    name,
    duration(run.took),
    (run.took / 1000 / SECONDS).toFixed(3),
    `${(SECONDS / (run.took / 1000)).toFixed(1)} x`,
    `${(run.memory / 1e9).toFixed(2)} GB`,
  ];
  printTable(
    `Time and memory (load ${busy}, then ${load()})`,
    ['', 'time', 's a second of sound', 'speed', 'memory'],
    [
      row('spectral, harmonic and percussive', harmonic),
      row('spectral, centre and side', centre),
      row('demucs', demucs),
    ],
  );

  const sums = new Float32Array(mix[0].length);
  for (const sound of made.values())
    for (const [at, sample] of sound[0].entries()) sums[at] = (sums[at] ?? 0) + sample;
  const off = siSdr([sums, sums], [mix[0], mix[0]]);
  const told = progressOf(demucs);
  printTable(
    'What is seen of demucs, and what it costs',
    ['', '', ''],
    [
      [
        'whole percents from 10 to 95 that were seen',
        String(told.percents),
        verdict(told.percents === 86, 'all 86'),
      ],
      [
        'first update, after the step began',
        duration(told.first),
        verdict(told.first <= 1000, '1 s'),
      ],
      // The run itself begins and ends.
      [
        'commits to the history, for a run of one item',
        String(commits),
        verdict(commits - 2 <= 3, 'the item: at most 3'),
      ],
      ['the sum of its stems against the mix', decibels(off), ''],
    ],
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
