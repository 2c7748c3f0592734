/** One piece of speech. */
export interface SpeechChunk {
  /** Mono, -1 to 1. */
  readonly samples: Float32Array;
  /** Hz. */
  readonly sampleRate: number;
  /** What is said in it. */
  readonly text: string;
}

export interface SpeakOptions {
  /** A voice of the engine; the engine's own default when left out. */
  readonly voice?: string | undefined;
  /** 1 is the voice's own speed, 2 twice as fast. */
  readonly speed?: number | undefined;
  /** BCP 47, `en` when left out. */
  readonly language?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Something that speaks. */
export interface SpeechEngine {
  readonly name: string;
  readonly model?: { readonly name: string; readonly sha256?: string };
  /**
   * How it likes its text: `spelled` with numbers, dates and symbols as words, `written` as people
   * write it; a sentence or a paragraph at a time.
   */
  readonly takes: { readonly text: 'spelled' | 'written'; readonly unit: 'sentence' | 'paragraph' };
  /** Texts that it may speak at once. */
  readonly concurrency: number;
  /**
   * Speaks a text, in chunks of bounded length. Throws an `EngineError` that says what is wrong,
   * and the signal's reason when it is aborted.
   */
  speak(text: string, options?: SpeakOptions): AsyncIterable<SpeechChunk>;
  close(): Promise<void>;
}
