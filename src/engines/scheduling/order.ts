import type { Problem } from './problem.ts';

/**
 * The order in which tasks are put on their machines: what comes before a task first, then by release, by priority, and
 * where some tasks wait for others by upward rank, the length of the way from a task to the end (Topcuoglu, Hariri and Wu
 * 2002), which is the order of HEFT.
 */
export function orderOf(problem: Problem): Int32Array {
  const waits = problem.before.some(({ length }) => length > 0);
  return sorted(problem, waits ? upwardRanks(problem) : undefined);
}

/** The order in which tasks come: what comes before a task first, then by release, by priority, as they are listed. */
export function arrivalOrder(problem: Problem): Int32Array {
  return sorted(problem, undefined);
}

function sorted(
  { tasks, before, releases, priorities }: Problem,
  ranks: Float64Array | undefined,
): Int32Array {
  const of = (values: Float64Array | undefined, task: number): number => values?.[task] ?? 0;
  const wanted = [...tasks.keys()].sort(
    (a, b) =>
      of(releases, a) - of(releases, b) ||
      of(priorities, b) - of(priorities, a) ||
      of(ranks, b) - of(ranks, a) ||
      a - b,
  );
  return Int32Array.from(inTopologicalOrder(wanted, before));
}

/** The tasks by upward rank alone, the highest first. */
export function byRank(problem: Problem): Int32Array {
  const ranks = upwardRanks(problem);
  const wanted = [...problem.tasks.keys()].sort(
    (a, b) => (ranks[b] as number) - (ranks[a] as number) || a - b,
  );
  return Int32Array.from(inTopologicalOrder(wanted, problem.before));
}

/** The tasks in this order, but each behind those that come before it. */
function* inTopologicalOrder(
  wanted: readonly number[],
  before: Problem['before'],
): Generator<number> {
  const out = new Uint8Array(wanted.length);
  for (const task of wanted) {
    const stack = [task];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const open = out[top] === 1 ? [] : (before[top] ?? []).filter((one) => out[one] === 0);
      if (open.length > 0) {
        stack.push(...open);
        continue;
      }
      stack.pop();
      if (out[top] === 1) continue;
      out[top] = 1;
      yield top;
    }
  }
}

/** For each task the mean time of it and of the longest chain of tasks that wait for it. */
function upwardRanks({ tasks, machines, times, before, transfers }: Problem): Float64Array {
  const width = machines.length;
  const ranks = new Float64Array(tasks.length);
  const order = [...inTopologicalOrder([...tasks.keys()], before)];
  for (const task of order.reverse()) {
    let time = 0;
    for (let machine = 0; machine < width; machine += 1) {
      time += times[task * width + machine] as number;
    }
    // So far it holds the longest way behind the task.
    ranks[task] = (ranks[task] as number) + time / width;
    for (const earlier of before[task] ?? []) {
      // Of two tasks the way is 0 when they share a machine.
      const way = ((transfers[earlier] as number) * (width - 1)) / width;
      ranks[earlier] = Math.max(ranks[earlier] as number, (ranks[task] as number) + way);
    }
  }
  return ranks;
}
