import { Command } from 'commander';
import { ModelError, megabytes, UnknownModelError } from '../models/error.ts';
import { type ModelState, type ModelStatus, type ModelStore, modelStore } from '../models/store.ts';
import { EXIT } from './exit.ts';

/**
 * `sluice models list | pull [ids...] | verify [ids...] | remove ids...`. Exit codes: 0 done, 1 a
 * model could not be fetched or is not as it should be, 2 an unknown id, 130 interrupted.
 */
export function modelsCommand(): Command {
  const command = new Command('models').description('fetches, checks and removes model weights');
  command
    .command('list')
    .description('shows every model, and which of them are here')
    .option('--json', 'as JSON')
    .action((options: { json?: boolean }) =>
      guarded((store) => list(store, options.json === true)),
    );
  command
    .command('pull')
    .description('fetches models that are not here yet; all of them without ids')
    .argument('[ids...]', 'ids of models, as in the list')
    .action((ids: string[]) => guarded((store, signal) => pull(store, ids, signal)));
  command
    .command('verify')
    .description('reads every byte of the models that are here and compares their sha256')
    .argument('[ids...]', 'ids of models, as in the list')
    .action((ids: string[]) => guarded((store, signal) => verify(store, ids, signal)));
  command
    .command('remove')
    .description('deletes models and the beginnings of their downloads')
    .argument('<ids...>', 'ids of models, as in the list')
    .action((ids: string[]) => guarded((store, signal) => remove(store, ids, signal)));
  return command;
}

type Action = (store: ModelStore, signal: AbortSignal) => Promise<number>;

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

async function pull(store: ModelStore, ids: string[], signal: AbortSignal): Promise<number> {
  // All ids are looked at before the first download starts.
  const wanted = await store.list(ids.length > 0 ? ids : undefined);
  let failed = 0;
  for (const { id } of wanted) {
    if (await store.present(id)) {
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

async function verify(store: ModelStore, ids: string[], signal: AbortSignal): Promise<number> {
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

async function remove(store: ModelStore, ids: string[], signal: AbortSignal): Promise<number> {
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

/** The progress of a download: one line written over on a terminal, a line every 10% elsewhere. */
function downloadBar(
  id: string,
  stream: NodeJS.WriteStream,
): { update(done: number, total: number): void; end(): void } {
  const begun = performance.now();
  let first: number | undefined;
  let last = Number.NEGATIVE_INFINITY;
  let tenth = -1;
  return {
    update: (done, total) => {
      // What an earlier download left is no speed of this one.
      first ??= done;
      const now = performance.now();
      const fraction = total > 0 ? Math.min(1, done / total) : 0;
      const seconds = (now - begun) / 1000;
      const rate = seconds > 0 ? (done - first) / seconds : 0;
      const eta = rate > 0 ? `${Math.ceil((total - done) / rate)} s left` : '';
      const sizes = `${megabytes(done)} of ${megabytes(total)}`;
      const text = `${id} ${Math.floor(fraction * 100)}% ${sizes} ${(rate / 1e6).toFixed(1)} MB/s ${eta}`;
      if (stream.isTTY) {
        if (now - last < 100 && fraction < 1) return;
        last = now;
        const cells = Math.round(fraction * 20);
        const bar = `${'█'.repeat(cells)}${'░'.repeat(20 - cells)} ${text}`;
        stream.write(`\r\x1b[K${bar.slice(0, Math.max(20, (stream.columns || 80) - 1))}`);
      } else if (Math.floor(fraction * 10) > tenth) {
        tenth = Math.floor(fraction * 10);
        stream.write(`${text.trim()}\n`);
      }
    },
    end: () => {
      if (stream.isTTY) stream.write('\r\x1b[K');
    },
  };
}
