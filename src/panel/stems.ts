import type { Result } from '../protocol/events.ts';
import type { ItemState } from '../protocol/state.ts';
import { kindOf } from './kinds.ts';
import { givenOutline, loudestOf, scaled } from './peaks.ts';

/** A part of a song that an item was separated into. */
export interface Stem {
  readonly name: string;
  /** Number of its result, from 0. */
  readonly result: number;
  /** In seconds; 0 when it is not known. */
  readonly seconds: number;
  /** Its outline, as shares of the loudest sample of all stems of the song; `undefined` when there is none. */
  readonly peaks: Float32Array | undefined;
}

const known = new WeakMap<readonly Result[], readonly Stem[]>();

/** The stems that can be mixed: those of an item that is made and has two of them at least. */
export function stemsOf({ results, state }: ItemState): readonly Stem[] {
  if (state !== 'done' && state !== 'skipped') return [];
  let stems = known.get(results);
  if (stems === undefined) {
    stems = readStems(results);
    known.set(results, stems);
  }
  return stems;
}

/** The stems that people look for first; the others stay in the order of their results. */
const ORDER = ['vocals', 'drums', 'bass'];

function placeOf({ name }: Stem): number {
  const place = ORDER.indexOf(name);
  return place === -1 ? ORDER.length : place;
}

function readStems(results: readonly Result[]): readonly Stem[] {
  const stems = results.flatMap((file, result): Stem[] => {
    if (file.stem === undefined || kindOf(file) !== 'sound') return [];
    return [{ name: file.stem, result, seconds: file.seconds ?? 0, peaks: givenOutline(file) }];
  });
  if (stems.length < 2) return [];
  stems.sort((a, b) => placeOf(a) - placeOf(b));
  const loudest = Math.max(...stems.map(({ peaks }) => loudestOf(peaks)));
  return stems.map((stem) => ({ ...stem, peaks: stem.peaks && scaled(stem.peaks, loudest) }));
}
