import {
  copyFile,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { relativePath } from '../batch/paths.ts';
import type { Result } from '../protocol/events.ts';
import type { FileNote } from '../protocol/step.ts';
import type { Value } from './executor.ts';
import { StepFailure } from './failure.ts';
import type { FileFacts, History, MadeFile, Provenance } from './history.ts';
import { mimeOf } from './mime.ts';
import { noteOf, otherOf } from './notes.ts';
import type { Staging } from './staging.ts';

/** What is known of the files that a step has staged. */
export interface Made extends FileFacts {
  /** Names of further files in the folder of what is staged: they go beside it. */
  readonly beside?: readonly string[] | undefined;
  /** When what is staged is a folder: more about files in it. */
  readonly files?: readonly FileNote[] | undefined;
  readonly provenance: Provenance;
}

/**
 * Where results are made, and how they get to their place: staged on the workspace's own disk, synced,
 * recorded, renamed. A file in its place is whole, and is never one that somebody else made.
 */
export class Results {
  readonly staging: Staging;
  readonly #workspace: string;
  readonly #kept: string;
  readonly #history: History;
  readonly #batch: string;
  readonly #overwrite: boolean;

  constructor(options: {
    workspace: string;
    staging: Staging;
    kept: string;
    history: History;
    batch: string;
    overwrite: boolean;
  }) {
    this.#workspace = options.workspace;
    this.staging = options.staging;
    this.#kept = options.kept;
    this.#history = options.history;
    this.#batch = options.batch;
    this.#overwrite = options.overwrite;
  }

  /** Where a step keeps what a later attempt or run goes on from, by its key. */
  keep(key: string): string {
    return join(this.#kept, key);
  }

  /** Removes what steps have kept. */
  async forget(keys: readonly string[]): Promise<void> {
    for (const key of keys) await rm(this.keep(key), { recursive: true, force: true });
  }

  /** The files that stand where an earlier run put them, made from the same input by the same steps. */
  async kept(key: string, targets: readonly string[]): Promise<readonly Result[] | undefined> {
    if (targets.length === 0) return undefined;
    const made = this.#history.madeBy(this.#batch, key);
    const found: Result[] = [];
    for (const target of targets) {
      const path = relativePath(this.#workspace, target);
      const files = made.filter(
        (file) =>
          file.path === path ||
          file.path === noteOf(path) ||
          (target.endsWith(sep) && file.path.startsWith(`${path}/`)),
      );
      if (files.length === 0) return undefined;
      for (const file of files) {
        if (!(await this.#unchanged(file))) return undefined;
        found.push(resultOf(file));
      }
    }
    return found;
  }

  /** Fails when a file stands at a target that is not this batch's own unchanged result. */
  async guard(target: string): Promise<void> {
    if (target.endsWith(sep)) return;
    const found = await stat(target).catch(() => undefined);
    if (found === undefined || (this.#overwrite && !found.isDirectory())) return;
    const path = relativePath(this.#workspace, target);
    const made = this.#history.made(path);
    if (await this.#isOwn(made)) return;
    throw new StepFailure(
      {
        message: found.isDirectory()
          ? `${path} is a folder, so no result can be written there.`
          : `${path} is there already, and it is not what this batch made${made === undefined ? '' : ': it was changed since'}. It was left as it is.`,
        hint: 'Move it away, or set `overwrite: true` in the batch file.',
      },
      { retry: false },
    );
  }

  /** Puts staged files in their place. The targets are guarded first; nothing is left half. */
  async publish(
    staged: string,
    target: string,
    value: Value | undefined,
    made: Made,
  ): Promise<readonly Result[]> {
    if (value !== undefined && 'text' in value) await writeFile(staged, value.text);
    const found = await stat(staged).catch(() => undefined);
    if (found === undefined || found.isDirectory() !== target.endsWith(sep)) {
      throw noResult(relativePath(this.#workspace, target));
    }
    const pairs = target.endsWith(sep)
      ? (await filesIn(staged)).map((file) => ({
          from: file,
          to: join(target, relative(staged, file)),
        }))
      : ['', ...(made.beside ?? [])].map((name) => ({
          from: name === '' ? staged : join(dirname(staged), basename(name)),
          to: name === '' ? target : join(dirname(target), basename(name)),
        }));
    if (pairs.length === 0) throw noResult(relativePath(this.#workspace, target));
    const files: MadeFile[] = [];
    const moves: { from: string; to: string }[] = [];
    for (const [index, { from, to }] of pairs.entries()) {
      // What the step says of its result is not true of the files beside it.
      const said: FileFacts | undefined = target.endsWith(sep)
        ? made.files?.find(({ name }) => resolve(staged, name) === from)
        : index === 0
          ? made
          : undefined;
      await this.guard(to);
      await mkdir(dirname(to), { recursive: true });
      await this.#staysInside(to);
      await resolveLink(from);
      const ready = await sameDisk(from, to);
      await sync(ready);
      const file = await stat(ready);
      moves.push({ from: ready, to });
      files.push({
        path: relativePath(this.#workspace, to),
        size: file.size,
        mtime: file.mtimeMs,
        mime: said?.mime ?? mimeOf(to),
        seconds: said?.seconds,
        stem: said?.stem,
        peaks: said?.peaks,
        provenance: made.provenance,
      });
    }
    this.#history.record(files);
    for (const { from, to } of moves) await rename(from, to);
    for (const { to } of moves) await this.#removeOther(to);
    return files.map(resultOf);
  }

  /** Once there is a result, a note about an older one is not true any more, and the other way round. */
  async #removeOther(path: string): Promise<void> {
    const other = this.#history.made(relativePath(this.#workspace, otherOf(path)));
    if (other === undefined || !(await this.#isOwn(other))) return;
    await rm(otherOf(path));
    this.#history.forget(other.path);
  }

  /** Whether it is what this batch made, and unchanged. */
  async #isOwn(made: MadeFile | undefined): Promise<boolean> {
    return made?.provenance.batch === this.#batch && (await this.#unchanged(made));
  }

  async #unchanged(file: MadeFile): Promise<boolean> {
    const found = await stat(join(this.#workspace, file.path)).catch(() => undefined);
    return found?.isFile() === true && found.size === file.size && found.mtimeMs === file.mtime;
  }

  /** A link inside the workspace may point out of it. */
  async #staysInside(target: string): Promise<void> {
    const folder = await realpath(dirname(target));
    const root = await realpath(this.#workspace);
    if (folder === root || folder.startsWith(root + sep)) return;
    throw new StepFailure(
      {
        message: `${relativePath(this.#workspace, target)} leads to ${folder}, outside the workspace ${root}.`,
        hint: 'Choose an `output` inside the workspace.',
      },
      { retry: false },
    );
  }
}

/** What a step that ended well without a result has done wrong. */
function noResult(path: string): StepFailure {
  return new StepFailure({
    message: `The step ended well, but it made no result for ${path}.`,
    hint: 'Check that the program writes to {output} or {outdir}.',
  });
}

function resultOf(file: MadeFile): Result {
  return {
    path: file.path,
    mime: file.mime,
    bytes: file.size,
    ...(file.seconds === undefined ? {} : { seconds: file.seconds }),
    ...(file.stem === undefined ? {} : { stem: file.stem }),
    ...(file.peaks === undefined ? {} : { peaks: file.peaks }),
  };
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** A program may make a link to its result: what is published is the file itself. */
async function resolveLink(path: string): Promise<void> {
  if (!(await lstat(path)).isSymbolicLink()) return;
  const copy = `${path}.copy`;
  await copyFile(path, copy);
  await rename(copy, path);
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename works on one disk only: elsewhere the file is copied beside its place first. */
async function sameDisk(from: string, to: string): Promise<string> {
  const [source, folder] = await Promise.all([stat(from), stat(dirname(to))]);
  if (source.dev === folder.dev) return from;
  const beside = join(dirname(to), `.${basename(to)}.part`);
  try {
    await copyFile(from, beside);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  return beside;
}
