import type { Result } from '../protocol/events.ts';
import type { ResultId } from '../protocol/panel.ts';
import type { ItemState, RunState } from '../protocol/state.ts';
import { type Contents, sameResult } from './contents.ts';
import type { PlayerMemory } from './host.ts';
import { kindOf } from './kinds.ts';
import { peaksOf } from './peaks.ts';
import { text } from './text.ts';

export const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];

/** A result with the item and the run that it is of. */
export interface Found {
  readonly state: RunState;
  readonly item: ItemState;
  readonly result: Result;
}

/** What was written before it was spoken. */
export interface Said {
  /** The end of the text; all of it has `length` characters. */
  readonly text: string;
  readonly length: number;
}

/** The panel may go without notice: it remembers where it is so often, in seconds. */
const SAVED_EACH = 3;

type Phase = 'offered' | 'loading' | 'ready' | 'problem';

/** Plays one sound result at a time. The host gives its bytes, so that no policy need let in any file. */
export class Player {
  readonly #contents: Contents;
  readonly #find: (id: ResultId) => Found | undefined;
  readonly #changed: () => void;
  readonly #save: () => void;
  readonly #audio = new Audio();
  #track: ResultId | undefined;
  #phase: Phase = 'loading';
  #problem = '';
  #speed: number;
  #said: Said | undefined;
  #peaks: Float32Array | undefined;
  /** Where to begin, in seconds, once the sound is there. */
  #from = 0;
  /** Where the sound was when the panel's memory was written last, in seconds. */
  #saved = 0;

  /** `find` finds what the panel knows of a result; `memory` is what was played before the panel was hidden. */
  constructor(options: {
    readonly contents: Contents;
    readonly find: (id: ResultId) => Found | undefined;
    readonly changed: () => void;
    readonly save: () => void;
    readonly memory: PlayerMemory | undefined;
  }) {
    this.#contents = options.contents;
    this.#find = options.find;
    this.#changed = options.changed;
    this.#save = options.save;
    this.#speed = options.memory?.speed ?? 1;
    if (options.memory !== undefined) {
      this.#track = options.memory.track;
      this.#from = options.memory.time;
      this.#phase = 'offered';
    }
    for (const event of ['play', 'pause', 'ended', 'seeked', 'loadedmetadata', 'ratechange']) {
      this.#audio.addEventListener(event, () => {
        this.#changed();
        this.#remember();
      });
    }
    this.#audio.addEventListener('timeupdate', () => {
      if (Math.abs(this.time - this.#saved) >= SAVED_EACH) this.#remember();
    });
    this.#audio.addEventListener('error', () => {
      if (this.#audio.hasAttribute('src')) this.#fail(text.cannotPlay);
    });
  }

  /** What is in the player, as far as it still exists. */
  get found(): (Found & { readonly track: ResultId }) | undefined {
    const track = this.#track;
    const found = track && this.#find(track);
    return found && { ...found, track };
  }

  get phase(): Phase {
    return this.#phase;
  }

  get problem(): string {
    return this.#problem;
  }

  get said(): Said | undefined {
    return this.#said;
  }

  get peaks(): Float32Array | undefined {
    return this.#peaks;
  }

  get playing(): boolean {
    return !this.#audio.paused && !this.#audio.ended;
  }

  get speed(): number {
    return this.#speed;
  }

  set speed(speed: number) {
    this.#speed = speed;
    this.#audio.defaultPlaybackRate = speed;
    this.#audio.playbackRate = speed;
    this.#changed();
    this.#remember();
  }

  /** In seconds. */
  get time(): number {
    return this.#phase === 'ready' ? this.#audio.currentTime : this.#from;
  }

  /** In seconds; 0 while it is not known. */
  get duration(): number {
    const { duration } = this.#audio;
    if (this.#phase === 'ready' && Number.isFinite(duration)) return duration;
    return this.found?.result.seconds ?? 0;
  }

  get memory(): PlayerMemory | undefined {
    return this.#track && { track: this.#track, time: this.time, speed: this.#speed };
  }

  isAt(id: ResultId): boolean {
    return sameResult(this.#track, id);
  }

  /** Plays a result; pauses it, or goes on, when it is the one that is in the player. */
  async play(id: ResultId): Promise<void> {
    if (!this.isAt(id)) await this.#open(id, 0);
    else await this.toggle();
  }

  async toggle(): Promise<void> {
    if (this.#track === undefined || this.#phase === 'loading') return;
    if (this.#phase !== 'ready') await this.#open(this.#track, this.#from);
    else if (this.playing) this.#audio.pause();
    else await this.#start();
  }

  /** Goes to a second of the sound. */
  seek(to: number): void {
    const time = Math.min(this.duration, Math.max(0, to));
    if (this.#phase === 'ready') this.#audio.currentTime = time;
    else this.#from = time;
    this.#changed();
  }

  /** The sound result of the run that is so many places further; `undefined` when there is none. */
  neighbour(by: 1 | -1): ResultId | undefined {
    const { track, state } = this.found ?? {};
    if (track === undefined || state === undefined) return undefined;
    const results = state.items[track.item - 1]?.results ?? [];
    const within = nextSound(results, track.result, by);
    if (within !== undefined) return { ...track, result: within };
    for (let item = track.item + by; item >= 1 && item <= state.items.length; item += by) {
      const other = state.items[item - 1]?.results ?? [];
      const result = nextSound(other, by > 0 ? -1 : other.length, by);
      if (result !== undefined) return { run: track.run, item, result };
    }
    return undefined;
  }

  close(): void {
    this.#release();
    this.#track = undefined;
    this.#changed();
    this.#remember();
  }

  /** Closes when the result is no more: its run is gone, or the item is made anew. */
  check(): void {
    if (this.#track !== undefined && this.found === undefined) this.close();
  }

  async #open(id: ResultId, from: number): Promise<void> {
    this.#release();
    this.#track = id;
    this.#phase = 'loading';
    this.#from = from;
    const found = this.#find(id);
    if (found !== undefined && found.item.text !== '') {
      this.#said = { text: found.item.text, length: found.item.textLength };
    }
    this.#changed();
    const content = await this.#contents.load(id);
    if (!this.isAt(id) || this.#phase !== 'loading') return;
    if ('problem' in content) {
      this.#fail(content.problem);
      return;
    }
    const mime = found?.result.mime ?? '';
    this.#audio.src = URL.createObjectURL(new Blob([content.bytes], { type: mime }));
    this.#audio.defaultPlaybackRate = this.#speed;
    this.#audio.playbackRate = this.#speed;
    this.#audio.currentTime = from;
    this.#phase = 'ready';
    await this.#start();
    const { buffer, byteOffset, byteLength } = content.bytes;
    const bytes =
      byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
    const peaks = await peaksOf(bytes, found?.result.seconds);
    if (!this.isAt(id)) return;
    this.#peaks = peaks;
    this.#changed();
  }

  async #start(): Promise<void> {
    try {
      await this.#audio.play();
    } catch {
      // Refused, or replaced by another sound meanwhile. What cannot be decoded is told as an error event.
      this.#changed();
    }
  }

  #remember(): void {
    this.#saved = this.time;
    this.#save();
  }

  #fail(problem: string): void {
    this.#from = this.time;
    this.#phase = 'problem';
    this.#problem = problem;
    this.#changed();
  }

  #release(): void {
    this.#audio.pause();
    if (this.#audio.hasAttribute('src')) {
      URL.revokeObjectURL(this.#audio.src);
      this.#audio.removeAttribute('src');
      this.#audio.load();
    }
    this.#said = undefined;
    this.#peaks = undefined;
  }
}

function nextSound(results: readonly Result[], from: number, by: 1 | -1): number | undefined {
  for (let index = from + by; index >= 0 && index < results.length; index += by) {
    const result = results[index];
    if (result !== undefined && kindOf(result) === 'sound') return index;
  }
  return undefined;
}
