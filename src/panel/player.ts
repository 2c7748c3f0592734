import type { SoundPart } from '../protocol/events.ts';
import type { ResultId } from '../protocol/panel.ts';
import type { ItemState } from '../protocol/state.ts';
import { About } from './about.ts';
import type { AudioOut } from './audio.ts';
import type { Contents } from './contents.ts';
import type { Deck, Held, Tone } from './deck.ts';
import { FileDeck } from './file-deck.ts';
import type { PlayerMemory } from './host.ts';
import { LiveDeck } from './live-deck.ts';
import { recordingOf } from './recording.ts';
import { type Script, sentenceBeside } from './script.ts';
import { text } from './text.ts';
import { type Found, neighbourOf, sameTrack, soundOf, type Track } from './track.ts';

export const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];
export const VOLUMES = [1, 0.75, 0.5, 0.25, 0];

/** The panel may go without notice: it remembers where it is so often, in seconds. */
const SAVED_EACH = 1;
/** A panel that was away for less, in ms, goes on playing by itself; after that it offers to. */
const GOES_ON = 600_000;
/** What is estimated of a sound's length is worth something from this share on. */
const LEAST_SHARE = 0.02;

const NONE: readonly SoundPart[] = [];

type Phase = 'offered' | 'loading' | 'ready' | 'problem';

/**
 * Plays one sound at a time: a result, or what an item is making, which goes over into its result without a break.
 * The host gives the bytes, so that no policy need let in any file.
 */
export class Player {
  readonly #contents: Contents;
  readonly #out: AudioOut;
  readonly #find: (track: Track) => Found | undefined;
  readonly #starting: () => void;
  readonly #changed: () => void;
  readonly #save: () => void;
  #track: Track | undefined;
  #deck: Deck | undefined;
  #phase: Phase = 'loading';
  #problem = '';
  #tone: Tone;
  #about: About | undefined;
  /** Where to begin, in seconds, once there is a deck. */
  #from = 0;
  /** Where it was when the panel's memory was written last, in seconds, and whether it was playing. */
  #saved = { time: 0, playing: false };
  /** It was playing when the panel went away. */
  #goesOn = false;
  /** The whole sound is on its way, to take over from what is played of its parts. */
  #goingOver = false;
  #waiting: FileDeck | undefined;

  /** `find` finds what the panel knows of a track; `memory` is what was played before the panel was hidden. */
  constructor(options: {
    readonly contents: Contents;
    readonly out: AudioOut;
    /** Called before a sound is heard: whatever else plays is to give way. */
    readonly starting: () => void;
    readonly find: (track: Track) => Found | undefined;
    readonly changed: () => void;
    readonly save: () => void;
    readonly memory: PlayerMemory | undefined;
  }) {
    const { memory } = options;
    this.#contents = options.contents;
    this.#out = options.out;
    this.#starting = options.starting;
    this.#find = options.find;
    this.#changed = options.changed;
    this.#save = options.save;
    this.#tone = { speed: memory?.speed ?? 1, volume: memory?.volume ?? 1 };
    if (memory?.track === undefined) return;
    this.#track = memory.track;
    this.#about = this.#aboutTrack(memory.track, undefined);
    this.#from = memory.time;
    this.#phase = 'offered';
    this.#goesOn = memory.playing === true && Date.now() - (memory.at ?? 0) < GOES_ON;
  }

  /** What is in the player, as far as it still exists. */
  get found(): (Found & { readonly track: Track }) | undefined {
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

  /** It plays, or will as soon as it can: see `held`. */
  get playing(): boolean {
    return this.#deck?.playing ?? false;
  }

  get held(): Held {
    return this.#deck?.held;
  }

  /** The sound is still being made. */
  get live(): boolean {
    return this.#track !== undefined && this.#track.result === undefined;
  }

  get ended(): boolean {
    return !this.playing && !this.live && this.duration > 0 && this.time >= this.duration - 0.05;
  }

  get peaks(): Float32Array | undefined {
    return this.#deck instanceof LiveDeck ? this.#deck.outline(this.length) : this.#about?.outline;
  }

  get speed(): number {
    return this.#tone.speed;
  }

  set speed(speed: number) {
    this.#setTone({ ...this.#tone, speed });
  }

  /** From 0 to 1. */
  get volume(): number {
    return this.#tone.volume;
  }

  set volume(volume: number) {
    this.#setTone({ ...this.#tone, volume });
  }

  /** In seconds. */
  get time(): number {
    return this.#deck?.time ?? this.#from;
  }

  /** How much can be played by now, in seconds; 0 while it is not known. */
  get duration(): number {
    const known = this.#deck?.duration ?? 0;
    if (known > 0) return known;
    const { result, item } = this.found ?? {};
    return result?.seconds ?? item?.sounds?.at(-1)?.end ?? 0;
  }

  /** How long the whole will be, in seconds, as far as the step that makes it can tell. */
  get length(): number {
    const { duration } = this;
    if (!this.live) return duration;
    const { fraction: share = 0, unit } = this.found?.item.progress ?? {};
    return unit === 'characters' && share > LEAST_SHARE ? duration / Math.min(1, share) : duration;
  }

  /** What is said; `undefined` where nothing is known of it. */
  get script(): Script | undefined {
    const { item } = this.found ?? {};
    if (item === undefined || this.#about === undefined) return undefined;
    if (!this.live) return this.#about.script(this.duration);
    const parts = this.#deck instanceof LiveDeck ? this.#deck.parts : (item.sounds ?? NONE);
    return this.#about.liveScript(parts, item);
  }

  get memory(): PlayerMemory | undefined {
    const { speed, volume } = this.#tone;
    const { playing, time } = this;
    return this.#track && { track: this.#track, time, speed, volume, playing, at: Date.now() };
  }

  isAt(track: Track): boolean {
    return sameTrack(this.#track, track);
  }

  /** Plays a result, or what an item is making; pauses it, or goes on, when it is in the player already. */
  async play(track: Track): Promise<void> {
    if (!this.isAt(track)) await this.#open(track, 0);
    else await this.toggle();
  }

  async toggle(): Promise<void> {
    const track = this.#track;
    if (track === undefined || this.#phase === 'loading') return;
    const deck = this.#deck;
    if (deck === undefined || this.#phase !== 'ready') await this.#open(track, this.#from);
    else if (deck.playing && deck.held !== 'click') deck.pause();
    else {
      if (this.ended) deck.seek(0);
      await this.#start(deck);
    }
  }

  /** Another sound is heard from now on. */
  giveWay(): void {
    this.#deck?.pause();
    if (this.#phase !== 'loading') return;
    this.#phase = 'offered';
    this.#changed();
  }

  /** Goes to a second of the sound. */
  seek(to: number): void {
    const time = Math.min(this.duration, Math.max(0, to));
    if (this.#deck === undefined) this.#from = time;
    else this.#deck.seek(time);
    this.#changed();
    this.#remember();
  }

  /** Where the sentence begins that is before or after; `undefined` when there is none, or that is not known. */
  sentenceBeside(by: 1 | -1): number | undefined {
    const { script } = this;
    return script?.exact === true ? sentenceBeside(script, this.time, by) : undefined;
  }

  /** The sound result of the run that is before or after. */
  neighbour(by: 1 | -1): ResultId | undefined {
    const { track, state } = this.found ?? {};
    return track && state && neighbourOf(track, state, by);
  }

  close(): void {
    this.#release();
    this.#track = undefined;
    this.#changed();
    this.#remember();
  }

  /** News of runs have come. Closes when the track is no more: its run is gone, or the item is made anew. */
  check(): void {
    const { found } = this;
    if (found === undefined) {
      if (this.#track !== undefined) this.close();
      return;
    }
    if (this.#deck instanceof LiveDeck) this.#follow(this.#deck, found);
    else if (this.#deck !== undefined) void this.#about?.learnMore(found.item);
    else if (this.#phase === 'offered') this.#track = madeOf(found.track, found.item);
    if (!this.#goesOn) return;
    this.#goesOn = false;
    void this.toggle();
  }

  async #open(wanted: Track, from: number): Promise<void> {
    this.#release();
    const item = this.#find(wanted)?.item;
    const track = item === undefined ? wanted : madeOf(wanted, item);
    const { result } = track;
    this.#track = track;
    this.#from = from;
    this.#phase = 'loading';
    this.#about = this.#aboutTrack(track, item);
    if (result === undefined) await this.#openLive(track, from);
    else await this.#openFile({ ...track, result });
  }

  async #openLive(track: Track, from: number): Promise<void> {
    const { run, item } = track;
    const deck = new LiveDeck({
      out: this.#out,
      load: (chunk) => this.#contents.load({ run, item, chunk }),
      changed: () => {
        this.#changed();
        this.#moved();
        this.check();
      },
      moved: () => this.#moved(),
      from,
      tone: this.#tone,
    });
    this.#deck = deck;
    this.#phase = 'ready';
    const found = this.#find(track);
    if (found !== undefined) this.#follow(deck, found);
    this.#changed();
    await this.#start(deck);
  }

  async #openFile(id: ResultId): Promise<void> {
    this.#changed();
    const { run, item } = id;
    const before = this.#find(id)?.item;
    // What is said can be read while the sound of a recording is fetched.
    if (before !== undefined) void this.#about?.learnMore(before);
    const content = await this.#contents.load(
      this.#isRecording(id) ? { run, item, input: true } : id,
    );
    if (!this.isAt(id) || this.#phase !== 'loading') return;
    if ('problem' in content) {
      this.#fail(content.problem);
      return;
    }
    const deck = this.#fileDeck(id, content.bytes, this.#from);
    this.#deck = deck;
    this.#phase = 'ready';
    await this.#start(deck);
    const found = this.#find(id);
    if (found !== undefined && this.#deck === deck) {
      await this.#about?.learn(id, found, content.bytes);
    }
  }

  async #start(deck: Deck): Promise<void> {
    this.#starting();
    const started = deck.play();
    // The panel may be hidden before anything is heard.
    this.#remember();
    await started;
  }

  #fileDeck(id: ResultId, bytes: Uint8Array<ArrayBuffer>, from: number): FileDeck {
    return new FileDeck({
      bytes,
      // The browser finds out by itself what a recording is.
      mime: this.#isRecording(id) ? '' : (this.#find(id)?.result?.mime ?? ''),
      from,
      tone: this.#tone,
      changed: () => {
        this.#changed();
        this.#remember();
      },
      moved: () => this.#moved(),
      failed: () => this.#fail(text.cannotPlay),
    });
  }

  /** Brings a deck up to date with what its item makes. What is made is played from its result from then on. */
  #follow(deck: LiveDeck, { item, state: run }: Found): void {
    const { attempt, sounds: parts = [] } = item;
    const broken = run.ended !== undefined || item.state === 'failed' || item.state === 'cancelled';
    const state = isMade(item) ? 'made' : broken ? 'broken' : 'making';
    deck.follow({ attempt, parts, state });
    // It is tried again.
    if (state === 'making' && this.#phase === 'problem') this.#phase = 'ready';
    if (state === 'made' && !this.#goingOver) void this.#goOver(deck, item);
    // What was fetched of it is played to its end.
    if (state === 'broken' && !deck.playing) this.#fail(item.failure?.message ?? text.notMade);
  }

  /** Goes over from the parts of a sound to the whole, at a place where nobody hears it. */
  async #goOver(deck: LiveDeck, item: ItemState): Promise<void> {
    const { run } = this.#track ?? {};
    const result = soundOf(item);
    if (run === undefined) return;
    this.#goingOver = true;
    if (result === undefined) {
      this.#fail(text.notMade);
      return;
    }
    const id = { run, item: item.item, result };
    const content = await this.#contents.load(id);
    if (this.#deck !== deck) return;
    if ('problem' in content) {
      this.#fail(content.problem);
      return;
    }
    const file = this.#fileDeck(id, content.bytes, deck.time);
    this.#waiting = file;
    await file.ready();
    if (this.#deck !== deck) return;
    deck.whenQuiet(() => {
      const { parts, playing, time } = deck;
      deck.close();
      this.#waiting = undefined;
      this.#deck = file;
      this.#track = id;
      this.#about = this.#aboutTrack(id, item, parts);
      file.seek(time);
      if (playing) void file.play();
      this.#changed();
      this.#remember();
      const found = this.#find(id);
      if (found !== undefined) void this.#about.learn(id, found, content.bytes);
    });
  }

  #aboutTrack(
    { run, item: number, result }: Track,
    item: ItemState | undefined,
    parts?: readonly SoundPart[],
  ): About {
    const [contents, changed] = [this.#contents, this.#changed];
    const id = result === undefined ? undefined : { run, item: number, result };
    const transcript = id !== undefined && this.#isRecording(id) ? id : undefined;
    return new About({ contents, changed, item, transcript, ...(parts && { parts }) });
  }

  /** A recording is played by the result that is its transcript. */
  #isRecording(id: ResultId): boolean {
    const found = this.#find(id);
    return found !== undefined && recordingOf(found.item) === id.result;
  }

  #setTone(tone: Tone): void {
    this.#tone = tone;
    this.#deck?.set(tone);
    this.#waiting?.set(tone);
    this.#changed();
    this.#remember();
  }

  #moved(): void {
    const { time, playing } = this.#saved;
    if (playing !== this.playing || Math.abs(this.time - time) >= SAVED_EACH) this.#remember();
  }

  #remember(): void {
    this.#saved = { time: this.time, playing: this.playing };
    this.#save();
  }

  #fail(problem: string): void {
    this.#deck?.pause();
    this.#from = this.time;
    this.#phase = 'problem';
    this.#problem = problem;
    this.#changed();
  }

  #release(): void {
    const { time } = this;
    this.#deck?.close();
    this.#waiting?.close();
    this.#deck = undefined;
    this.#waiting = undefined;
    this.#from = time;
    this.#goingOver = false;
    this.#about = undefined;
  }
}

function isMade({ state }: ItemState): boolean {
  return state === 'done' || state === 'skipped';
}

/** What is played of an item: its result, when what it was making has become one. */
function madeOf(track: Track, item: ItemState): Track {
  const result = track.result ?? (isMade(item) ? soundOf(item) : undefined);
  return result === undefined ? track : { ...track, result };
}
