import type { LogOutputChannel } from 'vscode';
import { plainText } from '../protocol/escapes.ts';
import type { RunHandle } from '../runner/client.ts';
import type { Runs } from '../runner/runs.ts';
import { type Disposable, Disposables } from './disposables.ts';

/** Says in the extension's own log which runs it found, and how they ended. */
export function logRuns(runs: Runs, log: Pick<LogOutputChannel, 'info' | 'warn'>): Disposable {
  const owned = new Disposables();
  const ended = new Set<string>();
  const found = (run: RunHandle): void => {
    const { pid } = run.state.run;
    if (run.live) log.info(`${describe(run)}: attached to its runner, process ${pid}.`);
    else log.info(`${describe(run)}: loaded, ${run.state.state}.`);
    if (run.state.ended !== undefined) ended.add(run.id);
  };
  owned.add(runs.added.on(found));
  owned.add(
    runs.changed.on((change) => {
      const { run } = change;
      if (run.state.ended === undefined || ended.has(run.id)) return;
      ended.add(run.id);
      if (run.state.state === 'interrupted') log.warn(`${describe(run)}: its runner is gone.`);
      else log.info(`${describe(run)}: ${run.state.state}.`);
    }),
  );
  owned.add(
    runs.removed.on((run) => {
      ended.delete(run.id);
      log.info(`${describe(run)}: let go.`);
    }),
  );
  return owned;
}

function describe({ id, state: { run } }: RunHandle): string {
  return plainText(`${id} ${run.name} (${run.batch} in ${run.workspace})`);
}
