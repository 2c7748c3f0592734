import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Problem, problemOf } from '../../src/engines/scheduling/problem.ts';
import { Random } from '../../src/engines/scheduling/random.ts';
import { readProblem } from '../../src/engines/scheduling/read.ts';

/** An instance, with what is known of it from the literature. */
export interface Instance {
  readonly name: string;
  readonly problem: Problem;
}

const FOLDER = join(import.meta.dirname, '../../examples/schedule/hcsp');
const TASKS = 512;
const MACHINES = 16;
/** How much tasks and machines differ, at most. */
const TASK_RANGE = { hi: 3000, lo: 100 } as const;
const MACHINE_RANGE = { hi: 1000, lo: 10 } as const;

/** The classic instances in `examples/schedule/hcsp`, with the best makespans that are known. */
export const CLASSIC: readonly (Instance & { readonly bestKnown: number })[] = [
  { name: 'u_c_hihi.0', bestKnown: 7358942.8 },
  { name: 'u_i_lolo.0', bestKnown: 2533.4 },
  { name: 'u_s_hilo.0', bestKnown: 95553.3 },
].map(({ name, bestKnown }) => ({
  name,
  bestKnown,
  problem: readProblem(readFileSync(join(FOLDER, name), 'utf8'), name, 1),
}));

/**
 * An instance by the range-based method of Ali and others (2000), with which Braun and others made the classic ones: the
 * time of a task on a machine is a number of the task times one of the pair, both drawn evenly. In a consistent matrix
 * each row is sorted; in a half consistent one every second column of it.
 */
export function generated(
  kind: 'c' | 's' | 'i',
  tasks: 'hi' | 'lo',
  machines: 'hi' | 'lo',
  seed: number,
): Instance {
  const random = new Random(seed);
  const draw = (most: number): number => 1 + random.next() * (most - 1);
  const rows = Array.from({ length: TASKS }, () => {
    const base = draw(TASK_RANGE[tasks]);
    const row = Array.from({ length: MACHINES }, () => base * draw(MACHINE_RANGE[machines]));
    if (kind === 'i') return row;
    const isSorted = (column: number): boolean => kind === 'c' || column % 2 === 0;
    const sorted = row.filter((_, column) => isSorted(column)).sort((a, b) => a - b);
    return row.map((time, column) => (isSorted(column) ? (sorted.shift() ?? time) : time));
  });
  const names = (letter: string, count: number): string[] =>
    Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);
  const times = Float64Array.from(rows.flat());
  return {
    name: `u_${kind}_${tasks}${machines}, seed ${seed}`,
    problem: problemOf(names('t', TASKS), names('m', MACHINES), times),
  };
}
