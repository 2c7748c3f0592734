import type { SoundInput } from '../sound/input.ts';
import type { Channels } from '../sound/resample.ts';

/** What an engine is doing: it may have something to load in the middle of its work. */
export type Stage = 'loading' | 'separating';

export interface SeparateOptions {
  readonly signal: AbortSignal;
  /** Absolute path of a folder that is there, for files of the engine's own, which it removes. */
  readonly folder: string;
  /** How much of a stage is done, 0 to 1. */
  onProgress(stage: Stage, fraction: number): void;
  /** Lines that a person may want to read. */
  log(text: string): void;
}

/** More of a stem. Its blocks come in their order; those of other stems may come between them. */
export interface StemBlock {
  readonly stem: string;
  /** As many as the recording has, at its rate. */
  readonly channels: Channels;
}

/** Takes recordings apart. */
export interface SeparationEngine {
  readonly name: string;
  /** For the provenance. */
  readonly model?: { readonly name: string; readonly sha256?: string };
  /**
   * The stems of a recording, as they are made. Each is as long as the recording, as loud in it, and in its
   * place in time. Throws an `EngineError`, or the reason of the signal.
   */
  separate(input: SoundInput, options: SeparateOptions): AsyncGenerator<StemBlock>;
  close(): Promise<void>;
}
