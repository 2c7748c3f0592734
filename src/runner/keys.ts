import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fillDeep } from '../batch/placeholders.ts';
import type { ItemPlan, Plan } from '../batch/plan.ts';
import { lineages } from '../batch/sources.ts';

/** Rises when the same key must not stand for the same result any more. */
const KEY_VERSION = 1;

export interface ItemKey {
  /** Hash of the input and of the steps: the same key gives the same result. */
  readonly key: string;
  /** Of the input alone. */
  readonly input: string;
  /** For each step, of this item, the input, the step and those that lead to it: names what it keeps. */
  readonly steps: readonly string[];
}

/**
 * What an item is made from: its input's content and its steps with their placeholders filled in, with
 * the content of scripts among their arguments, so that editing a script makes its results anew.
 */
export async function itemKey(plan: Plan, item: ItemPlan): Promise<ItemKey> {
  const inputHash = createHash('sha256');
  if (item.file === undefined) inputHash.update(item.text ?? '');
  else await addFile(inputHash, item.file);
  const input = inputHash.digest('hex');
  const steps: unknown[] = [];
  for (const step of plan.batch.steps) {
    const { output: _, name: __, ...made } = step;
    const filled = fillDeep(made, item.values) as typeof made;
    const scripts = Array.isArray(filled.run)
      ? await Promise.all(
          filled.run.map((argument) =>
            scriptHash(resolve(plan.folder, filled.cwd ?? '.', argument)),
          ),
        )
      : [];
    steps.push({ ...filled, scripts: scripts.filter((hash) => hash !== undefined) });
  }
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify({ version: KEY_VERSION, input, steps, endings: item.outputs.map(ending) }),
  );
  const lineage = lineages(plan.batch);
  const who = [plan.batchFile, item.source, item.title];
  return {
    key: hash.digest('hex'),
    input,
    steps: lineage.map((of) =>
      digest(JSON.stringify([KEY_VERSION, who, input, of.map((step) => steps[step])])),
    ),
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function ending(output: string | undefined): string | undefined {
  return output === undefined ? undefined : (/\.[^./\\]+$/.exec(output)?.[0] ?? '');
}

const scriptHashes = new Map<string, Promise<string | undefined>>();

/** Hash of a script; once a run, whatever the number of items. */
function scriptHash(path: string): Promise<string | undefined> {
  const known = scriptHashes.get(path);
  if (known !== undefined) return known;
  const hash = (async () => {
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() !== true || found.size > 1_000_000) return undefined;
    const content = createHash('sha256');
    await addFile(content, path);
    return content.digest('hex');
  })();
  scriptHashes.set(path, hash);
  return hash;
}

async function addFile(hash: Hash, path: string): Promise<void> {
  await pipeline(createReadStream(path), hash, { end: false });
}
