import { z } from 'zod';
import { plainText } from '../protocol/escapes.ts';
import type { FromStep, Streaming } from '../protocol/step.ts';

/** Characters of a stem's name, which a person reads, and of an outline: 400 pairs of bytes. */
const STEM_LIMIT = 100;
const PEAKS_LIMIT = 1068;

/** An id is a text; a step that counts may give it back as a number. */
const id = z.union([z.string(), z.number().transform(String)]);
const number = z.number().optional();
const STREAMING: ReadonlySet<string> = new Set<Streaming>(['in', 'out', 'resume']);
const text = z.string().optional();
/** Tasks of a schedule that is shown: one with more is only in the result. */
const TASKS_SHOWN = 5000;

/** Which machine does which task when, as a step says it. */
export const schedule = z
  .object({
    machines: z.array(z.string()).max(TASKS_SHOWN).readonly(),
    tasks: z.array(z.string()).max(TASKS_SHOWN).readonly(),
    assignment: z.array(z.int().nonnegative()).readonly(),
    start: z.array(z.number()).readonly(),
    end: z.array(z.number()).readonly(),
  })
  .refine(
    ({ machines, tasks, assignment, start, end }) =>
      [assignment, start, end].every(({ length }) => length === tasks.length) &&
      assignment.every((machine) => machine < machines.length),
  );

/** An iteration of a step, as it says it; `seconds` is for the runner to add where the step does not. */
export const iteration = z.object({
  iteration: z.int().min(1),
  best: z.number(),
  mean: number,
  evaluations: number,
  seconds: number,
  bound: number,
  series: text,
});

/** What a step knows of files that it has made in a folder. */
export const fileNotes = z.array(
  z.object({
    name: z.string(),
    mime: text,
    seconds: number,
    stem: z
      .string()
      .transform((stem) => plainText(stem.slice(0, STEM_LIMIT)))
      .optional(),
    peaks: z.base64().max(PEAKS_LIMIT).optional(),
  }),
);

const reply = z.discriminatedUnion('type', [
  // A step that is not understood here would never be given an item.
  z.object({
    type: z.literal('ready'),
    concurrency: z.int().min(1).catch(1).optional(),
    // What a newer step can do besides is left out.
    streams: z
      .array(z.string())
      .catch([])
      .transform((words) => words.filter((word) => STREAMING.has(word)))
      .optional(),
    canFinish: z.boolean().optional(),
  }),
  z.object({
    type: z.literal('progress'),
    id,
    fraction: number,
    done: number,
    total: number,
    unit: text,
    rate: number,
    eta: number,
    phase: text,
  }),
  z.object({ type: z.literal('text'), id, text: z.string() }),
  z.object({ type: z.literal('took'), id, piece: z.int() }),
  z.object({
    type: z.literal('sound'),
    id,
    file: z.string(),
    chunk: z.int(),
    text: z.string(),
    from: z.int(),
    to: z.int(),
    start: z.number(),
    end: z.number(),
    took: number,
    gap: z.boolean().optional(),
  }),
  iteration.extend({ type: z.literal('iteration'), id }),
  z.object({ type: z.literal('schedule'), id, schedule }),
  z.object({ type: z.literal('note'), id, text: z.string() }),
  z.object({ type: z.literal('log'), id: id.optional(), text: z.string() }),
  z.object({
    type: z.literal('ask'),
    id,
    ask: id,
    text: z.object({
      prompt: z.string(),
      system: text,
      model: text,
      temperature: number,
      seed: number,
      maxTokens: number,
    }),
  }),
  z.object({ type: z.literal('withdraw'), ask: id }),
  z.object({
    type: z.literal('done'),
    id,
    file: z.boolean().optional(),
    text,
    mime: text,
    seconds: number,
    beside: z.array(z.string()).optional(),
    files: fileNotes.optional(),
    engine: text,
    model: z.object({ name: z.string(), sha256: text }).optional(),
  }),
  z.object({
    type: z.literal('error'),
    id,
    message: z.string(),
    hint: text,
    retry: z.boolean().optional(),
    retryAfter: number,
    line: z.int().min(1).optional(),
    column: z.int().min(1).optional(),
  }),
]);

/** A line of a step as a message; `undefined` when it is a log line: the step is anybody's program. */
export function parseReply(line: string): FromStep | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const { success, data } = reply.safeParse(JSON.parse(line));
    return success ? (data as FromStep) : undefined;
  } catch {
    return undefined;
  }
}
