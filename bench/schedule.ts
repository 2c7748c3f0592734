/**
 * Schedules: makespans on classic instances beside the best that are known and the lower bound, on instances that nobody
 * looked at while the searches were made, evaluations a second beside a plain implementation of the same neighbourhood,
 * and HiGHS given the same time for the whole problem. Eight minutes; `--quick` takes one, and says less.
 */
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import highsModule, { type Highs, type InitOptions } from 'highs';
import { type AlgorithmName, scheduleOptions } from '../src/batch/uses/schedule.ts';
import { candidatesOf } from '../src/engines/scheduling/candidates.ts';
import { Change } from '../src/engines/scheduling/change.ts';
import { minMin } from '../src/engines/scheduling/lists.ts';
import { optimise } from '../src/engines/scheduling/optimise.ts';
import { findPrices } from '../src/engines/scheduling/prices.ts';
import type { Problem } from '../src/engines/scheduling/problem.ts';
import { Random } from '../src/engines/scheduling/random.ts';
import { relaxationOf } from '../src/engines/scheduling/relaxation.ts';
import { scheduleOf } from '../src/engines/scheduling/results.ts';
import { solutionOf } from '../src/engines/scheduling/solution.ts';
import { CLASSIC, generated } from './lib/instances.ts';
import { PlainSearch } from './lib/plain-search.ts';
import { printTable, verdict } from './lib/table.ts';

const QUICK = process.argv.includes('--quick');
const SECONDS = QUICK ? 2 : 10;
const SEEDS = QUICK ? [1, 2] : [1, 2, 3, 4, 5];
const STARTS = 2;
/** Where the searches were not looked at while they were made. */
const SEED_OF_UNSEEN = 20_260;
const DIST = join(import.meta.dirname, '../dist/steps');
const built = (name: string): URL => pathToFileURL(join(DIST, name));
const PROGRAMS = {
  search: built('schedule-search.js'),
  bound: built('schedule-bound.js'),
  wasm: built('highs.wasm'),
};

interface Found {
  readonly makespan: number;
  readonly bound: number;
}

async function search(problem: Problem, algorithm: AlgorithmName, seed: number): Promise<Found> {
  const options = scheduleOptions.parse({
    algorithm,
    seed,
    starts: STARTS,
    time_limit: SECONDS,
  });
  const { assignment, last } = await optimise(problem, options, {
    programs: PROGRAMS,
    signal: new AbortController().signal,
    finish: new AbortController().signal,
    onIteration() {},
    onBetter() {},
  });
  return { makespan: scheduleOf(problem, assignment).makespan, bound: last?.bound ?? 0 };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (share: number): string => `${(share * 100).toFixed(3)} %`;
const time = (value: number): string => value.toFixed(1);

/** Of all instances and algorithms; the claim is that this is never so. */
let wrong = 0;
const above: number[] = [];

console.log(
  `Load of the machine: ${loadavg()[0]?.toFixed(1)}. ${STARTS} starts, ${SECONDS} s each.`,
);

for (const { name, problem, bestKnown } of CLASSIC) {
  const rule = scheduleOf(problem, minMin(problem)).makespan;
  const rows: string[][] = [
    ['Min-min', time(rule), time(rule), percent(rule / bestKnown - 1), '', ''],
  ];
  for (const algorithm of ['SA', 'TABU', 'GA', 'ACO', 'PSO'] as const) {
    const seeds = algorithm === 'SA' ? SEEDS : SEEDS.slice(0, 1);
    const found: Found[] = [];
    for (const seed of seeds) found.push(await search(problem, algorithm, seed));
    const makespans = found.map(({ makespan }) => makespan);
    const bound = Math.max(...found.map((one) => one.bound));
    wrong += makespans.filter((makespan) => makespan < bound || makespan >= rule).length;
    const over = mean(makespans) / bestKnown - 1;
    if (algorithm === 'SA') above.push(mean(makespans) / bound - 1);
    rows.push([
      `${algorithm}, seeds ${seeds.join(' ')}`,
      time(Math.min(...makespans)),
      time(mean(makespans)),
      percent(over),
      percent(mean(makespans) / bound - 1),
      algorithm === 'SA' ? verdict(over <= 0.005, 'mean within 0.5 % of the best known') : '',
    ]);
  }
  const head = ['', 'best', 'mean', 'above best known', 'above bound', ''];
  printTable(`${name}: best known ${time(bestKnown)}`, head, rows);
}

const kinds = QUICK ? (['c', 'i'] as const) : (['c', 's', 'i'] as const);
const unseen: number[] = [];
const rows: string[][] = [];
for (const kind of kinds) {
  for (const [tasks, machines] of [
    ['hi', 'hi'],
    ['hi', 'lo'],
    ['lo', 'hi'],
    ['lo', 'lo'],
  ] as const) {
    if (QUICK && tasks !== machines) continue;
    const { name, problem } = generated(kind, tasks, machines, SEED_OF_UNSEEN);
    const { makespan, bound } = await search(problem, 'SA', 1);
    const rule = scheduleOf(problem, minMin(problem)).makespan;
    wrong += Number(makespan < bound || makespan >= rule);
    unseen.push(makespan / bound - 1);
    rows.push([name, time(rule), time(bound), time(makespan), percent(makespan / bound - 1)]);
  }
}
printTable(
  'Instances by the published method with another seed, SA, seed 1',
  ['', 'Min-min', 'bound', 'SA', 'above bound'],
  rows,
);
console.log(
  `\nAbove the bound: classic instances ${percent(mean(above))}, unseen ones ${percent(mean(unseen))} on average.`,
);
console.log(`Below a bound, or no better than Min-min: ${verdict(wrong === 0, `${wrong} of all`)}`);

/** Changes that are valued in a second, by one thread. */
function speeds(problem: Problem): string[] {
  const seconds = QUICK ? 1 : 3;
  const prices = findPrices(problem, 0);
  const solution = solutionOf(problem, prices, 0);
  const candidates = candidatesOf(problem, prices, 0);
  const random = new Random(1);
  solution.assign(minMin(problem));
  const change = new Change();
  const look = (until: number): void => {
    while (performance.now() < until) {
      for (let count = 0; count < 10_000; count += 1) {
        // As a search that is cold: what makes nothing worse is made.
        if (change.draw(solution, candidates, random) && change.rise <= 0) change.make(solution);
      }
    }
  };
  // What the compiler needs does not count.
  look(performance.now() + 500);
  const before = solution.evaluations;
  const begun = performance.now();
  look(begun + seconds * 1000);
  const own = ((solution.evaluations - before) * 1000) / (performance.now() - begun);
  const plain = new PlainSearch(problem, new Random(1));
  const start = performance.now();
  while (performance.now() < start + seconds * 1000) plain.step();
  const other = (plain.evaluations * 1000) / (performance.now() - start);
  const millions = (value: number): string => `${(value / 1e6).toFixed(2)} M`;
  return [millions(own), millions(other), `${(own / other).toFixed(0)} x`];
}
printTable(
  'Changes valued in a second, one thread',
  ['', 'Sluice', 'plain', ''],
  CLASSIC.map(({ name, problem }) => [name, ...speeds(problem)]),
);

/** Its types are those of CommonJS, where the function is a property. */
const loadHighs = highsModule as unknown as (options: InitOptions) => Promise<Highs>;
const solver = await loadHighs({ wasmBinary: readFileSync(join(DIST, 'highs.wasm')) });

/** The best schedule that HiGHS finds as a mixed-integer program in the same time; it has one thread. */
function byHighs(problem: Problem): string {
  const unit = findPrices(problem, 0).bound;
  const model = relaxationOf(problem, 0, unit);
  const shares = problem.times.length;
  const integrality = Int32Array.from({ length: shares + 1 }, (_, column) =>
    Number(column < shares),
  );
  return solver.withModel({ ...model, integrality }, (program) => {
    program.options.set('output_flag', false);
    program.options.set('time_limit', SECONDS);
    program.run();
    const makespan = program.getObjectiveValue() * unit;
    return Number.isFinite(makespan) && makespan > 0 ? time(makespan) : 'none';
  });
}
printTable(
  `HiGHS, the whole problem, ${SECONDS} s`,
  ['', 'makespan', 'best known'],
  CLASSIC.map(({ name, problem, bestKnown }) => [name, byHighs(problem), time(bestKnown)]),
);
if (wrong > 0) process.exitCode = 1;
