import type { ScheduleOptions } from '../../batch/uses/schedule.ts';
import type { Candidates } from './candidates.ts';
import type { Problem } from './problem.ts';
import type { Random } from './random.ts';
import type { Solution } from './solution.ts';

/** What an algorithm works with. */
export interface Search {
  readonly problem: Problem;
  readonly options: ScheduleOptions;
  readonly random: Random;
  /** To work on, and to value others by. */
  readonly solution: Solution;
  readonly candidates: Candidates;
  readonly best: Best;
}

/**
 * An algorithm: each value that it gives is an iteration, the mean value of its solutions where there are several.
 * It offers what it finds to `best`. It ends when it has nothing more to look for.
 */
export type Algorithm = (search: Search) => Generator<number | undefined, void>;

/** The best solution so far. */
export class Best {
  readonly assignment: Int32Array;
  value = Number.POSITIVE_INFINITY;

  constructor(tasks: number) {
    this.assignment = new Int32Array(tasks);
  }

  /** Keeps a solution if it is better. */
  offer({ value, assignment }: Pick<Solution, 'value' | 'assignment'>): void {
    if (value >= this.value) return;
    this.value = value;
    this.assignment.set(assignment);
  }
}
