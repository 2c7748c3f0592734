/** A paragraph, a heading, an item of a list: what is said in one go. */
export interface Block {
  readonly text: string;
  /** Milliseconds of silence after it. */
  readonly pause: number;
}

export const PARAGRAPH_PAUSE = 500;
