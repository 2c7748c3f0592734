import type { Runs } from '../runner/runs.ts';
import { type Disposable, Disposables } from './disposables.ts';
import type { Vscode } from './vscode.ts';

/** What package.json shows commands by, and what ticks a step of the walkthrough. */
const KEYS: Readonly<Record<string, (runs: Runs) => boolean>> = {
  /** A run is under way. */
  'sluice.live': (runs) => runs.live.length > 0,
  /** A run has ended and made something. */
  'sluice.hasResults': (runs) =>
    runs.all.some(({ state }) => state.ended !== undefined && state.counts.done > 0),
};

/** Keeps the context keys up to date. */
export function keepContextKeys(
  vscode: Vscode,
  runs: Runs,
  report: (error: unknown) => void,
): Disposable {
  const said = new Map<string, boolean>();
  const say = (): void => {
    for (const [key, look] of Object.entries(KEYS)) {
      const value = look(runs);
      if (said.get(key) === value) continue;
      said.set(key, value);
      vscode.commands.executeCommand('setContext', key, value).then(undefined, report);
    }
  };
  const owned = new Disposables();
  owned.add(runs.added.on(say));
  owned.add(runs.removed.on(say));
  owned.add(runs.changed.on(say));
  say();
  return owned;
}
