import type { ItemState, RunState } from '../protocol/state.ts';
import type { AudioOut } from './audio.ts';
import { bufferOf, type Contents, versionOf } from './contents.ts';
import { type Fader, gainOf, type Mix, UNTOUCHED, withFader } from './mix.ts';
import { keyOfRow, ofRuns, type Row } from './navigation.ts';
import { type Stem, stemsOf } from './stems.ts';
import { text } from './text.ts';
import { Tracks } from './tracks.ts';

/**
 * All stems of a song are decoded before the first sound, since only so they play in step to the sample. Together
 * they may be this long, in seconds: four of ten minutes, which take 850 MB.
 */
export const LONGEST = 2400;

/** The panel may go without notice: it remembers where a song is so often, in ms. */
const SAVED_EACH = 3000;

type Phase = 'silent' | 'loading' | 'ready' | 'problem';

/** What the person has set, and where they are, in each song, as `ITEM/RUN`. */
export type MixerMemory = Readonly<Record<string, Mix>>;

/** A song whose stems are being loaded, until there are tracks or a problem. */
interface Song {
  readonly row: Row;
  readonly version: string;
  readonly stems: readonly Stem[];
  /** How many stems have been read. */
  read: number;
  tracks?: Tracks;
  problem?: string;
}

/** Plays the stems of one song at a time, and keeps what the person has set for each song. */
export class Mixer {
  readonly #contents: Contents;
  readonly #out: AudioOut;
  readonly #starting: () => void;
  readonly #find: (row: Row) => ItemState | undefined;
  readonly #changed: () => void;
  readonly #announce: (problem: string) => void;
  readonly #save: () => void;
  readonly #mixes: Map<string, Mix>;
  #song: Song | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** `find` finds what the panel knows of an item; `memory` is what was set before the panel was hidden. */
  constructor(options: {
    readonly contents: Contents;
    readonly out: AudioOut;
    /** Called before stems are heard: whatever else plays is to give way. */
    readonly starting: () => void;
    readonly find: (row: Row) => ItemState | undefined;
    readonly changed: () => void;
    /** Tells a screen reader what went wrong. */
    readonly announce: (problem: string) => void;
    readonly save: () => void;
    readonly memory: MixerMemory | undefined;
  }) {
    this.#contents = options.contents;
    this.#out = options.out;
    this.#starting = options.starting;
    this.#find = options.find;
    this.#changed = options.changed;
    this.#announce = options.announce;
    this.#save = options.save;
    this.#mixes = new Map(Object.entries(options.memory ?? {}));
  }

  /** What is to be remembered of the runs that are still there. */
  memory(runs: readonly RunState[]): MixerMemory {
    return ofRuns(this.#mixes, runs);
  }

  phase(row: Row): Phase {
    const song = this.#at(row);
    if (song === undefined) return 'silent';
    if (song.tracks !== undefined) return 'ready';
    return song.problem === undefined ? 'loading' : 'problem';
  }

  problem(row: Row): string {
    return this.#at(row)?.problem ?? '';
  }

  /** How many stems have been read of a song that is loading. */
  read(row: Row): number {
    return this.#at(row)?.read ?? 0;
  }

  isPlaying(row: Row): boolean {
    return this.#at(row)?.tracks?.playing ?? false;
  }

  mix(row: Row): Mix {
    return this.#mixes.get(keyOfRow(row)) ?? UNTOUCHED;
  }

  /** Where a song is, in seconds. */
  time(row: Row): number {
    return this.#at(row)?.tracks?.time ?? this.mix(row).time;
  }

  /** In seconds; 0 while it is not known. */
  duration(row: Row): number {
    const tracks = this.#at(row)?.tracks;
    if (tracks !== undefined) return tracks.duration;
    return Math.max(0, ...this.#stems(row).map(({ seconds }) => seconds));
  }

  /** Whether the stems of a song are short enough to be mixed. */
  fits(row: Row): boolean {
    return lengthOf(this.#stems(row)) <= LONGEST;
  }

  /** Plays the stems of a song, or pauses them. */
  async toggle(row: Row): Promise<void> {
    const { tracks } = this.#at(row) ?? {};
    if (this.phase(row) === 'loading') return;
    if (tracks === undefined) await this.#open(row);
    else if (tracks.playing) this.#rest();
    else await this.#play(tracks, row);
  }

  /** Goes to a second of a song. */
  seek(row: Row, to: number): void {
    const time = Math.min(this.duration(row), Math.max(0, to));
    this.#at(row)?.tracks?.seek(time);
    this.#keep(row, { ...this.mix(row), time });
    this.#changed();
  }

  set(row: Row, stem: string, change: Partial<Omit<Fader, 'stem'>>): void {
    this.#keep(row, withFader(this.mix(row), stem, change));
    const song = this.#at(row);
    for (const [index, { name }] of (song?.stems ?? []).entries()) {
      song?.tracks?.setGain(index, gainOf(this.mix(row), name));
    }
    this.#changed();
  }

  /** Another sound is heard from now on. */
  giveWay(): void {
    if (this.#song === undefined) return;
    this.#release();
    this.#changed();
  }

  /** The songs of a run, or of one item, are out of sight: silent, and out of the memory. What was set stays. */
  close({ run, item }: { readonly run: string; readonly item?: number }): void {
    const row = this.#song?.row;
    if (row?.run === run && (item === undefined || row.item === item)) this.giveWay();
  }

  /** Lets go of a song that is no more: its run is gone, or it is being made anew. */
  check(): void {
    if (this.#song !== undefined && this.#version(this.#song.row) !== this.#song.version) {
      this.giveWay();
    }
  }

  #at(row: Row): Song | undefined {
    const song = this.#song;
    return song !== undefined && keyOfRow(song.row) === keyOfRow(row) ? song : undefined;
  }

  #stems(row: Row): readonly Stem[] {
    const item = this.#find(row);
    return item === undefined ? [] : stemsOf(item);
  }

  #version(row: Row): string {
    const { results = [], state } = this.#find(row) ?? {};
    return [state, ...results.map(versionOf)].join('\n');
  }

  /** Loads and decodes the stems one after another, so that the bytes of one alone are in the memory; then plays. */
  async #open(row: Row): Promise<void> {
    this.#release();
    const { context } = this.#out;
    const song: Song = { row, version: this.#version(row), stems: this.#stems(row), read: 0 };
    this.#song = song;
    this.#changed();
    const sounds: { readonly buffer: AudioBuffer; readonly name: string }[] = [];
    for (const { name, result } of song.stems) {
      const content = await this.#contents.load({ ...row, result });
      if (this.#song !== song) return;
      if ('problem' in content) return this.#fail(song, content.problem);
      const buffer = await context.decodeAudioData(bufferOf(content.bytes)).catch(() => undefined);
      if (this.#song !== song) return;
      if (buffer === undefined) return this.#fail(song, text.cannotDecode(name));
      sounds.push({ buffer, name });
      song.read = sounds.length;
      this.#changed();
      // What the results say of their lengths may be wrong, or nothing.
      const length = sounds.reduce((sum, sound) => sum + sound.buffer.duration, 0);
      if (length > LONGEST) return this.#fail(song, text.tooLongToMix(LONGEST / 60));
    }
    const mix = this.mix(row);
    song.tracks = new Tracks(context, {
      sounds: sounds.map(({ buffer, name }) => ({ buffer, gain: gainOf(mix, name) })),
      from: mix.time,
      ended: () => this.#rest(),
    });
    await this.#play(song.tracks, row);
  }

  async #play(tracks: Tracks, row: Row): Promise<void> {
    this.#starting();
    // Where the browser waits for one more click, the stems begin with it, and still together.
    await this.#out.wake(this);
    if (this.#song?.tracks !== tracks) return;
    tracks.play();
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#remember(row), SAVED_EACH);
    this.#changed();
  }

  /** Nothing is heard now. Where the song is stays. */
  #rest(): void {
    this.#song?.tracks?.pause();
    clearInterval(this.#timer);
    this.#out.rest(this);
    if (this.#song !== undefined) this.#remember(this.#song.row);
    this.#changed();
  }

  #fail(song: Song, problem: string): void {
    song.problem = problem;
    this.#rest();
    this.#announce(problem);
  }

  #remember(row: Row): void {
    this.#keep(row, { ...this.mix(row), time: this.time(row) });
  }

  #keep(row: Row, mix: Mix): void {
    this.#mixes.set(keyOfRow(row), mix);
    this.#save();
  }

  #release(): void {
    if (this.#song === undefined) return;
    this.#rest();
    this.#song.tracks?.close();
    this.#song = undefined;
  }
}

function lengthOf(stems: readonly Stem[]): number {
  return stems.reduce((sum, { seconds }) => sum + seconds, 0);
}
