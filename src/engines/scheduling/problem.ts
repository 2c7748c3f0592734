/** Tasks to be done by machines. The lists of numbers have an entry for each task unless they say otherwise. */
export interface Problem {
  readonly tasks: readonly string[];
  readonly machines: readonly string[];
  /** Expected time of task `t` on machine `k`, at `t * machines.length + k`: the matrix ETC of the literature. */
  readonly times: Float64Array;
  /** What each machine costs a unit of time. */
  readonly rates: Float64Array;
  /** A task cannot begin earlier. */
  readonly releases: Float64Array;
  /** Where the times leave it open, the task with the higher priority goes first. */
  readonly priorities: Float64Array;
  /** For each task those that must have ended before it begins. */
  readonly before: readonly (readonly number[])[];
  /** Time that what a task made takes to another machine. */
  readonly transfers: Float64Array;
}

/** Whether the makespan follows from the assignment alone, as the longest sum of times of a machine. */
export function isIndependent({ releases, before }: Problem): boolean {
  return releases.every((release) => release === 0) && before.every(({ length }) => length === 0);
}

/** What a problem leaves open is 0; nothing comes before anything. */
export function problemOf(
  tasks: readonly string[],
  machines: readonly string[],
  times: Float64Array,
  more: Partial<Problem> = {},
): Problem {
  const zeros = new Float64Array(tasks.length);
  return {
    tasks,
    machines,
    times,
    rates: new Float64Array(machines.length),
    releases: zeros,
    priorities: zeros,
    before: tasks.map(() => []),
    transfers: zeros,
    ...more,
  };
}
