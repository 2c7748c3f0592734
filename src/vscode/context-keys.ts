import { type Disposable, Disposables } from './disposables.ts';
import type { Runs } from './runs.ts';
import type { Vscode } from './vscode.ts';

/** Keeps `sluice.live` true while a run is under way: package.json shows commands by it. */
export function keepContextKeys(
  vscode: Vscode,
  runs: Runs,
  report: (error: unknown) => void,
): Disposable {
  let said: boolean | undefined;
  const say = (): void => {
    const live = runs.live.length > 0;
    if (live === said) return;
    said = live;
    vscode.commands.executeCommand('setContext', 'sluice.live', live).then(undefined, report);
  };
  const owned = new Disposables();
  owned.add(runs.added.on(say));
  owned.add(runs.removed.on(say));
  owned.add(runs.changed.on(say));
  say();
  return owned;
}
