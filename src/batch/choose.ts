import { relativePath } from './paths.ts';
import type { Plan } from './plan.ts';
import { BatchError } from './problem.ts';

/**
 * The plan of some of a batch's items, by their numbers in the batch, from 1. They are numbered anew, in the
 * order of the batch; their placeholders, and so their results, are those of the whole batch. Throws
 * BatchError for a number that the batch does not have.
 */
export function chooseItems(plan: Plan, numbers: readonly number[]): Plan {
  const total = plan.items.length;
  const unknown = numbers.find((number) => plan.items[number - 1] === undefined);
  if (unknown !== undefined || numbers.length === 0) {
    throw new BatchError([
      {
        file: relativePath(plan.workspace, plan.batchFile),
        message:
          unknown === undefined
            ? 'No item is chosen.'
            : `There is no item ${unknown} in this batch.`,
        hint: total === 1 ? 'It has one item.' : `Its items are 1 to ${total}.`,
      },
    ]);
  }
  const wanted = new Set(numbers);
  const chosen = plan.items.filter(({ item }) => wanted.has(item));
  return {
    ...plan,
    items: chosen.map((planned, index) => ({ ...planned, item: index + 1 })),
    only: chosen.map(({ item }) => item),
  };
}
