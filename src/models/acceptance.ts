import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Model } from './catalogue.ts';
import { aboutDisk, codeOf } from './error.ts';
import { lockPath } from './folder.ts';
import { withLock } from './lock.ts';

/** What was accepted, by model: the words, so that others have to be accepted anew. */
type Accepted = Readonly<Record<string, { readonly notice: string; readonly at: string }>>;

function acceptedPath(root: string): string {
  return join(root, '.accepted.json');
}

async function readAccepted(root: string): Promise<Accepted> {
  try {
    const read: unknown = JSON.parse(await readFile(acceptedPath(root), 'utf8'));
    return typeof read === 'object' && read !== null ? (read as Accepted) : {};
  } catch (error) {
    // A damaged file accepts nothing.
    if (error instanceof SyntaxError || codeOf(error) === 'ENOENT') return {};
    throw aboutDisk(error, root);
  }
}

/** Whether a person has accepted a model's notice, in this store or, for a machine without one, by the environment. */
export async function isAccepted(
  root: string,
  model: Model,
  byEnvironment: readonly string[],
): Promise<boolean> {
  if (model.notice === undefined || byEnvironment.includes(model.id)) return true;
  return (await readAccepted(root))[model.id]?.notice === model.notice;
}

/** Remembers that a person has accepted a model's notice. Nothing to do for a model without one. */
export async function rememberAccepted(root: string, model: Model): Promise<void> {
  const { id, notice } = model;
  if (notice === undefined || (await isAccepted(root, model, []))) return;
  const path = acceptedPath(root);
  const signal = new AbortController().signal;
  await withLock(
    lockPath(root, 'accepted'),
    signal,
    async () => undefined,
    async () => {
      try {
        await mkdir(dirname(path), { recursive: true });
        const accepted = {
          ...(await readAccepted(root)),
          [id]: { notice, at: new Date().toISOString() },
        };
        await writeFileAtomic(path, `${JSON.stringify(accepted, undefined, 2)}\n`);
      } catch (error) {
        throw aboutDisk(error, root);
      }
    },
  );
}
