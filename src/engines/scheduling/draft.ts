import { InputError, type Position } from './input-error.ts';
import { type Problem, problemOf } from './problem.ts';

/** Pairs of a task and a machine that are taken: 32 MB of times. */
const MOST_PAIRS = 4_000_000;

/** A task as an input has it. */
export interface DraftTask {
  readonly id: string;
  /** On a machine of speed 1. Not there where there is a matrix of times. */
  readonly length?: number | undefined;
  readonly release?: number | undefined;
  readonly priority?: number | undefined;
  /** Ids of tasks that must have ended before. */
  readonly after?: readonly string[] | undefined;
  readonly transfer?: number | undefined;
  readonly at: Position;
}

export interface DraftMachine {
  readonly id?: string | undefined;
  readonly speed: number;
  readonly cost: number;
  readonly at?: Position | undefined;
}

/** Machines of a problem that names none: how many, all of speed 1, or which. */
export type GivenMachines = number | readonly DraftMachine[];

/** What an input says, before it is known to make sense as a whole. */
export interface Draft {
  readonly tasks: readonly DraftTask[];
  readonly machines?: readonly DraftMachine[] | undefined;
  /** Expected times, row by row: a row for each task, an entry for each machine. */
  readonly times?: Float64Array | undefined;
}

/** The problem that an input describes. Throws an `InputError`. */
export function problemFrom({ tasks, machines, times }: Draft, given: GivenMachines): Problem {
  const drafts = machines ?? (typeof given === 'number' ? equal(given) : given);
  const start = { line: 1, column: 1 };
  if (tasks.length === 0) throw new InputError('there are no tasks', start);
  if (tasks.length * drafts.length > MOST_PAIRS) {
    const size = `${tasks.length} tasks on ${drafts.length} machines`;
    const message = `${size} are ${tasks.length * drafts.length} expected times; at most ${MOST_PAIRS} are taken`;
    throw new InputError(message, start);
  }
  const numbers = indexOf(tasks, 'tasks');
  const named = drafts.map((machine, index) => ({
    ...machine,
    id: machine.id ?? `m${index + 1}`,
    at: machine.at ?? start,
  }));
  indexOf(named, 'machines');
  const column = (of: (task: DraftTask) => number | undefined): Float64Array =>
    Float64Array.from(tasks, (task) => of(task) ?? 0);
  const before = tasks.map(({ after, at }) =>
    (after ?? []).map((id) => {
      const number = numbers.get(id);
      if (number !== undefined) return number;
      throw new InputError(`there is no task \`${id}\` to come after`, at);
    }),
  );
  refuseCircle(tasks, before);
  return problemOf(
    tasks.map(({ id }) => id),
    named.map(({ id }) => id),
    times ?? timesOf(tasks, named),
    {
      rates: Float64Array.from(named, ({ cost }) => cost),
      releases: column(({ release }) => release),
      priorities: column(({ priority }) => priority),
      transfers: column(({ transfer }) => transfer),
      before,
    },
  );
}

function equal(count: number): DraftMachine[] {
  return Array.from({ length: count }, () => ({ speed: 1, cost: 0 }));
}

function timesOf(tasks: readonly DraftTask[], machines: readonly DraftMachine[]): Float64Array {
  const times = new Float64Array(tasks.length * machines.length);
  let at = 0;
  for (const task of tasks) {
    if (task.length === undefined) {
      throw new InputError(`the task \`${task.id}\` has no \`length\``, task.at);
    }
    for (const { speed } of machines) {
      times[at] = task.length / speed;
      at += 1;
    }
  }
  return times;
}

/** Numbers by ids. */
function indexOf(
  named: readonly { readonly id: string; readonly at: Position }[],
  what: string,
): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  named.forEach(({ id, at }, number) => {
    if (numbers.has(id)) throw new InputError(`there are two ${what} \`${id}\``, at, 'Rename one.');
    numbers.set(id, number);
  });
  return numbers;
}

/** Tasks that wait for each other in a circle could never begin. */
function refuseCircle(tasks: readonly DraftTask[], before: Problem['before']): void {
  const missing = Int32Array.from(before, ({ length }) => length);
  const behind: number[][] = tasks.map(() => []);
  before.forEach((earlier, task) => {
    for (const one of earlier) behind[one]?.push(task);
  });
  const ready = [...tasks.keys()].filter((task) => missing[task] === 0);
  for (let task = ready.pop(); task !== undefined; task = ready.pop()) {
    for (const next of behind[task] ?? []) {
      missing[next] = (missing[next] as number) - 1;
      if (missing[next] === 0) ready.push(next);
    }
  }
  const stuck = tasks.find((_, task) => (missing[task] as number) > 0);
  if (stuck === undefined) return;
  throw new InputError(`the task \`${stuck.id}\` waits for itself, by way of others`, stuck.at);
}
