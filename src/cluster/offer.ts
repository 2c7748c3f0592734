import { z } from 'zod';
import type { Step } from '../batch/schema.ts';
import { HARMLESS_OPTIONS } from '../batch/uses.ts';
import { CLUSTER_VERSION, workerId, workerName } from './messages.ts';

const offerSchema = z.object({
  version: z.int(),
  /** Built-in steps. */
  steps: z.array(z.string()),
  /** It runs programs. */
  run: z.boolean(),
  /** The key that it trusts, by its id. Without one it takes what nobody has signed. */
  key: z.string().optional(),
});

/** What a worker does for others. */
export type Offer = z.output<typeof offerSchema>;

export const workerSchema = z.object({
  id: workerId,
  name: workerName,
  /** Items that it does at once. */
  places: z.int().min(1).max(10_000),
  offer: offerSchema,
});

/** A worker as it is listed in Redis. */
export type WorkerInfo = z.output<typeof workerSchema>;

/** The queue that all workers with the same offer take from: what lies in it, each of them can do. */
export function queueOf({ version, steps, run, key }: Offer): string {
  const does = [...steps].sort().concat(run ? ['run'] : []);
  return `v${version}.${does.join('.')}@${key ?? 'open'}`;
}

/** Why a worker does not do these steps, signed by this key; `undefined` when it does. */
export function whyNot(
  { version, steps: offered, run, key: trusted }: Offer,
  steps: readonly Step[],
  key: string | undefined,
): string | undefined {
  if (version !== CLUSTER_VERSION) return 'it is of another version of Sluice';
  if (key !== trusted) {
    if (key === undefined) return 'it takes only what is signed by the key that it trusts';
    return trusted === undefined
      ? 'it was not told to trust your key'
      : 'it trusts another key than yours';
  }
  const lacking = steps.find(({ uses }) => uses !== undefined && !offered.includes(uses));
  if (lacking !== undefined) return `it does not offer the step ${lacking.uses}`;
  if (key === undefined) return whyNotUnsigned(steps);
  const program = steps.find((step) => step.run !== undefined);
  if (program !== undefined && !run)
    return 'it does not run programs: it was not started with --allow-run';
  return undefined;
}

/** What a step says beside its options that reaches nothing: neither `env` nor `cwd`, nor what is yet to come. */
const HARMLESS_KEYS: readonly string[] = [
  'uses',
  'with',
  'name',
  'output',
  'from',
  'needs',
  'shell',
  'warm',
  'pty',
];

/** Whoever may write to Redis could have said it: it must not reach anything on the worker's machine. */
function whyNotUnsigned(steps: readonly Step[]): string | undefined {
  for (const step of steps) {
    const { uses, with: options = {} } = step;
    if (uses === undefined) return 'it runs programs only for those whose key it trusts';
    const harmless: readonly string[] = HARMLESS_OPTIONS[uses];
    const other =
      Object.keys(options).find((name) => !harmless.includes(name)) ??
      Object.keys(step).find((name) => !HARMLESS_KEYS.includes(name));
    if (other !== undefined) {
      return `it takes the option ${other} of ${uses} only from those whose key it trusts`;
    }
  }
  return undefined;
}
