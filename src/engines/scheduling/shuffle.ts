import type { Random } from './random.ts';

/** Brings a list into a random order, each as likely as any other (Fisher and Yates). */
export function shuffle(list: Int32Array, random: Random): void {
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    const value = list[last] as number;
    list[last] = list[other] as number;
    list[other] = value;
  }
}
