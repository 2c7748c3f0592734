/**
 * What the end of a sentence looks like in a language. Words stand without their full stop; one in
 * small letters also stands for its capitals ("inc" for "Inc."), one with a capital for itself alone.
 */
export interface SentenceRules {
  /** Words that begin a sentence and no name: "He lives in the U.S. It is far." */
  readonly starters: ReadonlySet<string>;
  /** Something always follows: "Dr.", "e.g.". */
  readonly titles: ReadonlySet<string>;
  /** They end a sentence only before a starter: "Inc.", "Sept.". */
  readonly abbreviations: ReadonlySet<string>;
  /** They end no sentence before a number: "No. 5", "pp. 3-7". */
  readonly numbered: ReadonlySet<string>;
  /** Whether "3." is how "third" is written. */
  readonly ordinals: boolean;
  /** Whether a small letter is no initial: "Find x. Then stop." ends at x, "z. B. Rom" not at z. */
  readonly capitalInitials: boolean;
}

/** The words of a text. */
export function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
