/** Why nothing is heard of a sound that is to play: it is not there yet, or the browser wants a click first. */
export type Held = 'sound' | 'click' | undefined;

export interface Tone {
  /** 1 is as it was made; the pitch stays. */
  readonly speed: number;
  /** From 0 to 1. */
  readonly volume: number;
}

/** What plays a sound for the player. Places are seconds of the sound. */
export interface Deck {
  /** It plays, or will as soon as it can. */
  readonly playing: boolean;
  readonly held: Held;
  readonly time: number;
  /** How much there is to play; 0 while that is not known. */
  readonly duration: number;
  play(): Promise<void>;
  pause(): void;
  seek(to: number): void;
  set(tone: Tone): void;
  /** Ends it for good. */
  close(): void;
}
