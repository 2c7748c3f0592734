/**
 * Writes one kind of thing as words. The replacement gets the match and its groups (`undefined`
 * where a group took no part), and leaves the text as it is by answering `undefined`.
 */
export interface Rule {
  readonly pattern: RegExp;
  replace(...groups: (string | undefined)[]): string | undefined;
}

/** A rule; the pattern has the flag `g`. */
export function rule(
  pattern: RegExp,
  replace: (...groups: (string | undefined)[]) => string | undefined,
): Rule {
  return { pattern, replace };
}

/** Applies rules one after the other. */
export function applyRules(text: string, rules: readonly Rule[]): string {
  let out = text;
  for (const { pattern, replace } of rules) {
    out = out.replace(pattern, (whole: string, ...rest: unknown[]) => {
      const groups = rest.filter((value) => typeof value === 'string' || value === undefined);
      // The last string is the text that is searched.
      return replace(whole, ...groups.slice(0, -1)) ?? whole;
    });
  }
  return out;
}
