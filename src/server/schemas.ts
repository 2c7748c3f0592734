import { z } from 'zod';

/** What the server answers, as schemas: of the OpenAPI document, and of the test that compares them with it. */

export const runId = z.object({
  id: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be the id of a run')
    .describe('The id of a run.'),
});

export const itemOf = runId.extend({
  item: z.coerce.number().int().min(1).describe('Number of an item in its run, from 1.'),
});

export const flag = z
  .enum(['0', '1', 'false', 'true', ''])
  .transform((value) => value !== '0' && value !== 'false');

const seq = z.int().min(0);
const count = z.int().min(0);
const time = z.number().describe('In ms since 1970.');

const progress = z.looseObject({
  fraction: z.number().optional(),
  done: z.number().optional(),
  total: z.number().optional(),
  unit: z.string().optional(),
  phase: z.string().optional(),
});

const place = z.looseObject({
  file: z.string(),
  line: z.int().optional(),
  column: z.int().optional(),
});

const failure = z.looseObject({
  message: z.string(),
  hint: z.string().optional(),
  where: place.optional(),
});

const result = z.looseObject({
  path: z.string().describe('Relative to the workspace.'),
  mime: z.string(),
  bytes: count,
  seconds: z.number().optional(),
});

const counts = z.object({
  queued: count,
  running: count,
  waiting: count,
  done: count,
  failed: count,
  cancelled: count,
  skipped: count,
});

const runPhase = z.enum([
  'running',
  'paused',
  'cancelling',
  'done',
  'failed',
  'cancelled',
  'interrupted',
]);

const itemState = z.looseObject({
  item: z.int().min(1),
  title: z.string(),
  state: z.enum(['queued', 'running', 'waiting', 'done', 'failed', 'cancelled', 'skipped']),
  attempt: count,
  step: count,
  progress: progress.optional(),
  text: z.string(),
  textLength: count,
  lastLine: z.string().optional(),
  results: z.array(result),
  failure: failure.optional(),
  started: time.optional(),
  ended: time.optional(),
});

/** A line of `GET /runs`. */
export const runSummary = z.object({
  id: z.string(),
  name: z.string(),
  batch: z.string().describe('The batch file, relative to the workspace.'),
  state: runPhase,
  counts,
  total: count,
  started: time,
  ended: time.optional(),
});

export const runState = z.looseObject({
  seq: seq.describe('Number of the last event that is in this state.'),
  run: z.looseObject({
    id: z.string(),
    name: z.string(),
    batch: z.string(),
    steps: z.array(z.looseObject({ name: z.string() })),
    total: count,
  }),
  state: runPhase,
  concurrency: z.int(),
  started: time,
  ended: time.optional(),
  counts,
  items: z.array(itemState),
  active: z.array(z.int()),
  queue: z.array(z.int()),
});

export const runEvent = z.looseObject({
  seq: z.int().min(1).describe('1, 2, 3 and so on, without gaps.'),
  time,
  type: z.string().describe('What it says: docs/events.md.'),
});

const problem = z.looseObject({
  file: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  line: z.int().optional(),
  column: z.int().optional(),
});

export const errorAnswer = z.object({
  error: z.string(),
  hint: z.string().optional(),
  problems: z.array(problem).optional(),
});
