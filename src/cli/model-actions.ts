import { ModelError, megabytes, UnknownModelError } from '../models/error.ts';
import { type ModelState, type ModelStatus, type ModelStore, modelStore } from '../models/store.ts';
import { downloadBar } from './download-bar.ts';
import { EXIT } from './exit.ts';

type Action = (store: ModelStore, signal: AbortSignal) => Promise<number>;

export interface ModelFlags {
  readonly json?: boolean;
  readonly acceptLicence?: boolean;
}

/** Does one of the `models` commands and sets the exit code. */
export function doModels(
  what: 'list' | 'pull' | 'verify' | 'remove',
  ids: readonly string[],
  flags: ModelFlags,
): Promise<void> {
  switch (what) {
    case 'list':
      return guarded((store) => list(store, flags.json === true));
    case 'pull':
      return guarded((store, signal) => pull(store, ids, flags.acceptLicence === true, signal));
    case 'verify':
      return guarded((store, signal) => verify(store, ids, signal));
    default:
      return guarded((store, signal) => remove(store, ids, signal));
  }
}

async function guarded(action: Action): Promise<void> {
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  process.once('SIGINT', interrupt);
  try {
    process.exitCode = await action(modelStore(), controller.signal);
  } catch (error) {
    if (controller.signal.aborted) {
      process.stderr.write('Interrupted. What was fetched so far is kept.\n');
      process.exitCode = EXIT.interrupted;
    } else {
      process.exitCode = complain(error);
    }
  } finally {
    process.removeListener('SIGINT', interrupt);
  }
}

function complain(error: unknown): number {
  if (!(error instanceof Error)) throw error;
  process.stderr.write(`${error.message}\n`);
  if (error instanceof ModelError && error.hint !== undefined) {
    process.stderr.write(`${error.hint}\n`);
  }
  return error instanceof UnknownModelError ? EXIT.usage : EXIT.failed;
}

const STATES: Readonly<Record<ModelState, string>> = {
  present: 'here',
  absent: '-',
  partial: 'partly',
  wrong: 'damaged',
};

async function list(store: ModelStore, json: boolean): Promise<number> {
  const models = await store.list();
  if (json) {
    process.stdout.write(`${JSON.stringify({ folder: store.context.root, models }, null, 2)}\n`);
    return EXIT.done;
  }
  const head = ['ID', 'FOR', 'SIZE', 'LICENCE', 'STATE', 'PLACE'];
  const rows = models.map((model) => [
    model.id,
    model.use,
    megabytes(model.bytes),
    model.licence,
    STATES[model.state],
    model.path,
  ]);
  process.stdout.write(table([head, ...rows]));
  return EXIT.done;
}

async function pull(
  store: ModelStore,
  ids: readonly string[],
  acceptLicence: boolean,
  signal: AbortSignal,
): Promise<number> {
  // All ids are looked at before the first download starts.
  const wanted = await store.list(ids.length > 0 ? ids : undefined);
  let failed = 0;
  for (const { id, notice } of wanted) {
    if (notice !== undefined && acceptLicence && ids.length > 0) await store.accept(id);
    else if (notice !== undefined && ids.length === 0) {
      process.stdout.write(`${id} is left out until you accept its licence. ${notice}\n`);
      process.stdout.write(`To accept it: sluice models pull ${id} --accept-licence\n`);
      continue;
    }
    if ((await store.accepted(id)) && (await store.present(id))) {
      process.stdout.write(`${id} is here already\n`);
      continue;
    }
    const bar = downloadBar(id, process.stderr);
    try {
      const { path } = await store.path(id, { onProgress: bar.update, signal });
      bar.end();
      process.stdout.write(`${id} is in ${path}\n`);
    } catch (error) {
      bar.end();
      signal.throwIfAborted();
      failed++;
      complain(error);
    }
  }
  return failed > 0 ? EXIT.failed : EXIT.done;
}

async function verify(
  store: ModelStore,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const chosen = ids.length > 0 ? ids : undefined;
  const models = await store.list(chosen, { rehash: true, signal });
  const shown = chosen ? models : models.filter(({ state }) => state !== 'absent');
  let bad = 0;
  for (const model of shown) {
    if (model.state !== 'present') bad++;
    process.stdout.write(`${model.id}: ${verdict(model)}\n`);
  }
  if (shown.length === 0) process.stdout.write('No model is here.\n');
  return bad > 0 ? EXIT.failed : EXIT.done;
}

function verdict({ id, state }: ModelStatus): string {
  if (state === 'present') return 'as it should be';
  if (state === 'absent') return 'not here';
  const what = state === 'wrong' ? 'damaged' : 'not whole';
  return `${what}. "sluice models pull ${id}" mends it.`;
}

async function remove(
  store: ModelStore,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  await store.list(ids);
  for (const id of ids) {
    const freed = await store.remove(id, signal);
    process.stdout.write(
      freed > 0 ? `${id} is removed (${megabytes(freed)})\n` : `${id} was not here\n`,
    );
  }
  return EXIT.done;
}

/** Columns as wide as their widest cell; the last one is not padded. */
function table(rows: readonly (readonly string[])[]): string {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const widths = (rows[0] ?? []).map((_, column) => width(column));
  const line = (row: readonly string[]) =>
    row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('  ');
  return rows.map((row) => `${line(row)}\n`).join('');
}
