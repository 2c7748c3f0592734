import type { Event, EventEmitter, Pseudoterminal } from 'vscode';
import { BatchError, formatProblem } from '../batch/problem.ts';
import { EXIT, exitCodeOf } from '../cli/exit.ts';
import { plainText } from '../protocol/escapes.ts';
import { failedLines } from '../protocol/failed.ts';
import { LogLines } from '../protocol/log-lines.ts';
import type { RunHandle } from '../runner/client.ts';
import type { Runs } from '../runner/runs.ts';
import { type Disposable, Disposables } from './disposables.ts';
import { EventReader } from './event-reader.ts';
import type { Vscode } from './vscode.ts';

/** Bytes of a run's log that are read again, should this window be too slow for it. */
const LOG_LIMIT = 64 << 20;

/** How a task begins its run: `undefined` when it may not start; rejects with BatchError. */
export type Begin = () => Promise<RunHandle | undefined>;

/**
 * The terminal of a task: it starts a run, prints what `sluice run` prints into a pipe, and ends with its exit
 * code. The run is the task's: when the terminal is closed, the run is cancelled.
 */
export class TaskTerminal implements Pseudoterminal, Disposable {
  readonly onDidWrite: Event<string>;
  readonly onDidClose: Event<number>;
  readonly #vscode: Vscode;
  readonly #runs: Runs;
  readonly #begin: Begin;
  readonly #report: (error: unknown) => void;
  readonly #owned = new Disposables();
  readonly #text: EventEmitter<string>;
  readonly #end: EventEmitter<number>;
  #run: RunHandle | undefined;

  constructor(vscode: Vscode, runs: Runs, begin: Begin, report: (error: unknown) => void) {
    this.#vscode = vscode;
    this.#runs = runs;
    this.#begin = begin;
    this.#report = report;
    this.#text = this.#owned.add(new vscode.EventEmitter());
    this.#end = this.#owned.add(new vscode.EventEmitter());
    this.onDidWrite = this.#text.event;
    this.onDidClose = this.#end.event;
  }

  open(): void {
    this.#start().then(
      (code) => {
        if (code !== undefined) this.#end.fire(code);
      },
      (error: unknown) => {
        this.#write([plainText(error instanceof Error ? error.message : String(error))]);
        this.#end.fire(EXIT.failed);
      },
    );
  }

  /** The person has closed the terminal, or ended the task. */
  close(): void {
    this.dispose();
    if (this.#run !== undefined) this.#cancel(this.#run);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** Starts the run. Answers an exit code when there is nothing to follow. */
  async #start(): Promise<number | undefined> {
    try {
      this.#run = await this.#begin();
    } catch (error) {
      if (!(error instanceof BatchError)) throw error;
      this.#write(error.problems.map((problem) => plainText(formatProblem(problem))));
      return EXIT.usage;
    }
    const run = this.#run;
    if (run === undefined) {
      this.#write([this.#vscode.l10n.t('Nothing was started.')]);
      return EXIT.usage;
    }
    if (this.#owned.disposed) this.#cancel(run);
    else this.#follow(run);
    return undefined;
  }

  #follow(run: RunHandle): void {
    const lines = new LogLines(this.#vscode.l10n.t, { colours: true });
    // A list's handle may have taken the place of the one that began.
    const state = (): RunHandle['state'] => (this.#runs.get(run.id) ?? run).state;
    this.#write([lines.header(state())]);
    const reader = this.#owned.add(
      new EventReader({
        runs: this.#runs,
        run: run.id,
        limit: LOG_LIMIT,
        tell: (events) => this.#write(events.flatMap((event) => lines.lines(state(), event))),
      }),
    );
    const check = async (): Promise<void> => {
      if (state().ended === undefined) return;
      await reader.catchUp();
      if (this.#owned.disposed) return;
      reader.dispose();
      this.#write(failedLines(state()));
      this.#end.fire(exitCodeOf(state()));
      this.#owned.dispose();
    };
    this.#owned.add(
      this.#runs.changed.on((change) => {
        if (change.run.id === run.id) check().catch(this.#report);
      }),
    );
    reader.whole.then(check).catch(this.#report);
  }

  #cancel(run: RunHandle): void {
    const { live, state } = this.#runs.get(run.id) ?? run;
    // It may end at this very moment.
    if (live && state.ended === undefined) run.request('cancel', {}).catch(this.#report);
  }

  #write(lines: readonly string[]): void {
    if (lines.length > 0) this.#text.fire(`${lines.join('\r\n')}\r\n`);
  }
}
