import { expect, test } from 'vitest';
import { type ScheduleOptions, scheduleOptions } from '../../../src/batch/uses/schedule.ts';
import { optimise } from '../../../src/engines/scheduling/optimise.ts';
import type { Problem } from '../../../src/engines/scheduling/problem.ts';
import { scheduleOf } from '../../../src/engines/scheduling/results.ts';
import type { Iteration } from '../../../src/protocol/events.ts';
import { CLASSIC, classic, problemWith } from './instances.ts';

const source = (name: string): URL =>
  new URL(`../../../src/engines/scheduling/${name}`, import.meta.url);
const PROGRAMS = {
  search: source('search-worker.ts'),
  bound: source('bound-worker.ts'),
  wasm: new URL('../../../node_modules/highs/build/highs.wasm', import.meta.url),
};

/** Longer than any test. */
const FOR_EVER = 1e6;

interface Running {
  readonly iterations: Iteration[];
  readonly cancel: AbortController;
  readonly finish: AbortController;
}

async function run(
  problem: Problem,
  options: Partial<ScheduleOptions>,
  onIteration: (running: Running) => void = () => {},
) {
  const running: Running = {
    iterations: [],
    cancel: new AbortController(),
    finish: new AbortController(),
  };
  const { assignment, last } = await optimise(problem, scheduleOptions.parse(options), {
    programs: PROGRAMS,
    signal: running.cancel.signal,
    finish: running.finish.signal,
    onIteration(iteration) {
      running.iterations.push(iteration);
      onIteration(running);
    },
    onBetter() {},
  });
  const { makespan } = scheduleOf(problem, assignment);
  return { assignment: [...assignment], last, makespan, iterations: running.iterations };
}

test.for(CLASSIC)(
  'the bound of $name is that of the linear relaxation',
  async ({ name, bound, minMin }) => {
    const { last, makespan } = await run(classic(name), { algorithm: 'MIN_MIN' });
    expect(last?.bound).toBeCloseTo(bound, 1);
    expect(makespan).toBeCloseTo(minMin, 1);
    expect(last?.best).toBeCloseTo(minMin, 1);
  },
);

test('each iteration is told, with what was found', async () => {
  const options = { algorithm: 'ACO', n_iterations: 30 } as const;
  const { iterations, last } = await run(classic('u_i_lolo.0'), options);
  const numbers = iterations.map(({ iteration }) => iteration);
  expect([...new Set(numbers)]).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  const bests = iterations.map(({ best }) => best);
  expect(bests).toEqual([...bests].sort((a, b) => b - a));
  for (const one of iterations) {
    expect(one.best).toBeGreaterThanOrEqual(one.bound ?? Number.NaN);
    expect(one.mean).toBeGreaterThanOrEqual(one.best);
    expect(one.series).toBe('ACO');
  }
  expect(last?.evaluations).toBeGreaterThan(300);
});

test('the same seed gives the same result, from several starts too', async () => {
  const options = { algorithm: 'SA', n_iterations: 6, starts: 3, seed: 5, bound: false } as const;
  const problem = classic('u_i_lolo.0');
  const [first, second] = [await run(problem, options), await run(problem, options)];
  expect(first.assignment).toEqual(second.assignment);
  const alone = await run(problem, { ...options, starts: 1 });
  expect(first.makespan).toBeLessThanOrEqual(alone.makespan);
});

test('the best so far is there at once when it is asked for', async () => {
  const options = { time_limit: FOR_EVER };
  const { makespan, last } = await run(classic('u_i_lolo.0'), options, ({ finish, iterations }) => {
    if (iterations.length === 3) finish.abort();
  });
  expect(makespan).toBeCloseTo(last?.best ?? Number.NaN, 6);
});

test('asked for before anything was found, there is a schedule too', async () => {
  const finish = AbortSignal.abort();
  const found = await optimise(
    problemWith([[1], [2]]),
    scheduleOptions.parse({ time_limit: FOR_EVER }),
    {
      programs: PROGRAMS,
      signal: new AbortController().signal,
      finish,
      onIteration() {},
      onBetter() {},
    },
  );
  expect([...found.assignment]).toEqual([0, 0]);
});

test('a search is given up', async () => {
  const running = run(classic('u_i_lolo.0'), { time_limit: FOR_EVER }, ({ cancel }) =>
    cancel.abort(new Error('enough')),
  );
  await expect(running).rejects.toThrow('enough');
});

test('a search ends at its target', async () => {
  const { last } = await run(classic('u_i_lolo.0'), { time_limit: FOR_EVER, target: 2700 });
  expect(last?.best).toBeLessThanOrEqual(2700);
});

test('a search without a number of iterations ends when its result is proven to be the best', async () => {
  const problem = problemWith([
    [4, 4],
    [4, 4],
  ]);
  const { last } = await run(problem, { time_limit: FOR_EVER });
  expect(last).toMatchObject({ best: 4, bound: 4 });
});

test('a time limit that is over before the first iteration waits for it', async () => {
  const { last, makespan } = await run(classic('u_i_lolo.0'), {
    algorithm: 'GA',
    time_limit: 0.001,
  });
  expect(makespan).toBeLessThanOrEqual(2785.7);
  expect(last?.iteration).toBe(1);
});

test('a thread that breaks is told', async () => {
  const broken = { ...problemWith([[1]]), times: undefined } as unknown as Problem;
  const problem = { ...problemWith([[1]]), releases: undefined } as unknown as Problem;
  await expect(run(problem, {})).rejects.toThrow();
  await expect(run(broken, {})).rejects.toThrow();
});
