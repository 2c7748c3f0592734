import { resolve } from 'node:path';
import type { Uri } from 'vscode';
import type { RunHandle } from '../runner/client.ts';
import { type Disposable, Disposables } from './disposables.ts';
import { once } from './once.ts';
import { resultPath } from './places.ts';
import type { ItemInfo, RunInfo, RunNews, RunOptions, SluiceApi } from './public.ts';
import type { Vscode } from './vscode.ts';
import type { SluiceWindow } from './window.ts';

/**
 * The API for other extensions. What works on runs is loaded when it is used.
 *
 * @param report told when the runs of the workspace cannot be followed for a listener
 */
export function createApi(
  vscode: Vscode,
  open: () => Promise<SluiceWindow>,
  report: (error: unknown) => void,
): { readonly api: SluiceApi } & Disposable {
  const owned = new Disposables();
  const news = owned.add(new vscode.EventEmitter<RunNews>());
  const listen = once(async () => {
    const { runs } = await open();
    owned.add(
      runs.changed.on(({ run: { id: run }, events }) => {
        if (events.length === 0) news.fire({ run });
        for (const event of events) news.fire({ run, event });
      }),
    );
  });
  const api: SluiceApi = {
    version: 1,
    async runBatch(file, options) {
      const window = await open();
      const run = await window.starter.begin(uriOf(vscode, file), choices(options));
      return run && describe(vscode, run);
    },
    async getRuns() {
      const { runs } = await open();
      await runs.settled();
      return runs.all.map((run) => describe(vscode, run));
    },
    onDidEvent(listener, thisArgs, disposables) {
      listen().catch(report);
      return news.event(listener, thisArgs, disposables);
    },
  };
  return { api, dispose: () => owned.dispose() };
}

function uriOf(vscode: Vscode, file: Uri | string): Uri {
  if (typeof file !== 'string') return file;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  return vscode.Uri.file(resolve(folder, file));
}

/** Another extension may pass anything: what is not an option of ours goes no further. */
function choices({ concurrency, overwrite, force, items }: RunOptions = {}): RunOptions {
  return {
    ...(concurrency !== undefined && { concurrency }),
    ...(overwrite !== undefined && { overwrite }),
    ...(force !== undefined && { force }),
    ...(items !== undefined && { items }),
  };
}

function describe(vscode: Vscode, { state }: RunHandle): RunInfo {
  const { Uri } = vscode;
  const { run, started, ended, counts } = state;
  return {
    id: run.id,
    name: run.name,
    batch: Uri.file(resolve(run.workspace, run.batch)),
    workspace: Uri.file(run.workspace),
    state: state.state,
    started,
    ...(ended !== undefined && { ended }),
    counts: { ...counts },
    items: state.items.map(
      ({ item, title, state: phase, results, failure }): ItemInfo => ({
        item,
        title,
        state: phase,
        results: results
          .map((result) => resultPath(run.workspace, result))
          .filter((path) => path !== undefined)
          .map((path) => Uri.file(path)),
        ...(failure && { failure }),
      }),
    ),
  };
}
