import type { SoundPart } from '../protocol/events.ts';
import type { ResultContent } from '../protocol/panel.ts';
import type { AudioOut } from './audio.ts';
import type { Deck, Held, Tone } from './deck.ts';
import { outline, PEAKS_SHOWN, peaksOf } from './peaks.ts';
import { Schedule } from './schedule.ts';
import { stretched } from './stretch.ts';

/** So much is scheduled in front of what is heard, and fetched in front of that, in seconds. */
const SCHEDULED = 10;
const FETCHED = 40;
/** So much is kept behind it, for going back. */
const KEPT = 60;
/** How often it is looked whether there is more to schedule, in ms. */
const EACH = 200;
/** A silence between two parts may be so long, in seconds, before it is called waiting. */
const SILENCE = 0.6;
/** A sound that begins or ends in the middle of a wave clicks; one that is faded for so long does not, in seconds. */
const FADE = 0.006;
/** Peaks of the outline a second. */
const PEAKS = 20;

/** What is known of the sound that an item is making. */
export interface Making {
  /** The attempt that makes it: another one begins anew. */
  readonly attempt: number;
  /** In order; the latest ones of them. */
  readonly parts: readonly SoundPart[];
  /** `made`: the whole sound is a result by now, and its parts may be gone. `broken`: there will be no more of it. */
  readonly state: 'making' | 'made' | 'broken';
}

/** A part that was fetched; without a sound it cannot be had, and is passed over in silence. */
type Fetched = AudioBuffer | 'none';

/** Plays a sound while it is being made, part by part, on the clock of the sound card. */
export class LiveDeck implements Deck {
  readonly #out: AudioOut;
  readonly #load: (chunk: number) => Promise<ResultContent>;
  readonly #changed: () => void;
  readonly #moved: () => void;
  readonly #fetched = new Map<number, Fetched>();
  readonly #outlines = new Map<number, Float32Array>();
  readonly #sources = new Set<AudioBufferSourceNode>();
  #parts: readonly SoundPart[] = [];
  #attempt = 0;
  #state: Making['state'] = 'making';
  #tone: Tone;
  /** Where it stands while it does not play, in seconds. */
  #at: number;
  /** While it plays. */
  #schedule: Schedule | undefined;
  #gain: GainNode | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Index of the part that is scheduled next. */
  #next = 0;
  #fetching = false;
  #refused = false;
  #closed = false;
  #quiet: (() => void) | undefined;
  /** The outline that was asked for last. */
  #drawn:
    | { readonly seconds: number; readonly of: number; readonly outline: Float32Array }
    | undefined;

  /** `load` gives the WAV file of a chunk; `changed` is told of what a view shows, `moved` while it plays. */
  constructor(options: {
    readonly out: AudioOut;
    readonly load: (chunk: number) => Promise<ResultContent>;
    readonly changed: () => void;
    readonly moved: () => void;
    /** Where to begin, in seconds. */
    readonly from: number;
    readonly tone: Tone;
  }) {
    this.#out = options.out;
    this.#load = options.load;
    this.#changed = options.changed;
    this.#moved = options.moved;
    this.#at = options.from;
    this.#tone = options.tone;
  }

  get playing(): boolean {
    return this.#schedule !== undefined;
  }

  get held(): Held {
    const schedule = this.#schedule;
    if (schedule === undefined) return undefined;
    if (!this.#out.running) return this.#refused ? 'click' : undefined;
    return this.#now > schedule.over + SILENCE ? 'sound' : undefined;
  }

  get time(): number {
    return this.#schedule?.second(this.#now) ?? this.#at;
  }

  get duration(): number {
    return this.#parts.at(-1)?.end ?? 0;
  }

  get parts(): readonly SoundPart[] {
    return this.#parts;
  }

  /** The outline of what was fetched, in a sound that will have so many seconds: see peaks.ts. */
  outline(seconds: number): Float32Array {
    if (this.#drawn?.seconds === seconds && this.#drawn.of === this.#outlines.size) {
      return this.#drawn.outline;
    }
    const all = new Float32Array(Math.max(1, Math.ceil(seconds * PEAKS)));
    for (const { chunk, start } of this.#parts) {
      const peaks = this.#outlines.get(chunk) ?? [];
      const at = Math.round(start * PEAKS);
      for (const [index, peak] of peaks.entries()) {
        if (at + index < all.length) all[at + index] = peak;
      }
    }
    const drawn = outline(all, Math.min(PEAKS_SHOWN, all.length));
    this.#drawn = { seconds, of: this.#outlines.size, outline: drawn };
    return drawn;
  }

  /** Takes what is there of the sound by now. */
  follow({ attempt, parts, state }: Making): void {
    if (attempt !== this.#attempt) {
      if (this.#attempt > 0) this.#restart();
      this.#attempt = attempt;
    }
    const last = this.#parts.at(-1)?.chunk ?? -1;
    const more = parts.filter(({ chunk }) => chunk > last);
    if (more.length === 0 && state === this.#state) return;
    this.#parts = [...this.#parts, ...more];
    this.#state = state;
    this.#feed();
  }

  async play(): Promise<void> {
    if (this.#closed) return;
    if (this.#over && this.#at >= this.duration - FADE) this.#at = 0;
    // Before it is known whether the clock runs: what is scheduled waits with it.
    if (!this.playing) this.#begin(this.#at);
    this.#refused = !(await this.#out.wake(this));
    if (!this.playing) this.#out.rest(this);
    this.#changed();
  }

  pause(): void {
    if (!this.playing) return;
    this.#at = this.time;
    this.#stop();
    this.#out.rest(this);
    this.#tellQuiet();
    this.#changed();
  }

  seek(to: number): void {
    const at = Math.min(this.duration, Math.max(0, to));
    if (this.playing) this.#begin(at);
    else this.#at = at;
    this.#fetch();
    this.#changed();
  }

  set(tone: Tone): void {
    const faster = tone.speed !== this.#tone.speed;
    this.#tone = tone;
    if (!this.playing) return;
    if (faster) this.#begin(this.time);
    else this.#gain?.gain.setTargetAtTime(tone.volume, this.#now, FADE);
  }

  /** Calls back at the next silence, or at once when nothing is heard: what plays may be changed for another deck. */
  whenQuiet(callback: () => void): void {
    this.#quiet = callback;
    this.#tellQuiet();
  }

  close(): void {
    this.#closed = true;
    this.#quiet = undefined;
    this.#stop();
    this.#out.rest(this);
    this.#fetched.clear();
  }

  get #over(): boolean {
    return this.#state !== 'making';
  }

  get #now(): number {
    return this.#out.context.currentTime;
  }

  #restart(): void {
    this.#parts = [];
    this.#fetched.clear();
    this.#outlines.clear();
    this.#drawn = undefined;
    this.#at = 0;
    if (this.playing) this.#begin(0);
  }

  /** Schedules from a second on, in place of what was scheduled. */
  #begin(at: number): void {
    this.#stop();
    const { context } = this.#out;
    const now = this.#now;
    this.#schedule = new Schedule(at, this.#tone.speed, now);
    this.#next = this.#parts.findIndex(({ end }) => end > at);
    if (this.#next === -1) this.#next = this.#parts.length;
    this.#gain = new GainNode(context, { gain: 0 });
    this.#gain.gain.setTargetAtTime(this.#tone.volume, now, FADE);
    this.#gain.connect(context.destination);
    this.#timer = setInterval(() => {
      this.#feed();
      this.#moved();
    }, EACH);
    this.#feed();
  }

  #stop(): void {
    clearInterval(this.#timer);
    const gain = this.#gain;
    if (gain !== undefined) {
      const now = this.#now;
      gain.gain.cancelScheduledValues(now);
      gain.gain.setTargetAtTime(0, now, FADE);
      for (const source of this.#sources) source.stop(now + 10 * FADE);
    }
    this.#sources.clear();
    this.#schedule = undefined;
    this.#gain = undefined;
  }

  /** Schedules what is there and due soon, and fetches what comes after it. */
  #feed(): void {
    if (this.#closed) return;
    const schedule = this.#schedule;
    if (schedule !== undefined) {
      for (; schedule.over - this.#now < SCHEDULED; this.#next += 1) {
        const part = this.#parts[this.#next];
        const sound = part && this.#fetched.get(part.chunk);
        if (part === undefined || sound === undefined) break;
        // The player goes over to the whole sound.
        if (sound === 'none' && this.#state === 'made') break;
        this.#start(schedule, part, sound);
      }
      if (this.#over && this.#next >= this.#parts.length && this.#now >= schedule.over) {
        this.#at = this.duration;
        this.#stop();
        this.#out.rest(this);
        this.#changed();
      }
      this.#tellQuiet();
    }
    this.#fetch();
  }

  #start(schedule: Schedule, part: SoundPart, sound: Fetched): void {
    const { context } = this.#out;
    const { speed } = this.#tone;
    const start = schedule.add(part, this.#now);
    if (sound === 'none' || this.#gain === undefined) return;
    const source = new AudioBufferSourceNode(context, { buffer: atSpeed(sound, speed, context) });
    source.connect(this.#gain);
    source.addEventListener('ended', () => {
      source.disconnect();
      this.#sources.delete(source);
      this.#feed();
      this.#changed();
    });
    this.#sources.add(source);
    source.start(start.at, (start.from - part.start) / speed);
  }

  /** Between two parts with a silence between them, or when there is nothing to be heard. */
  #tellQuiet(): void {
    const callback = this.#quiet;
    if (callback === undefined) return;
    const { time } = this;
    const heard = this.playing && this.held === undefined;
    if (heard && this.#parts.some(({ start, end }) => start - 2 * FADE < time && time < end))
      return;
    this.#quiet = undefined;
    callback();
  }

  /** Fetches the next part that is not there, one after another, and forgets what is far behind. */
  #fetch(): void {
    if (this.#fetching || this.#closed) return;
    const { time } = this;
    for (const { chunk, end } of this.#parts) {
      if (end < time - KEPT) this.#fetched.delete(chunk);
    }
    const part = this.#parts.find(
      ({ chunk, start, end }) => end > time && start < time + FETCHED && !this.#fetched.has(chunk),
    );
    if (part === undefined) return;
    this.#fetching = true;
    const attempt = this.#attempt;
    void this.#soundOf(part.chunk).then((sound) => {
      this.#fetching = false;
      if (attempt === this.#attempt && !this.#closed) {
        this.#fetched.set(part.chunk, sound);
        if (sound !== 'none') {
          const peaks = peaksOf(sound.getChannelData(0), Math.ceil(sound.duration * PEAKS));
          this.#outlines.set(part.chunk, peaks);
        }
      }
      this.#feed();
      this.#changed();
    });
  }

  async #soundOf(chunk: number): Promise<Fetched> {
    const content = await this.#load(chunk);
    if ('problem' in content) return 'none';
    try {
      const { buffer, byteOffset, byteLength } = content.bytes;
      return await this.#out.context.decodeAudioData(
        buffer.slice(byteOffset, byteOffset + byteLength),
      );
    } catch {
      return 'none';
    }
  }
}

function atSpeed(sound: AudioBuffer, speed: number, context: AudioContext): AudioBuffer {
  if (speed === 1) return sound;
  const channels = Array.from({ length: sound.numberOfChannels }, (_, channel) =>
    stretched(sound.getChannelData(channel), sound.sampleRate, speed),
  );
  const { length = 1 } = channels[0] ?? {};
  const buffer = context.createBuffer(channels.length, Math.max(1, length), sound.sampleRate);
  for (const [channel, samples] of channels.entries()) buffer.copyToChannel(samples, channel);
  return buffer;
}
