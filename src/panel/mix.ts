/** What the person has set for a stem. */
export interface Fader {
  readonly stem: string;
  readonly muted: boolean;
  readonly solo: boolean;
  /** 0 to 1. */
  readonly volume: number;
}

/** What the person has set for the stems of a song, and where they are in it. Stems that were not touched are left out. */
export interface Mix {
  /** In seconds. */
  readonly time: number;
  readonly faders: readonly Fader[];
}

export const UNTOUCHED: Mix = { time: 0, faders: [] };

export function faderOf({ faders }: Mix, stem: string): Fader {
  const found = faders.find((fader) => fader.stem === stem);
  return found ?? { stem, muted: false, solo: false, volume: 1 };
}

export function withFader(mix: Mix, stem: string, change: Partial<Omit<Fader, 'stem'>>): Mix {
  const others = mix.faders.filter((fader) => fader.stem !== stem);
  return { ...mix, faders: [...others, { ...faderOf(mix, stem), ...change }] };
}

/** Whether a stem is heard: while stems are soloed those alone are, muted or not; otherwise all that are not muted. */
export function isHeard(mix: Mix, stem: string): boolean {
  const { muted, solo } = faderOf(mix, stem);
  return mix.faders.some((fader) => fader.solo) ? solo : !muted;
}

/** What the samples of a stem are multiplied with: the square of its volume, by which half of it sounds like half. */
export function gainOf(mix: Mix, stem: string): number {
  return isHeard(mix, stem) ? faderOf(mix, stem).volume ** 2 : 0;
}
