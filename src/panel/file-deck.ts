import type { Deck, Held, Tone } from './deck.ts';

/** Plays a file that is there as a whole. */
export class FileDeck implements Deck {
  readonly #audio = new Audio();
  readonly #url: string;
  #held: Held;

  /** `changed` is told of everything that a view shows, `moved` while it plays; `failed` when it cannot be played. */
  constructor(options: {
    readonly bytes: Uint8Array<ArrayBuffer>;
    readonly mime: string;
    /** Where to begin, in seconds. */
    readonly from: number;
    readonly tone: Tone;
    readonly changed: () => void;
    readonly moved: () => void;
    readonly failed: () => void;
  }) {
    const audio = this.#audio;
    this.#url = URL.createObjectURL(new Blob([options.bytes], { type: options.mime }));
    for (const event of ['play', 'pause', 'ended', 'seeked', 'loadedmetadata', 'ratechange']) {
      audio.addEventListener(event, options.changed);
    }
    audio.addEventListener('timeupdate', options.moved);
    audio.addEventListener('error', () => {
      // A deck that is closed has no source.
      if (audio.hasAttribute('src')) options.failed();
    });
    audio.src = this.#url;
    this.set(options.tone);
    audio.currentTime = options.from;
  }

  get playing(): boolean {
    return !this.#audio.paused && !this.#audio.ended;
  }

  get held(): Held {
    return this.#held;
  }

  get time(): number {
    return this.#audio.currentTime;
  }

  get duration(): number {
    const { duration } = this.#audio;
    return Number.isFinite(duration) ? duration : 0;
  }

  /** Resolves when it can begin at once, or never will. */
  ready(): Promise<void> {
    const audio = this.#audio;
    if (audio.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA || audio.error !== null) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      for (const event of ['canplay', 'error', 'emptied']) {
        audio.addEventListener(event, () => resolve(), { once: true });
      }
    });
  }

  async play(): Promise<void> {
    this.#held = undefined;
    try {
      await this.#audio.play();
    } catch (error) {
      // Or it was closed meanwhile. What cannot be decoded is told as an error event.
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.#held = 'click';
    }
  }

  pause(): void {
    this.#audio.pause();
  }

  seek(to: number): void {
    this.#audio.currentTime = to;
  }

  set({ speed, volume }: Tone): void {
    this.#audio.defaultPlaybackRate = speed;
    this.#audio.playbackRate = speed;
    this.#audio.volume = volume;
  }

  close(): void {
    this.#audio.pause();
    this.#audio.removeAttribute('src');
    this.#audio.load();
    URL.revokeObjectURL(this.#url);
  }
}
