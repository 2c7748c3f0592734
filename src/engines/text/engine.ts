import type { TextAnswer, TextRequest } from '../../protocol/step.ts';

/** Asks whoever started the step for a text, in pieces; throws an `EngineError`. */
export type Ask = (request: TextRequest, signal: AbortSignal) => AsyncGenerator<string, TextAnswer>;

/** A part of a longer text: what was asked for, and what was written. */
export interface Turn {
  readonly prompt: string;
  readonly text: string;
}

/** How a text is to be written. What is left out is the engine's own choice. */
export interface WriteRequest {
  /** What the model is told before the prompt, in place of the built-in words. */
  readonly system?: string | undefined;
  /** Words to write, about. */
  readonly words?: number | undefined;
  /** Code of the language: `en`, `pt-BR`. */
  readonly language?: string | undefined;
  readonly temperature?: number | undefined;
  readonly seed?: number | undefined;
  readonly maxTokens?: number | undefined;
  /** What came before the prompt in the same conversation. */
  readonly before?: readonly Turn[] | undefined;
  /** What is there of the text already: the rest of it is wanted. */
  readonly begun?: string | undefined;
  readonly signal: AbortSignal;
  /** For the engine `vscode`, which works in a batch alone. */
  readonly ask?: Ask | undefined;
}

/** How a text ended. */
export interface Written {
  /** The whole text, or what is new behind `begun`, trimmed, and without a last sentence that a limit cut off. */
  readonly text: string;
  /** Something that a person should know about it: a limit, a missing feature of the endpoint. */
  readonly note?: string;
  /** It came as a whole: the endpoint does not stream. */
  readonly atOnce?: boolean;
  /** The model, where it may be another one for each text. */
  readonly model?: string;
}

/** Writes texts; one engine serves many of them. */
export interface TextEngine {
  readonly name: string;
  /** Known once `load` is done. */
  readonly model: { readonly name: string; readonly sha256?: string } | undefined;
  /** Fetches and loads the model if there is one to load; `onFraction` goes from 0 to 1. */
  load(onFraction: (fraction: number) => void, signal: AbortSignal): Promise<void>;
  /** Gives the text piece by piece as it comes, and at its end the whole. Throws `EngineError`. */
  write(prompt: string, request: WriteRequest): AsyncGenerator<string, Written>;
  close(): Promise<void>;
}
