import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fillDeep, placeholdersIn } from '../batch/placeholders.ts';
import { type Plan, stepTexts } from '../batch/plan.ts';
import type { Step } from '../batch/schema.ts';
import { ITEM, sourcesOf } from '../batch/sources.ts';
import type { Value } from '../runner/executor.ts';
import { itemValue, type Work } from '../runner/work.ts';
import type { OrderFile } from './messages.ts';
import { toWire } from './wire-path.ts';

/** What may stand between two names of files in the text of a shell. */
const BETWEEN = /[\s'"`=;|&<>()]+/;

interface Known {
  readonly size: number;
  readonly mtime: number;
  readonly sha256: string;
}

/** A file that a worker needs, and where it is here. */
export interface Needed {
  readonly path: string;
  readonly file: OrderFile;
}

/** Finds the files that the steps of a run work on, and knows what is in them. */
export class NeededFiles {
  readonly #plan: Plan;
  readonly #known = new Map<string, Promise<Known>>();
  #roots: Promise<readonly string[]> | undefined;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /**
   * What an item's work needs: what it works on now, and each file in the workspace or the batch's folder that its
   * steps name, such as a script. Rejects when what it works on is not there.
   */
  async of(work: Work): Promise<Needed[]> {
    const { values } = work.plan;
    const found = new Map<string, Needed>();
    const add = async (path: string, own: boolean): Promise<void> => {
      const { size, sha256 } = await this.#look(path);
      found.set(path, { path, file: { path: toWire(path), size, sha256, own } });
    };
    for (const [path, own] of await this.#named(values)) await add(path, own);
    for (const value of this.#inputs(work)) {
      if ('file' in value) for (const path of await filesAt(value.file)) await add(path, true);
    }
    return [...found.values()];
  }

  /** What the steps that are to be done work on and is there. */
  #inputs({ plan, made }: Work): Value[] {
    const sources = sourcesOf(this.#plan.batch).filter((_, step) => made[step] === undefined);
    return [...new Set(sources.flat())].flatMap((source) => {
      const value = source === ITEM ? itemValue(plan) : made[source]?.value;
      return value === undefined ? [] : [value];
    });
  }

  /** Files that the steps name, and whether only this item's do. */
  async #named(values: Readonly<Record<string, string>>): Promise<Map<string, boolean>> {
    const named = new Map<string, boolean>();
    for (const step of this.#plan.batch.steps) {
      const folder = this.#folderOf(step, values);
      for (const text of textsOf(step)) {
        const path = resolve(folder, String(fillDeep(text, values)));
        if (await this.#isOurs(path)) named.set(path, placeholdersIn(text).length > 0);
      }
    }
    return named;
  }

  /** Where the names in a step lead from. */
  #folderOf(step: Step, values: Readonly<Record<string, string>>): string {
    const { folder, workspace } = this.#plan;
    if (step.uses !== undefined) return workspace;
    return resolve(folder, String(fillDeep(step.cwd ?? '.', values)));
  }

  /** A file that others may be given: no program of the system, and nothing outside by a link. */
  async #isOurs(path: string): Promise<boolean> {
    if (path.includes('\0')) return false;
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() !== true) return false;
    this.#roots ??= Promise.all(
      [this.#plan.workspace, this.#plan.folder].map((one) => realpath(one)),
    );
    const real = await realpath(path);
    return (await this.#roots).some((root) => real.startsWith(root + sep));
  }

  /** What is in a file, read once while it stays as it is. */
  async #look(path: string): Promise<Known> {
    const { size, mtimeMs } = await stat(path);
    const known = await this.#known.get(path)?.catch(() => undefined);
    if (known?.size === size && known.mtime === mtimeMs) return known;
    const looking = hashOf(path).then((sha256) => ({ size, mtime: mtimeMs, sha256 }));
    this.#known.set(path, looking);
    return looking;
  }
}

export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** The file at a path, or every file in the folder there. */
export async function filesAt(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Texts of a step that may name a file. */
function textsOf(step: Step): string[] {
  const texts = stepTexts(step).map(({ text }) => text);
  return step.shell && typeof step.run === 'string'
    ? [...texts, ...step.run.split(BETWEEN)]
    : texts;
}
