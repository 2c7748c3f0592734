/** Sounds are given so long to be ready at the same sample, in seconds. */
const LEAD = 0.05;
/** A change of loudness takes so long, in seconds: at once, it would click. */
const RAMP = 0.02;

interface Track {
  readonly buffer: AudioBuffer;
  readonly gain: GainNode;
}

/**
 * Sounds that begin together and play in step, each with a gain of its own. Their sources begin at one and the same
 * sample of one clock, so that they cannot drift apart.
 */
export class Tracks {
  /** Of the longest one, in seconds. */
  readonly duration: number;
  readonly #context: BaseAudioContext;
  readonly #tracks: readonly Track[];
  readonly #ended: () => void;
  #sources: readonly AudioBufferSourceNode[] = [];
  /** Where they began, in seconds, and when that was by the clock of the context. */
  #from: number;
  #began = 0;

  constructor(
    context: BaseAudioContext,
    options: {
      readonly sounds: readonly { readonly buffer: AudioBuffer; readonly gain: number }[];
      /** Where to begin, in seconds. */
      readonly from: number;
      /** Called when they have come to their end. */
      readonly ended: () => void;
    },
  ) {
    this.#context = context;
    this.#from = options.from;
    this.#ended = options.ended;
    this.duration = Math.max(0, ...options.sounds.map(({ buffer }) => buffer.duration));
    this.#tracks = options.sounds.map(({ buffer, gain: value }) => {
      const gain = context.createGain();
      gain.gain.value = value;
      gain.connect(context.destination);
      return { buffer, gain };
    });
  }

  get playing(): boolean {
    return this.#sources.length > 0;
  }

  /** In seconds. */
  get time(): number {
    if (!this.playing) return this.#from;
    const since = Math.max(0, this.#context.currentTime - this.#began);
    return Math.min(this.duration, this.#from + since);
  }

  /** Plays on from where they are, from the beginning when that is the end. The shorter ones are silent behind theirs. */
  play(): void {
    if (this.playing) return;
    const { currentTime, sampleRate } = this.#context;
    // Between two samples they would be interpolated, and lose some of their highs.
    const whole = (seconds: number): number => Math.round(seconds * sampleRate) / sampleRate;
    this.#from = this.#from < this.duration ? whole(this.#from) : 0;
    this.#began = whole(currentTime + LEAD);
    this.#sources = this.#tracks.map(({ buffer, gain }) => {
      const source = this.#context.createBufferSource();
      source.buffer = buffer;
      source.connect(gain);
      source.onended = () => this.#end(source);
      source.start(this.#began, this.#from);
      return source;
    });
  }

  pause(): void {
    this.#from = this.time;
    for (const source of this.#sources) {
      source.onended = null;
      source.stop();
      source.disconnect();
      // A context that is suspended before it has noticed would keep the sound in the memory.
      source.buffer = null;
    }
    this.#sources = [];
  }

  /** Goes to a second. */
  seek(to: number): void {
    const { playing } = this;
    this.pause();
    this.#from = Math.min(this.duration, to);
    if (!playing) return;
    if (to < this.duration) this.play();
    else this.#ended();
  }

  setGain(index: number, value: number): void {
    const gain = this.#tracks[index]?.gain.gain;
    if (gain === undefined) return;
    const now = this.#context.currentTime;
    gain.cancelScheduledValues(now);
    gain.setValueAtTime(gain.value, now);
    gain.linearRampToValueAtTime(value, now + RAMP);
  }

  /** Lets go of everything. */
  close(): void {
    this.pause();
    for (const { gain } of this.#tracks) gain.disconnect();
  }

  #end(source: AudioBufferSourceNode): void {
    source.disconnect();
    this.#sources = this.#sources.filter((other) => other !== source);
    if (this.playing) return;
    this.#from = this.duration;
    this.#ended();
  }
}
