import { z } from 'zod';
import type { Step } from '../batch/schema.ts';
import { plainText } from '../protocol/escapes.ts';
import type { Fact } from '../protocol/events.ts';
import type { Answer } from '../protocol/step.ts';
import type { StepOutcome } from '../runner/executor.ts';
import { fileNotes, iteration, schedule } from '../runner/reply.ts';

/*
 * What runners and workers say to each other: docs/cluster.md. Each side checks what the other one says: it comes out
 * of Redis, and another version may have written it.
 */

/** Rises when runners and workers of two versions do not understand each other. */
export const CLUSTER_VERSION = 1;

const text = z.string();
/** Of a worker, in names of keys, and for people. */
export const workerId = z.string().regex(/^[\w-]{1,64}$/);
export const workerName = z.string().transform((told) => plainText(told.slice(0, 100)));
const step = z.int().min(0).max(1000);
const count = z.int().min(0);
/** Names of files and folders joined by `/`: none of them leads up. */
const name = z
  .string()
  .max(4096)
  .regex(/^[^/\\\0]+(?:\/[^/\\\0]+)*$/)
  .refine((value) => !value.split('/').some((part) => part === '.' || part === '..'));
/** A path on another machine, from its root; a folder may end with `/`. */
const path = z.string().refine((value) => name.safeParse(value.replace(/\/$/, '')).success);

const failure = z.object({
  message: text,
  hint: text.optional(),
  where: z.object({ file: text, line: z.int().optional(), column: z.int().optional() }).optional(),
});

const provenance = z.object({
  name: text,
  engine: text.optional(),
  model: z.object({ name: text, sha256: text.optional() }).optional(),
});

/** A step that was made, and those that led to it. */
const lineage = z.array(z.tuple([step, provenance]));

/** A step of a batch as it was parsed. What it may say besides is for those who do it. */
const batchStep = z
  .looseObject({
    uses: text.optional(),
    with: z.record(text, z.unknown()).optional(),
    run: z.union([text, z.array(text)]).optional(),
    shell: z.boolean(),
    warm: z.boolean(),
    env: z.record(text, text).optional(),
    cwd: text.optional(),
  })
  .transform((value) => value as unknown as Step);

/** Of the facts about an item, those that its steps make. The run itself knows which item it is. */
const fact = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('step'),
    step,
    beside: z.array(step).optional(),
    finished: count.optional(),
    canFinish: z.boolean().optional(),
  }),
  z.object({
    type: z.literal('progress'),
    step,
    progress: z.object({
      fraction: z.number().optional(),
      done: z.number().optional(),
      total: z.number().optional(),
      unit: text.optional(),
      rate: z.number().optional(),
      eta: z.number().optional(),
      phase: text.optional(),
    }),
  }),
  z.object({ type: z.literal('text'), step, text }),
  z.object({
    type: z.literal('sound'),
    step,
    sound: z.object({
      chunk: count,
      text,
      from: count,
      to: count,
      start: z.number(),
      end: z.number(),
      took: z.number().optional(),
      gap: z.boolean().optional(),
      /** Its file's name, sent before. */
      path: name,
    }),
  }),
  iteration.extend({ type: z.literal('iteration'), step, seconds: z.number() }),
  z.object({ type: z.literal('schedule'), step, schedule }),
  z.object({
    type: z.literal('log'),
    /** 0 for what a warm step says of itself. */
    item: z.int(),
    step,
    stream: z.enum(['out', 'err']),
    lines: z.array(text),
  }),
  z.object({ type: z.literal('silence'), step, seconds: z.number() }),
  z.object({ type: z.literal('note'), level: z.enum(['info', 'warning']), message: text }),
]);

type StepFact = Exclude<Extract<Fact, { step: number }>, { type: 'result' }>['type'];
/** A step's fact that is not listed above would not come back from a worker: this would not compile. */
const ALL_FACTS: Record<Exclude<StepFact, z.output<typeof fact>['type']>, never> = {};
void ALL_FACTS;

/** The bytes of a file, in letters of their own between these two. */
const file = [
  z.object({ type: z.literal('file'), name }),
  z.object({ type: z.literal('chunk') }),
  z.object({ type: z.literal('whole'), sha256: text, mode: z.int() }),
] as const;

/** Where a file lies in storage. */
const stored = {
  address: text,
  endpoint: text,
  size: count,
  sha256: text,
  mode: z.int(),
};

const textRequest = z.object({
  prompt: text,
  system: text.optional(),
  model: text.optional(),
  temperature: z.number().optional(),
  seed: z.number().optional(),
  maxTokens: z.number().optional(),
});

export const upSchema = z.discriminatedUnion('type', [
  ...file,
  /** A worker has taken the job and asks what to do. Its first message. */
  z.object({ type: z.literal('took'), job: text, worker: workerId, name: workerName }),
  /** The worker that had taken the job is gone, as another one finds, who then leaves it. */
  z.object({ type: z.literal('lost'), job: text }),
  z.object({ type: z.literal('fact'), fact }),
  /** A step begins to make its result: what came of it before does not count. */
  z.object({ type: z.literal('stage'), step }),
  /** A step has made its result, whose files came before, or are `left`. */
  z.object({
    type: z.literal('made'),
    step,
    /** Names of these files: whoever begins to read in the middle lacks some. */
    sent: z.array(name),
    value: z.enum(['text', 'file']).optional(),
    mime: text.optional(),
    seconds: z.number().optional(),
    beside: z.array(name).optional(),
    files: fileNotes.optional(),
    steps: lineage,
    /** Its files did not come: they were left in storage. The names as those of files that come. */
    left: z.array(z.object({ name, ...stored })).optional(),
  }),
  /** It needs a file of the order. */
  z.object({ type: z.literal('want'), path }),
  /** As a step asks its host: see the step protocol. */
  z.object({ type: z.literal('ask'), id: text, ask: text, text: textRequest }),
  z.object({ type: z.literal('withdraw'), ask: text }),
  /** Its last message. Without a failure the item is done, or was cancelled as it should. */
  z.object({
    type: z.literal('end'),
    failure: failure.optional(),
    retry: z.boolean().optional(),
    retryAfter: z.number().optional(),
    innocent: z.boolean().optional(),
  }),
]);

type Made = Extract<z.output<typeof upSchema>, { type: 'made' }>;
/** Nor would what a step says of its result. */
const ALL_OF_IT: Record<Exclude<keyof StepOutcome, keyof Made | 'provenance'>, never> = {};
void ALL_OF_IT;

const orderSchema = z.object({
  version: z.literal(CLUSTER_VERSION),
  run: text,
  /** Of the run. */
  name: text,
  total: count,
  /** Where the workspace and the batch's folder are on the machine of the run. */
  workspace: path,
  folder: path,
  /** The same as it is written there: in arguments and values it becomes the worker's own. */
  root: text,
  steps: z.array(batchStep),
  retries: count,
  backoff: count,
  silence: z.number().positive(),
  item: z.object({
    item: z.int().min(1),
    title: text,
    source: z
      .object({ file: text, line: z.int().optional(), column: z.int().optional() })
      .optional(),
    text: text.optional(),
    file: path.optional(),
    values: z.record(text, text),
    outputs: z.array(path.nullable()),
  }),
  /** Of each step, what it has made; null where it is to be done. */
  made: z.array(
    z
      .object({
        value: z.union([z.object({ text }), z.object({ file: path })]).optional(),
        steps: lineage,
      })
      .nullable(),
  ),
  /** Of each step, by what it finds again what it has kept. */
  keys: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
  /** What the worker needs of the run's machine. */
  files: z.array(
    z.object({
      path,
      size: count,
      sha256: text,
      /** Needed by this item only. */
      own: z.boolean(),
    }),
  ),
});

/** All that a worker needs to know to do an item: as it is read, and as it is written. */
export type Order = z.output<typeof orderSchema>;
export type OrderInput = z.input<typeof orderSchema>;
export type Lineage = z.input<typeof lineage>;
export type OrderFile = Order['files'][number];

export const downSchema = z.discriminatedUnion('type', [
  ...file,
  z.object({ type: z.literal('begin'), order: orderSchema }),
  /** Let go of the job; with the reason where it has failed by this. */
  z.object({ type: z.literal('cancel'), reason: text.optional() }),
  /** The best so far is wanted, of the steps under way that can give it: see the step protocol. */
  z.object({ type: z.literal('finish') }),
  /** A file that was wanted is not there any more, or has changed. */
  z.object({ type: z.literal('missing'), path, message: text }),
  z.object({
    type: z.literal('answer'),
    answer: z.custom<Answer>((value) => typeof value === 'object' && value !== null),
    /** The window that was answering has gone. */
    lost: z.boolean().optional(),
  }),
]);

export type Up = z.input<typeof upSchema>;
export type Down = z.input<typeof downSchema>;
export type UpMessage = z.output<typeof upSchema>;
export type DownMessage = z.output<typeof downSchema>;
export type WorkFact = z.output<typeof fact>;

/** The messages of a letter. Throws when they are none that this version knows. */
export function messagesOf<T>(schema: z.ZodType<T>, json: string): readonly T[] {
  const { success, data, error } = z.array(schema).safeParse(JSON.parse(json));
  if (success) return data;
  const [issue] = error.issues;
  throw new Error(`${issue?.message ?? 'unknown'} at ${issue?.path.slice(1).join('.') ?? '?'}`);
}
