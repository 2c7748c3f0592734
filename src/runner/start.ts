import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serialize } from 'node:v8';
import { BatchError, type Problem } from '../batch/problem.ts';
import type { RunnerInfo } from './address.ts';
import { attach, PastRun, type RunHandle, type Services } from './client.ts';
import {
  queueEnvironment,
  RUNNER_ENVIRONMENT,
  RUNNER_FLAGS,
  SECRETS_VARIABLE,
} from './environment.ts';
import { layoutOf, runLayout } from './layout.ts';
import { loadState } from './load.ts';

/** What a runner is told, as JSON in its first argument. Secrets go in its environment. */
export interface RunnerOptions {
  readonly id: string;
  /** Absolute paths. */
  readonly batchFile: string;
  readonly workspace: string;
  readonly concurrency?: number;
  readonly overwrite?: boolean;
  /** Make every item, also those whose results are there. */
  readonly force?: boolean;
  /** A run whose finished items are not done again, also those without a result. */
  readonly goesOnWith?: string;
  /** Where workers do the items: its place among other runs, from 1, which is first. */
  readonly priority?: number;
}

/** The first and only line that a runner prints. */
export type Handshake =
  | { readonly ok: true; readonly info: RunnerInfo }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface StartOptions extends Omit<RunnerOptions, 'id'> {
  /** More environment for the steps, for secrets: they are never written anywhere. */
  readonly env?: Readonly<Record<string, string>>;
  /** The items to run, by their numbers in the batch; all of them without it. */
  readonly items?: readonly number[];
  /** Has the items done by the workers of a queue. */
  readonly queue?: QueueOptions;
}

/** A queue in Redis: docs/cluster.md. */
export interface QueueOptions {
  /** `redis://USER:PASSWORD@HOST:PORT/DATABASE`; `rediss://` with TLS. */
  readonly url: string;
  /** The file that holds the key which workers trust. */
  readonly key?: string;
}

/**
 * Starts a run of a batch file in a detached runner and attaches to it. Rejects with BatchError.
 *
 * The batch is planned here and not in the runner: each start of a program copies the page tables of the
 * runner, so that what the parsers leave in its memory would cost time at each item.
 */
export async function startRun(
  { env = {}, items, queue, ...options }: StartOptions,
  services: Services = {},
): Promise<RunHandle> {
  const info = await startRunner({ id: newRunId(), ...options }, items, env, queue);
  try {
    return await attach(info, options.workspace, 0, services);
  } catch (error) {
    // It may be over by now, or killed; what it did is on disk.
    const state = await loadState(runLayout(layoutOf(options.workspace), info.id));
    if (state === undefined) throw error;
    return new PastRun(state);
  }
}

/** The plan as a runner reads it. The runner starts meanwhile; `onFailure` ends it. */
async function planned(
  { batchFile, workspace }: RunnerOptions,
  items: readonly number[] | undefined,
  onFailure: () => void,
): Promise<Buffer> {
  try {
    const [{ planBatch }, { chooseItems }] = await Promise.all([
      import('../batch/expand.ts'),
      import('../batch/choose.ts'),
    ]);
    const plan = await planBatch(batchFile, workspace);
    return serialize(items === undefined ? plan : chooseItems(plan, items));
  } catch (error) {
    onFailure();
    throw error;
  }
}

/** Ids sort by time. */
function newRunId(): string {
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 17);
  return `${time}-${randomBytes(3).toString('hex')}`;
}

/** A file of the built product, beside this bundle. */
export function builtFile(name: string): string {
  const folder = process.env['SLUICE_DIST'] ?? dirname(fileURLToPath(import.meta.url));
  return join(folder, name);
}

async function startRunner(
  options: RunnerOptions,
  items: readonly number[] | undefined,
  env: Readonly<Record<string, string>>,
  queue: QueueOptions | undefined,
): Promise<RunnerInfo> {
  // What speaks to Redis is loaded only where it is needed.
  const runner = queue === undefined ? 'runner.js' : 'cluster-runner.js';
  const errorsPath = join(tmpdir(), `sluice-${options.id}.log`);
  const errors = await open(errorsPath, 'wx+', 0o600);
  await rm(errorsPath);
  try {
    const child = spawn(
      process.execPath,
      [...RUNNER_FLAGS, builtFile(runner), JSON.stringify(options)],
      {
        cwd: options.workspace,
        detached: true,
        windowsHide: true,
        stdio: ['pipe', 'pipe', errors.fd],
        env: {
          ...process.env,
          ...env,
          ...RUNNER_ENVIRONMENT,
          ...queueEnvironment(queue),
          [SECRETS_VARIABLE]: Object.keys(env).join(','),
        },
      },
    );
    // It may break before it has read everything; that is told below.
    child.stdin?.on('error', () => {});
    const plan = planned(options, items, () => child.kill('SIGKILL'));
    const handshake = await new Promise<Handshake | undefined>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', () => resolve(undefined));
      plan.then((bytes) => child.stdin?.end(bytes), reject);
      let said = '';
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.endsWith('\n')) resolve(JSON.parse(said) as Handshake);
      });
    });
    child.stdout?.destroy();
    child.unref();
    if (handshake === undefined) {
      const { buffer, bytesRead } = await errors.read(Buffer.alloc(4000), 0, 4000, 0);
      throw new Error(
        `The runner broke before the run began:\n${buffer.toString('utf8', 0, bytesRead)}`,
      );
    }
    if (!handshake.ok) throw new BatchError(handshake.problems);
    return handshake.info;
  } finally {
    await errors.close();
  }
}
