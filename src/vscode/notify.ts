import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Memento } from 'vscode';
import { summaryText } from '../protocol/log-lines.ts';
import { elapsed } from '../protocol/progress.ts';
import type { RunState } from '../protocol/state.ts';
import type { RunHandle } from '../runner/client.ts';
import { layoutOf, runLayout } from '../runner/layout.ts';
import { canRetry } from '../runner/run-actions.ts';
import type { Runs } from '../runner/runs.ts';
import { type Disposable, Disposables } from './disposables.ts';
import { hasResults } from './opener.ts';
import { plain } from './plain.ts';
import type { Vscode } from './vscode.ts';

/** Whoever starts what is over within so many ms is still looking. */
const SHORT = 3000;
/** The window that started a run comes first: others wait for so many ms. */
const MANNERS = 500;
/** Runs that this window remembers to have started. */
const REMEMBERED = 50;
const STARTED = 'sluice.startedRuns';

export interface NotifierOptions {
  readonly runs: Runs;
  /** Whether the person can see a panel in this window. */
  readonly panelVisible: () => boolean;
  /** Outlives a reload of the window. */
  readonly memory: Memento;
  readonly openResults: (run: string) => Promise<void>;
  readonly retry: (run: string) => Promise<void>;
  readonly show: (run: string) => Promise<void>;
  readonly report: (error: unknown) => void;
}

/**
 * Says that a batch is over: once for a run, in one window, with what can be done about it. Never for an item.
 * A run that was cancelled says nothing: the person did it.
 */
export class Notifier implements Disposable {
  readonly #vscode: Vscode;
  readonly #options: NotifierOptions;
  readonly #owned = new Disposables();
  /** Runs about which all is said. */
  readonly #said = new Set<string>();

  constructor(vscode: Vscode, options: NotifierOptions) {
    this.#vscode = vscode;
    this.#options = options;
    this.#owned.add(
      options.runs.changed.on(({ run, events }) => {
        const { ended, state } = run.state;
        const ends = events.some((event) => event.type === 'finish');
        if (ended !== undefined && (ends || state === 'interrupted')) this.#over(run);
      }),
    );
  }

  /** A run was started in this window. */
  started(run: RunHandle): void {
    const { memory, report } = this.#options;
    const known = [...this.#startedHere, run.id].slice(-REMEMBERED);
    memory.update(STARTED, known).then(undefined, report);
    // It may be over before anybody could listen.
    if (run.state.ended !== undefined) this.#over(run);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  get #startedHere(): readonly string[] {
    return this.#options.memory.get<readonly string[]>(STARTED, []);
  }

  #over(run: RunHandle): void {
    if (this.#said.has(run.id)) return;
    this.#said.add(run.id);
    this.#say(run).catch(this.#options.report);
  }

  async #say(run: RunHandle): Promise<void> {
    const { state } = run;
    if (state.state === 'cancelled' || !this.#isWanted(state)) return;
    const here = this.#startedHere.includes(run.id);
    // A run of a terminal, or of a window that is closed, belongs to the window that the person is in.
    if (!here && !this.#vscode.window.state.focused) return;
    if (!here) await setTimeout(MANNERS, undefined, { ref: false });
    if (this.#owned.disposed || !(await isFirst(state))) return;
    await this.#ask(run);
  }

  #isWanted(state: RunState): boolean {
    const { window, workspace } = this.#vscode;
    const when = workspace.getConfiguration('sluice').get<string>('notifications');
    if (when === 'always' || when === 'never') return when === 'always';
    if (this.#options.panelVisible() && window.state.focused) return false;
    return state.state !== 'done' || elapsed(state, Date.now()) >= SHORT;
  }

  async #ask(run: RunHandle): Promise<void> {
    const { l10n, window } = this.#vscode;
    const { openResults, retry, runs, show } = this.#options;
    const { state } = run;
    const choices = new Map<string, (run: string) => Promise<void>>();
    if (hasResults(state)) choices.set(l10n.t('Open Results'), openResults);
    if (canRetry(run, runs.all)) {
      choices.set(state.counts.failed > 0 ? l10n.t('Retry Failed') : l10n.t('Go On'), retry);
    }
    choices.set(l10n.t('Show'), show);
    const summary = summaryText(state, l10n.t);
    const text =
      state.state === 'interrupted'
        ? l10n.t('{0}. The run was interrupted.', summary)
        : `${summary}.`;
    const say = state.state === 'done' ? window.showInformationMessage : window.showWarningMessage;
    const chosen = await say(plain(text), ...choices.keys());
    if (chosen !== undefined) await choices.get(chosen)?.(run.id);
  }
}

/** True in one of all the windows that ask: the first makes a file beside the run's log. */
async function isFirst({ run }: RunState): Promise<boolean> {
  const { folder } = runLayout(layoutOf(run.workspace), run.id);
  try {
    await mkdir(folder, { recursive: true });
    await (await open(join(folder, 'notified'), 'wx')).close();
    return true;
  } catch (error) {
    // Where nothing can be written, to say it twice is better than not at all.
    return (error as NodeJS.ErrnoException).code !== 'EEXIST';
  }
}
