import { closest } from 'fastest-levenshtein';
import type { Batch, Step } from './schema.ts';
import { stepName } from './step-name.ts';

/** The item itself, among what a step may work on. */
export const ITEM = -1;
/** How a batch file names the item itself. */
const ITEM_NAME = 'input';

/**
 * What each step works on, as indexes of earlier steps, or ITEM. The first one is what it is given as its
 * input. Of a batch that was parsed.
 */
export function sourcesOf({ steps }: Pick<Batch, 'steps'>): readonly (readonly number[])[] {
  return steps.map(
    (step, index) => namesOf(step)?.map((name) => indexOf(steps, index, name)) ?? [index - 1],
  );
}

/** The names that a step says in `from`; `undefined` when it says nothing. */
export function namesOf({ from }: Pick<Step, 'from'>): readonly string[] | undefined {
  return typeof from === 'string' ? [from] : from;
}

/** Whether another step works on what this one makes. */
export function isTaken(batch: Pick<Batch, 'steps'>, index: number): boolean {
  return sourcesOf(batch).some((sources) => sources.includes(index));
}

/** For each step, the steps that lead to what it makes, itself included, in the order of the batch. */
export function lineages(batch: Pick<Batch, 'steps'>): readonly (readonly number[])[] {
  const found: number[][] = [];
  for (const [step, sources] of sourcesOf(batch).entries()) {
    const all = new Set(sources.flatMap((source) => found[source] ?? []));
    found.push([...all, step].sort((a, b) => a - b));
  }
  return found;
}

/** The last earlier step of that name; ITEM when there is none. */
function indexOf(steps: readonly Named[], before: number, name: string): number {
  return name === ITEM_NAME
    ? ITEM
    : steps.slice(0, before).findLastIndex((step) => stepName(step) === name);
}

type Named = Parameters<typeof stepName>[0] & Pick<Step, 'from'>;

/** Names in `from` that stand for no earlier step. Paths begin at the list of steps. */
export function sourceProblems(
  steps: readonly Named[],
): readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] {
  return steps.flatMap((step, index) => {
    const known = [ITEM_NAME, ...steps.slice(0, index).map(stepName)];
    return (namesOf(step) ?? []).flatMap((name, place) => {
      if (known.includes(name)) return [];
      const path = [index, 'from', ...(Array.isArray(step.from) ? [place] : [])];
      const later = steps.slice(index).some((other) => stepName(other) === name);
      const near = closest(name, known);
      const message = later
        ? `\`${name}\` is no step before this one: a step takes what an earlier one makes`
        : `there is no step \`${name}\` before this one; did you mean \`${near}\`?`;
      return [{ path, message }];
    });
  });
}
