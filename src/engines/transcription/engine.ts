/** Hz of what transcription engines hear. */
export const HEARING_RATE = 16_000;

/** A stretch of a recording with speech in it. */
export interface Speech {
  /** Mono, at HEARING_RATE. */
  readonly samples: Float32Array;
  /** Seconds in the recording. */
  readonly start: number;
  readonly end: number;
  /** Where in the recording somebody speaks, in seconds, in order. */
  readonly ranges: readonly Range[];
}

/** Seconds in a recording. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A word with its punctuation, and where it is said, in seconds. */
export interface Word extends Range {
  readonly text: string;
}

/** What was heard in a stretch of speech. */
export interface Heard {
  readonly text: string;
  /** Their times are the engine's own where it knows them, otherwise spread over the speech by their length. */
  readonly words: readonly Word[];
  /** BCP 47; what the engine took it for, where it was not told. */
  readonly language: string;
}

export interface HearOptions {
  /** BCP 47; the engine finds it out when it is left out. */
  readonly language?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How a recording is to be cut for an engine, in seconds. */
export interface CutLimits {
  /** The most that it hears at once. */
  readonly longest: number;
  /** A stretch of so much ends at the next pause. The first one may be shorter, so that its words come soon. */
  readonly enough: number;
  readonly first: number;
  /** A pause that ends a stretch, however short that is: who goes on behind it may be somebody else. */
  readonly pause: number;
}

/** Something that writes down speech. */
export interface TranscriptionEngine {
  readonly name: string;
  readonly model?: { readonly name: string; readonly sha256?: string };
  readonly limits: CutLimits;
  /** Whether the times of words are measured, and not spread by their length. */
  readonly timed: boolean;
  /**
   * Throws an `EngineError` for a language (BCP 47) that it does not know, and where none is told but it must be; before
   * any work.
   */
  check(language: string | undefined): void;
  /**
   * Writes down a stretch: gives the text piece by piece as it comes, and at last the whole. Throws an `EngineError`,
   * and the signal's reason.
   */
  hear(speech: Speech, options: HearOptions): AsyncGenerator<string, Heard>;
  close(): Promise<void>;
}
