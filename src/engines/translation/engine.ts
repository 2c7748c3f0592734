import { EngineError } from '../error.ts';
import { languageName } from '../text/prompt.ts';

/** The language of a text when it cannot be told, or not yet. */
export const UNKNOWN = 'und';

/** From which language to which, as codes (BCP 47). */
export interface Pair {
  readonly from: string;
  readonly to: string;
}

/** Something that translates. */
export interface Translator {
  readonly name: string;
  /** Known once something was translated. */
  readonly model?: { readonly name: string; readonly sha256?: string } | undefined;
  /** Sentences that it is given at once, at the most. */
  readonly batch: number;
  /** While a text is still coming, so many ms are between two calls: for what costs much to start. */
  readonly pause?: number;
  /** Throws an `EngineError` for a pair that it cannot do, before any work. The language of the text may be UNKNOWN. */
  check(pair: Pair): void;
  /** Each sentence in the other language, in their order. Throws an `EngineError`, and the signal's reason. */
  translate(sentences: readonly string[], pair: Pair, signal: AbortSignal): Promise<string[]>;
  close(): Promise<void>;
}

/** The language of a code without its region: `pt` of `pt-BR`. */
export function baseOf(language: string): string {
  return language.toLowerCase().split('-')[0] ?? language;
}

/** Throws an `EngineError` when there is nothing to translate between two languages. */
export function assertDifferent({ from, to }: Pair): void {
  if (baseOf(from) !== baseOf(to)) return;
  throw new EngineError(`the text is in ${languageName(from)} already`, {
    hint: 'Set `language`, if it was taken for another one, or take the step translate out of the batch.',
    retry: false,
  });
}
