import { createHash, randomBytes } from 'node:crypto';
import { mkdir, realpath, stat, writeFile } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { planBatch } from '../batch/expand.ts';
import { relativePath } from '../batch/paths.ts';
import { slug } from '../batch/placeholders.ts';
import { type RunHandle, startRun } from '../runner/client.ts';
import { type Layout, layoutOf, makeLayout } from '../runner/layout.ts';
import type { Runs } from '../runner/runs.ts';
import type { QueueOptions, StartOptions } from '../runner/start.ts';
import { RequestError } from './errors.ts';
import { checkInline, checkPlan, type Rights } from './rights.ts';

/** Runs that clients have started and that have not ended: each is a process with processes of its own. */
const RUNS_AT_ONCE = 32;

/** How a batch is run, instead of what its file says. */
export type RunChoices = Pick<
  StartOptions,
  'items' | 'concurrency' | 'force' | 'overwrite' | 'goesOnWith'
>;

/** A batch that the server itself has put together. */
export interface OwnBatch {
  readonly name: string;
  readonly batch: Readonly<Record<string, unknown>>;
  /** Its only input, as JSON, where that is no text to be read by people. */
  readonly file?: string;
}

export interface StarterOptions {
  /** Absolute path, links resolved. */
  readonly workspace: string;
  readonly runs: Runs;
  readonly rights: Rights;
  /** More environment for the steps. */
  readonly env: Readonly<Record<string, string>>;
  /** The queue whose workers do the items, where one is used. */
  readonly queue: QueueOptions | undefined;
}

/** Starts runs for clients: the one place that does, so that nobody's rights are forgotten. */
export class Starter {
  readonly #options: StarterOptions;
  readonly #started = new Set<RunHandle>();
  #starting = 0;

  constructor(options: StarterOptions) {
    this.#options = options;
  }

  /** Runs a batch file of the workspace. Rejects with RequestError or BatchError. */
  async file(path: string, choices: RunChoices): Promise<RunHandle> {
    const { workspace, rights } = this.#options;
    const batchFile = await this.#inside(path);
    if (rights !== 'any') checkPlan(rights, await planBatch(batchFile, workspace));
    return this.#start(batchFile, choices);
  }

  /**
   * Runs a batch that a client sent. Its paths are relative to the workspace. The same batch is the same file: what
   * it made already is kept.
   */
  async inline(batch: Readonly<Record<string, unknown>>, choices: RunChoices): Promise<RunHandle> {
    checkInline(this.#options.rights);
    const name = typeof batch['name'] === 'string' ? batch['name'] : 'batch';
    const mark = createHash('sha256').update(JSON.stringify(batch)).digest('hex').slice(0, 8);
    return this.#start(await this.#keep(name, mark, batch), choices);
  }

  /** Runs a batch that the server itself put together. */
  async own({ name, batch, file }: OwnBatch): Promise<RunHandle> {
    const mark = newMark();
    if (file === undefined)
      return this.#start(await this.#keep(name, mark, { name, ...batch }), {});
    const { batches } = await this.#layout();
    const path = join(batches, `${slug(name)}-${mark}.json`);
    await writeFile(path, file, { flag: 'wx' });
    const inputs = { files: relativePath(this.#options.workspace, path) };
    return this.#start(await this.#keep(name, mark, { name, inputs, ...batch }), {});
  }

  /** Runs the batch of a run once more. */
  async again(run: RunHandle, choices: RunChoices): Promise<RunHandle> {
    const { batch, only } = run.state.run;
    return this.file(batch, { ...(only === undefined ? {} : { items: only }), ...choices });
  }

  /** Absolute path of a file in the workspace, which no link may lead out of. */
  async #inside(path: string): Promise<string> {
    const { workspace } = this.#options;
    const real = await realpath(resolve(workspace, path)).catch(() => undefined);
    if (real === undefined) throw new RequestError(404, `There is no file ${path}.`);
    // A path that stays as it is does not lie inside.
    if (relativePath(workspace, real) === real) {
      throw new RequestError(403, `${path} lies outside the workspace.`);
    }
    if (!(await stat(real)).isFile()) throw new RequestError(422, `${path} is no file.`);
    return real;
  }

  /** Writes a batch to where those are kept that nobody named. */
  async #keep(
    name: string,
    mark: string,
    batch: Readonly<Record<string, unknown>>,
  ): Promise<string> {
    const { batches } = await this.#layout();
    const { folder: given = '' } = batch;
    const folder = typeof given === 'string' && !isAbsolute(given) ? join('../..', given) : given;
    const path = join(batches, `${slug(name)}-${mark}.batch.yaml`);
    await writeFile(path, stringify({ ...batch, folder }, { lineWidth: 0 }));
    return path;
  }

  async #layout(): Promise<Layout> {
    const layout = layoutOf(this.#options.workspace);
    await makeLayout(layout);
    await mkdir(layout.batches, { recursive: true });
    return layout;
  }

  async #start(batchFile: string, choices: RunChoices): Promise<RunHandle> {
    const { workspace, runs, env, queue } = this.#options;
    for (const run of this.#started) {
      if ((runs.get(run.id) ?? run).state.ended !== undefined) this.#started.delete(run);
    }
    if (this.#started.size + this.#starting >= RUNS_AT_ONCE) {
      throw new RequestError(
        429,
        `${RUNS_AT_ONCE} runs are under way already.`,
        'Try again later.',
      );
    }
    this.#starting += 1;
    try {
      const where = queue === undefined ? {} : { queue };
      const run = await runs.begin(() =>
        startRun({ ...choices, batchFile, workspace, env, ...where }),
      );
      this.#started.add(run);
      return run;
    } finally {
      this.#starting -= 1;
    }
  }
}

/** Tells batches and folders of the same name apart. */
export function newMark(): string {
  return randomBytes(4).toString('hex');
}
