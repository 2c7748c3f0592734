import type { StepProvenance } from '../runner/history.ts';
import type { ItemsContext } from '../runner/open-items.ts';
import type { Made, Work } from '../runner/work.ts';
import { CLUSTER_VERSION, type Lineage, type OrderFile, type OrderInput } from './messages.ts';
import { toWire } from './wire-path.ts';

/** What a worker is told to do: the rest of an item's work. */
export function orderFor(
  { id, plan: whole }: Pick<ItemsContext, 'id' | 'plan'>,
  { plan, made, key }: Work,
  files: readonly OrderFile[],
): OrderInput {
  const { batch, folder, items, name, workspace } = whole;
  const { item, title, source, text, file, values, outputs } = plan;
  return {
    version: CLUSTER_VERSION,
    run: id,
    name,
    total: items.length,
    workspace: toWire(workspace),
    folder: toWire(folder),
    root: workspace,
    // As they were parsed: they are read as they are.
    steps: batch.steps as never[],
    retries: batch.retries,
    backoff: batch.backoff,
    silence: batch.silence,
    item: {
      item,
      title,
      source: source === undefined ? undefined : { ...source },
      text,
      file: file === undefined ? undefined : toWire(file),
      values: { ...values },
      outputs: outputs.map((output) => (output === undefined ? null : toWire(output))),
    },
    made: batch.steps.map((_, step) => {
      const done = made[step];
      return done === undefined ? null : { value: madeValue(done), steps: lineageOf(done) };
    }),
    keys: [...(key?.steps ?? [])],
    files: [...files],
  };
}

function madeValue({ value }: Made): { text: string } | { file: string } | undefined {
  if (value === undefined) return undefined;
  return 'file' in value ? { file: toWire(value.file) } : { text: value.text };
}

/** The steps that led to something, on their way. */
export function lineageOf({
  steps,
}: {
  readonly steps: ReadonlyMap<number, StepProvenance>;
}): Lineage {
  return [...steps].map(([step, provenance]) => [step, { ...provenance }]);
}
