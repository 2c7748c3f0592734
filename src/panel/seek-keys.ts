/** Seconds that a key goes in a sound; both ends are as far as one can go. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -5,
  ArrowDown: -5,
  ArrowRight: 5,
  ArrowUp: 5,
  PageDown: -15,
  PageUp: 15,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** How far a key goes, in seconds; `undefined` for any other key. */
export function seekStep(key: string): number | undefined {
  return STEPS[key];
}
