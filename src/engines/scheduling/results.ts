import type { ScheduleOptions } from '../../batch/uses/schedule.ts';
import { gapOf } from '../../protocol/curve.ts';
import type { Iteration, Schedule } from '../../protocol/events.ts';
import { orderOf } from './order.ts';
import type { Problem } from './problem.ts';
import { costOf } from './timed.ts';
import { timetableOf } from './timetable.ts';

/** What a search came to, for people and programs to read. */
export interface Report {
  readonly title: string;
  readonly problem: Problem;
  readonly options: ScheduleOptions;
  readonly schedule: Schedule;
  readonly makespan: number;
  readonly cost: number;
  /** All that were told. */
  readonly iterations: readonly Iteration[];
}

/** The schedule that an assignment gives. */
export function scheduleOf(
  problem: Problem,
  assignment: Int32Array,
): { readonly schedule: Schedule; readonly makespan: number; readonly cost: number } {
  const { tasks, machines } = problem;
  const { start, end, makespan } = timetableOf(problem, assignment, orderOf(problem));
  const schedule = {
    machines,
    tasks,
    assignment: [...assignment],
    start: [...start].map(rounded),
    end: [...end].map(rounded),
  };
  return { schedule, makespan, cost: costOf(problem, assignment) };
}

/** The files of a report by what is added to the name of the result. */
export function filesOf(report: Report): Readonly<Record<string, string>> {
  return {
    '.csv': assignmentCsv(report),
    '.json': json(report),
    '.md': summary(report),
    '.curve.csv': curveCsv(report),
  };
}

/** Sums of times are right to about 12 digits; the rest is noise. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

function assignmentCsv({ schedule }: Report): string {
  const { tasks, machines, assignment, start, end } = schedule;
  const rows = tasks.map((task, index) => [
    task,
    machines[assignment[index] ?? 0],
    start[index],
    end[index],
  ]);
  return csv([['task', 'machine', 'start', 'end'], ...rows]);
}

function curveCsv({ iterations }: Report): string {
  const columns = ['iteration', 'seconds', 'best', 'mean', 'evaluations', 'bound'] as const;
  return csv([columns, ...iterations.map((one) => columns.map((column) => one[column]))]);
}

function csv(rows: readonly (readonly (string | number | undefined)[])[]): string {
  const cell = (value: string | number | undefined): string => {
    const text = String(value ?? '');
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${rows.map((row) => row.map(cell).join(',')).join('\n')}\n`;
}

function json({ options, schedule, makespan, cost, iterations }: Report): string {
  const { tasks, machines, assignment, start, end } = schedule;
  const last = iterations.at(-1);
  const found = {
    algorithm: options.algorithm,
    seed: options.seed,
    makespan: rounded(makespan),
    cost: rounded(cost),
    bound: last?.bound,
    gap: last && gapOf(last),
    iterations: last?.iteration,
    evaluations: last?.evaluations,
    seconds: last?.seconds,
    machines,
    tasks: tasks.map((id, index) => ({
      id,
      machine: machines[assignment[index] ?? 0],
      start: start[index],
      end: end[index],
    })),
  };
  return `${JSON.stringify(found, undefined, 1)}\n`;
}

function summary({
  title,
  problem,
  options,
  schedule,
  makespan,
  cost,
  iterations,
}: Report): string {
  const last = iterations.at(-1);
  const gap = last && gapOf(last);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Algorithm', `${options.algorithm}, seed ${options.seed}`],
    ['Tasks, machines', `${problem.tasks.length}, ${problem.machines.length}`],
    ['Makespan', readable(makespan)],
    ['Cost', cost === 0 ? undefined : readable(cost)],
    ['Lower bound', last?.bound === undefined ? undefined : readable(last.bound)],
    ['Above the bound', gap === undefined ? undefined : `${(gap * 100).toFixed(2)} %`],
    ['Iterations', last?.iteration.toLocaleString('en')],
    ['Evaluations', last?.evaluations?.toLocaleString('en')],
    ['Time', last === undefined ? undefined : `${last.seconds.toFixed(1)} s`],
  ];
  const busy = problem.machines.map((id, machine) => {
    const own = [...schedule.tasks.keys()].filter((task) => schedule.assignment[task] === machine);
    const time = own.reduce((sum, task) => sum + length(schedule, task), 0);
    const share = makespan === 0 ? 0 : time / makespan;
    return `| ${escaped(id)} | ${own.length} | ${readable(time)} | ${(share * 100).toFixed(1)} % |`;
  });
  return [
    `# ${escaped(title)}`,
    '',
    '| | |',
    '|---|---|',
    ...facts.flatMap(([name, value]) => (value === undefined ? [] : [`| ${name} | ${value} |`])),
    '',
    '| machine | tasks | busy | of the makespan |',
    '|---|---|---|---|',
    ...busy,
    '',
  ].join('\n');
}

function length({ start, end }: Schedule, task: number): number {
  return (end[task] ?? 0) - (start[task] ?? 0);
}

function readable(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 8 });
}

/** A name is no Markdown. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|~]/g, '\\$&').replace(/\s+/g, ' ');
}
