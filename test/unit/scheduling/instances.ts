import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { type Problem, problemOf } from '../../../src/engines/scheduling/problem.ts';
import { readProblem } from '../../../src/engines/scheduling/read.ts';

/** The classic instances of the examples, with what is known of them: `shared` figures of the literature. */
export const CLASSIC = [
  { name: 'u_c_hihi.0', minMin: 8460675.0, bound: 7346524.2 },
  { name: 'u_i_lolo.0', minMin: 2785.6, bound: 2529.0 },
  { name: 'u_s_hilo.0', minMin: 104375.2, bound: 95419.0 },
] as const;

export function classic(name: string): Problem {
  const path = new URL(`../../../examples/schedule/hcsp/${name}`, import.meta.url);
  return readProblem(readFileSync(fileURLToPath(path), 'utf8'), name, 1);
}

/** A problem with these times, a row for each task. */
export function problemWith(
  rows: readonly (readonly number[])[],
  more: Partial<Problem> = {},
): Problem {
  const ids = (letter: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);
  const machines = ids('m', rows[0]?.length ?? 0);
  return problemOf(ids('t', rows.length), machines, Float64Array.from(rows.flat()), more);
}

/** Small problems of independent tasks, some with costs. */
export const small: fc.Arbitrary<Problem> = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 3 }))
  .chain(([tasks, machines]) =>
    fc.record({
      rows: fc.array(
        fc.array(fc.integer({ min: 0, max: 50 }), { minLength: machines, maxLength: machines }),
        {
          minLength: tasks,
          maxLength: tasks,
        },
      ),
      rates: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: machines, maxLength: machines }),
    }),
  )
  .map(({ rows, rates }) => problemWith(rows, { rates: Float64Array.from(rates) }));

/** The same, and tasks wait for earlier ones and for their release. */
export const ordered: fc.Arbitrary<Problem> = small.chain((problem) => {
  const count = problem.tasks.length;
  const list = (most: number) =>
    fc.array(fc.integer({ min: 0, max: most }), { minLength: count, maxLength: count });
  return fc
    .record({
      releases: list(30),
      priorities: list(2),
      transfers: list(10),
      before: fc.tuple(
        ...problem.tasks.map((_, task) =>
          task === 0
            ? fc.constant<number[]>([])
            : fc.uniqueArray(fc.integer({ min: 0, max: task - 1 }), { maxLength: 2 }),
        ),
      ),
    })
    .map(({ releases, priorities, transfers, before }) => ({
      ...problem,
      releases: Float64Array.from(releases),
      priorities: Float64Array.from(priorities),
      transfers: Float64Array.from(transfers),
      before,
    }));
});

/** Every assignment of a small problem. */
export function* assignmentsOf({ tasks, machines }: Problem): Generator<Int32Array> {
  const count = machines.length ** tasks.length;
  for (let number = 0; number < count; number += 1) {
    let rest = number;
    yield Int32Array.from(tasks, () => {
      const machine = rest % machines.length;
      rest = Math.floor(rest / machines.length);
      return machine;
    });
  }
}
