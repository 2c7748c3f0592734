import type { Diagnostic, DiagnosticCollection, Uri } from 'vscode';
import type { RunEvent } from '../../protocol/events.ts';
import { failureMessage, failurePlace } from '../../protocol/failed.ts';
import type { ItemState } from '../../protocol/state.ts';
import type { RunHandle } from '../../runner/client.ts';
import type { Runs } from '../../runner/runs.ts';
import { type Disposable, Disposables } from '../disposables.ts';
import { placePath } from '../places.ts';
import type { Vscode } from '../vscode.ts';

/** A run may have thousands of failed items. */
const SHOWN = 500;

/** Many items may end at once. Also longer than a task takes to clear what its problem matcher found before. */
const DELAY = 250;

interface Failed {
  readonly run: RunHandle;
  readonly item: ItemState;
}

/**
 * Failed items in the Problems panel, at the line of their input. An item is there until it is tried again, by
 * its own run or by a later one. Of runs that were over when the window came, nothing is said: what they did is
 * in the panel.
 */
export class FailedItems implements Disposable {
  readonly #vscode: Vscode;
  readonly #runs: Runs;
  readonly #collection: DiagnosticCollection;
  readonly #owned = new Disposables();
  /** Ids of runs that were under way while this window was there. */
  readonly #seen = new Set<string>();
  #shown: readonly Uri[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(vscode: Vscode, runs: Runs) {
    this.#vscode = vscode;
    this.#runs = runs;
    // The problem matcher of package.json has the same owner, so that what both find is there once.
    this.#collection = this.#owned.add(vscode.languages.createDiagnosticCollection('sluice-items'));
    for (const run of runs.live) this.#see(run);
    this.#owned.add(
      runs.added.on((run) => {
        if (run.state.ended === undefined) this.#see(run);
      }),
    );
    this.#owned.add(
      runs.changed.on(({ run, events }) => {
        // A run that was over at once has its events still to tell.
        if (events.length > 0 && !this.#seen.has(run.id)) this.#see(run);
        if (!this.#seen.has(run.id)) return;
        if (events.length === 0 || events.some(matters)) this.refresh();
      }),
    );
    this.#owned.add(
      runs.removed.on((run) => {
        if (this.#seen.delete(run.id)) this.refresh();
      }),
    );
    // A task that ends takes away what its problem matcher has not found again.
    this.#owned.add(vscode.tasks.onDidEndTask(() => this.refresh()));
  }

  /** Shows what is so now, soon. */
  refresh(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#show();
    }, DELAY);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#owned.dispose();
  }

  #see(run: RunHandle): void {
    this.#seen.add(run.id);
    this.refresh();
  }

  #show(): void {
    const batches = Map.groupBy(
      this.#runs.all.filter((run) => this.#seen.has(run.id)),
      ({ state: { run } }) => placePath(run.workspace, { file: run.batch }),
    );
    const failed = [...batches.values()].flatMap(failedIn).slice(0, SHOWN);
    const files = Map.groupBy(failed, ({ run, item }) =>
      placePath(run.state.run.workspace, failurePlace(item) ?? { file: run.state.run.batch }),
    );
    const uris = new Map([...files.keys()].map((path) => [path, this.#vscode.Uri.file(path)]));
    for (const uri of this.#shown) if (!files.has(uri.fsPath)) this.#collection.delete(uri);
    for (const [path, uri] of uris) {
      this.#collection.set(
        uri,
        (files.get(path) ?? []).map((one) => this.#diagnostic(one)),
      );
    }
    this.#shown = [...uris.values()];
  }

  #diagnostic({ run, item }: Failed): Diagnostic {
    const { Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity } = this.#vscode;
    const { l10n, Location, Position, Range, Uri } = this.#vscode;
    const { line = 1, column = 1 } = failurePlace(item) ?? {};
    const range = new Range(line - 1, column - 1, line - 1, Number.MAX_SAFE_INTEGER);
    const message = item.failure === undefined ? l10n.t('failed') : failureMessage(item.failure);
    const diagnostic = new Diagnostic(range, message, DiagnosticSeverity.Error);
    diagnostic.source = 'Sluice';
    const { name, batch, workspace, only } = run.state.run;
    const number = only?.[item.item - 1] ?? item.item;
    diagnostic.relatedInformation = [
      new DiagnosticRelatedInformation(
        new Location(Uri.file(placePath(workspace, { file: batch })), new Position(0, 0)),
        l10n.t('Item {0} of {1}', number, name),
      ),
    ];
    return diagnostic;
  }
}

/** Whether an event may change which items have failed. */
function matters({ type }: RunEvent): boolean {
  return type === 'end' || type === 'queued' || type === 'items';
}

/** The items of a batch that failed when they were last run; `runs` are of that batch, the newest first. */
function failedIn(runs: readonly RunHandle[]): readonly Failed[] {
  if (runs.every(({ state }) => state.counts.failed === 0)) return [];
  const failed: Failed[] = [];
  const known = new Set<string>();
  for (const run of runs) {
    for (const item of run.state.items) {
      // A run of some items numbers them anew: what tells them is where they stand.
      const { file, line } = item.source ?? { file: run.state.run.batch, line: -item.item };
      const place = `${file}:${line}`;
      if (known.has(place)) continue;
      known.add(place);
      if (item.state === 'failed') failed.push({ run, item });
    }
    if (run.state.run.only === undefined) break;
  }
  return failed;
}
