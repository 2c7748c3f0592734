import { z } from 'zod';
import { slug } from '../../batch/placeholders.ts';
import { ALGORITHMS, scheduleOptions } from '../../batch/uses/schedule.ts';
import { gapOf } from '../../protocol/curve.ts';
import type { Schedule } from '../../protocol/events.ts';
import { RequestError } from '../errors.ts';
import type { Teller } from '../message-stream.ts';
import { newMark, type OwnBatch } from '../starter.ts';
import { defined, failureMessage, resultMessage } from './told.ts';

/** What a search may take that nobody has bounded, in seconds. */
const TIME_LIMIT = 10;

const algorithm = z
  .string()
  .transform((name) =>
    name
      .trim()
      .toUpperCase()
      .replace(/[\s-]+/g, '_'),
  )
  .pipe(z.enum(ALGORITHMS));

const named = z.looseObject({ id: z.union([z.string().min(1), z.number()]) });
/** What a task is, the step itself says, and where one is wrong. */
const problem = {
  tasks: z.array(named).min(1).max(100_000),
  machines: z.union([z.int().min(1).max(10_000), z.array(z.looseObject({}))]).optional(),
  times: z.array(z.array(z.number())).optional().describe('Of each task on each machine.'),
};

/** The body of `POST /stream_scheduling`. */
export const schedulingRequest = z.object({
  algorithm: algorithm.default('SA').describe(ALGORITHMS.join(', ')),
  ...problem,
  parameters: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('Options of the step `schedule`: docs/scheduling.md. Others mean nothing here.'),
});

export type SchedulingRequest = z.output<typeof schedulingRequest>;

/** The batch of one search. */
export function schedulingBatch(request: SchedulingRequest): OwnBatch {
  const { algorithm: wanted, parameters, tasks, machines, times } = request;
  const known = Object.entries(parameters).filter(([name]) => name in scheduleOptions.shape);
  const options = { ...Object.fromEntries(known), algorithm: wanted };
  const checked = scheduleOptions.safeParse(options);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new RequestError(400, `parameters: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { n_iterations: iterations, time_limit: limit } = checked.data;
  const bounded = iterations !== undefined || limit !== undefined;
  const name = `${wanted} of ${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'}`;
  return {
    name,
    file: JSON.stringify({ tasks, ...defined({ machines, times }) }),
    batch: {
      steps: [
        { uses: 'schedule', with: { ...options, ...(bounded ? {} : { time_limit: TIME_LIMIT }) } },
      ],
      output: `out/schedules/${slug(name)}-${newMark()}.json`,
    },
  };
}

/** The iterations of a search, in the words of its trade. */
export const schedulingTeller: Teller = {
  begin: ({ run }) => ({ type: 'start', run: run.id }),
  tell(event, { run }) {
    if (event.type === 'result') return [resultMessage(run.id, event.item, event.result)];
    if (event.type !== 'iteration') return [];
    const { iteration, best, mean, evaluations, seconds, bound } = event;
    const more = defined({ mean, evaluations, seconds, lower_bound: bound });
    return [{ type: 'iteration', iteration, makespan: best, ...more }];
  },
  end(state) {
    const [item] = state.items;
    const { curve, schedule } = item ?? {};
    if (state.state !== 'done' || curve === undefined || schedule === undefined) {
      return failureMessage(state);
    }
    const { last } = curve;
    return {
      type: 'complete',
      run: state.run.id,
      makespan: last.best,
      ...defined({ lower_bound: last.bound, gap: gapOf(last) }),
      iterations: last.iteration,
      assignment: Object.fromEntries(rows(schedule).map(({ task, machine }) => [task, machine])),
      schedule: rows(schedule),
    };
  },
};

interface Row {
  readonly task: string;
  readonly machine: string;
  readonly start: number;
  readonly end: number;
}

function rows({ tasks, machines, assignment, start, end }: Schedule): Row[] {
  return tasks.map((task, index) => ({
    task,
    machine: machines[assignment[index] ?? 0] ?? '',
    start: start[index] ?? 0,
    end: end[index] ?? 0,
  }));
}
