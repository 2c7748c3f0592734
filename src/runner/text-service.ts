import type { Refusal, TextAnswer, TextRequest } from '../protocol/step.ts';

/**
 * Writes a text, giving its pieces as they come. Rejects with TextRefused, or with the reason of the signal.
 */
export type TextService = (
  request: TextRequest,
  onPiece: (text: string) => void,
  signal: AbortSignal,
) => Promise<TextAnswer>;

/** A text that was asked for does not come. */
export class TextRefused extends Error {
  override readonly name = 'TextRefused';
  readonly refusal: Refusal;
  /** The window that was writing it has gone: none of the item's doing. */
  readonly lost: boolean;

  constructor(refusal: Refusal, lost = false) {
    super(refusal.message);
    this.refusal = refusal;
    this.lost = lost;
  }
}
