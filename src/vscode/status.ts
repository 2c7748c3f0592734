import type { StatusBarItem } from 'vscode';
import type { RunHandle } from '../runner/client.ts';
import type { Runs } from '../runner/runs.ts';
import { type Disposable, Disposables } from './disposables.ts';
import { endedText, liveText, statusTooltip } from './status-text.ts';
import type { Vscode } from './vscode.ts';

/** A status bar that changes more often cannot be read. */
const REFRESH = 250;
const TICK = 1000;

/**
 * One item in the status bar for all runs: hidden until a run exists, red from a failure until the panel
 * is looked at.
 */
export class Status implements Disposable {
  readonly #vscode: Vscode;
  readonly #runs: Runs;
  readonly #item: StatusBarItem;
  readonly #owned = new Disposables();
  /** Failures of each run that the person has seen, or that were there before this window. */
  readonly #seen = new Map<string, number>();
  /** The run that ended last while this window was open. */
  #last: RunHandle | undefined;
  #looking = false;
  #timer: NodeJS.Timeout | undefined;
  #ticking: NodeJS.Timeout | undefined;

  constructor(vscode: Vscode, runs: Runs) {
    this.#vscode = vscode;
    this.#runs = runs;
    this.#item = vscode.window.createStatusBarItem(
      'sluice.status',
      vscode.StatusBarAlignment.Left,
      10,
    );
    this.#item.name = 'Sluice';
    this.#owned.add(this.#item);
    for (const run of runs.all) this.#meet(run);
    this.#owned.add(runs.added.on((run) => this.#meet(run)));
    this.#owned.add(
      runs.changed.on(({ run }) => {
        if (run.state.ended !== undefined) this.#last = run;
        this.#soon();
      }),
    );
    this.#owned.add(
      runs.removed.on((run) => {
        this.#seen.delete(run.id);
        if (this.#last?.id === run.id) this.#last = undefined;
        this.#soon();
      }),
    );
  }

  /** Says whether the panel is visible: what it shows has been seen. */
  looking(visible: boolean): void {
    this.#looking = visible;
    this.#soon();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#ticking);
    this.#owned.dispose();
  }

  #meet(run: RunHandle): void {
    this.#seen.set(run.id, run.state.counts.failed);
    this.#soon();
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#refresh();
    }, REFRESH);
  }

  #refresh(): void {
    const now = Date.now();
    const live = this.#runs.live.map((run) => run.state);
    this.#tick(live.length > 0);
    const failed = this.#unseen();
    const last = this.#last?.state;
    const [shown] = live.length > 0 ? live : [last];
    if (shown === undefined) {
      this.#item.hide();
      return;
    }
    this.#item.text = live.length > 0 ? liveText(live, now) : endedText(shown);
    const lines = live.length > 0 ? live : [shown];
    this.#item.tooltip = statusTooltip(this.#vscode, lines, now);
    // A click leads to what went wrong, or to the only run that is meant.
    const meant = failed ?? (lines.length === 1 ? shown.run.id : undefined);
    this.#item.command = {
      command: 'sluice.showPanel',
      title: this.#vscode.l10n.t('Show Panel'),
      arguments: meant === undefined ? [] : [meant],
    };
    this.#item.backgroundColor =
      failed === undefined
        ? undefined
        : new this.#vscode.ThemeColor('statusBarItem.errorBackground');
    this.#item.show();
  }

  /** The newest run with failures that the person has not seen. */
  #unseen(): string | undefined {
    let unseen: string | undefined;
    for (const run of this.#runs.all) {
      const failed = run.state.counts.failed;
      // After a retry fewer have failed; a new failure is then news again.
      if (this.#looking || failed < (this.#seen.get(run.id) ?? 0)) this.#seen.set(run.id, failed);
      if (failed > (this.#seen.get(run.id) ?? 0)) unseen ??= run.id;
    }
    return unseen;
  }

  #tick(live: boolean): void {
    if (live) {
      this.#ticking ??= setInterval(() => this.#soon(), TICK);
      return;
    }
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }
}
