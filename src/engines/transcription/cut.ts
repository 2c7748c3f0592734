import { type CutLimits, HEARING_RATE, type Range, type Speech } from './engine.ts';
import { FRAME } from './vad.ts';

const FRAME_SECONDS = FRAME / HEARING_RATE;
/** Speech begins at a frame above the first, and goes on while frames are above the second. */
const BEGINS = 0.5;
const GOES_ON = 0.35;
/** Frames of silence that end speech, and that belong to it on both sides: consonants are soft. */
const PAUSE = 8;
const MARGIN = 4;
/** The detector lets go of speech late by so many frames, measured on voices whose ends are known. */
const LATE = 3;
/** Fewer frames of speech are a click. */
const SHORTEST = 4;
/** From this part of the longest stretch on, speech without a pause is cut where it is softest. */
const CUT_FROM = 0.6;

/** A frame of a recording. */
export interface Frame {
  readonly samples: Float32Array;
  /** Of speech, 0 to 1. */
  readonly probability: number;
}

/** Frames that are heard together, and among them those in which somebody speaks. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly speech: { readonly from: number; readonly to: number };
}

/**
 * Cuts a recording into stretches of speech at its pauses, as it comes; what nobody speaks in is left out. Memory is
 * bounded by the longest stretch. `first` is the number of the first frame that is pushed, for a recording that is
 * gone on with.
 */
export class Cutter {
  readonly #longest: number;
  readonly #enough: number;
  readonly #pause: number;
  #first: number;
  /** Frames from number `#base` on. */
  #frames: Frame[] = [];
  #base: number;
  /** Speech that is over and not handed on. */
  #spans: Span[] = [];
  #open: number | undefined;
  /** The first frame of the speech that is open. */
  #began = 0;
  #quiet = 0;
  /** Up to here everything was handed on. */
  #told: number;

  constructor(limits: CutLimits, first = 0) {
    this.#longest = Math.floor(limits.longest / FRAME_SECONDS);
    this.#enough = limits.enough / FRAME_SECONDS;
    this.#first = limits.first / FRAME_SECONDS;
    this.#pause = limits.pause / FRAME_SECONDS;
    this.#base = first;
    this.#told = first;
  }

  /** Seconds up to which nothing more comes: all of it was handed on, or nobody speaks in it. */
  get passed(): number {
    return this.#base * FRAME_SECONDS;
  }

  /** Stretches that are known to be whole after this frame. */
  push(frame: Frame): Speech[] {
    this.#frames.push(frame);
    const next = this.#base + this.#frames.length;
    this.#listen(frame.probability, next);
    return [...this.#whole(next)];
  }

  /** What is left when the recording ends. */
  end(): Speech[] {
    const next = this.#base + this.#frames.length;
    if (this.#open !== undefined) this.#close(next - this.#quiet, next);
    return this.#spans.length > 0 ? [this.#take()] : [];
  }

  #listen(probability: number, next: number): void {
    if (this.#open === undefined) {
      if (probability < BEGINS) return;
      const before = this.#spans.at(-1)?.to ?? this.#told;
      this.#open = Math.max(next - 1 - MARGIN, before);
      this.#began = next - 1;
      this.#quiet = 0;
      return;
    }
    this.#quiet = probability < GOES_ON ? this.#quiet + 1 : 0;
    if (this.#quiet >= PAUSE) {
      const end = next - this.#quiet;
      this.#close(end, end + MARGIN);
    }
  }

  /** Speech ends before the first frame; the second one is the end of what belongs to it. */
  #close(end: number, to: number): void {
    const from = this.#open ?? to;
    this.#open = undefined;
    if (end - this.#began < SHORTEST) return;
    const begins = Math.max(from, this.#began);
    this.#spans.push({ from, to, speech: { from: begins, to: Math.max(begins + 1, end - LATE) } });
  }

  *#whole(next: number): Generator<Speech> {
    const [first] = this.#spans;
    const last = this.#spans.at(-1);
    if (first !== undefined && last !== undefined) {
      const enough = last.to - first.from >= this.#first;
      const silent = this.#open === undefined && next - last.to >= this.#pause;
      if (enough || silent || next - first.from >= this.#longest) yield this.#take();
    }
    if (this.#open !== undefined && next - this.#open >= this.#longest) {
      const to = this.#softest(this.#open + Math.floor(this.#longest * CUT_FROM), next);
      const begins = Math.max(this.#open, this.#began);
      this.#spans.push({ from: this.#open, to, speech: { from: begins, to } });
      this.#open = to;
      yield this.#take();
    }
    if (this.#spans.length === 0 && this.#open === undefined) this.#drop(next - MARGIN);
  }

  #softest(from: number, to: number): number {
    let best = from;
    let least = Number.POSITIVE_INFINITY;
    for (let frame = from; frame < to; frame += 1) {
      const probability = this.#frames[frame - this.#base]?.probability ?? 1;
      if (probability > least) continue;
      least = probability;
      best = frame;
    }
    return best;
  }

  #take(): Speech {
    const spans = this.#spans.splice(0);
    const from = spans[0]?.from ?? 0;
    const to = spans.at(-1)?.to ?? from;
    const samples = new Float32Array((to - from) * FRAME);
    for (let frame = from; frame < to; frame += 1) {
      const found = this.#frames[frame - this.#base];
      if (found !== undefined) samples.set(found.samples, (frame - from) * FRAME);
    }
    this.#told = to;
    this.#first = this.#enough;
    this.#drop(to);
    const ranges: Range[] = spans.map(({ speech }) => ({
      start: speech.from * FRAME_SECONDS,
      end: speech.to * FRAME_SECONDS,
    }));
    return { samples, start: from * FRAME_SECONDS, end: to * FRAME_SECONDS, ranges };
  }

  /** Forgets frames before a number. */
  #drop(before: number): void {
    const count = Math.min(this.#frames.length, Math.max(0, before - this.#base));
    this.#frames.splice(0, count);
    this.#base += count;
  }
}
