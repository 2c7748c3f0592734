import { relative } from 'node:path';
import type { Plan } from '../batch/plan.ts';
import { RequestError } from './errors.ts';

/** Whether clients may have any program run, or only what is built into Sluice. */
export type Rights = 'any' | 'built-in';

const HINT =
  'Start the server with a token, or with --allow-run where everybody on this machine may.';

/**
 * Refuses a batch that a client may not run. A client that said no token may be any program on this machine, of
 * any user: it has what is built in done, with options that the server knows. What else a batch can say (programs,
 * paths, addresses of endpoints, where results go) comes from files of the workspace alone.
 */
export function checkInline(rights: Rights): void {
  if (rights === 'any') return;
  throw new RequestError(
    403,
    'Without a token, batches are not taken from a request: send prompts, or name a batch file of the workspace.',
    HINT,
  );
}

/** Refuses a batch file that starts programs. */
export function checkPlan(rights: Rights, { batch, batchFile, workspace }: Plan): void {
  if (rights === 'any') return;
  const starts = batch.steps.some(
    ({ uses, with: options }) => uses === undefined || options?.['command'] !== undefined,
  );
  if (!starts) return;
  throw new RequestError(
    403,
    `${relative(workspace, batchFile)} starts programs, which nobody may without a token.`,
    HINT,
  );
}
