import { dirname, resolve } from 'node:path';
import type { Uri } from 'vscode';
import { BatchError, type Problem } from '../batch/problem.ts';
import type { RunHandle, startRun } from '../runner/client.ts';
import type { Runs } from '../runner/runs.ts';
import type { QueueOptions, StartOptions } from '../runner/start.ts';
import { plain } from './plain.ts';
import { saveInputs } from './save-inputs.ts';
import type { Secrets } from './secrets.ts';
import { requireTrust } from './trust.ts';
import type { Vscode } from './vscode.ts';

/** Shows what is wrong in a batch file in the Problems panel. */
export type ShowProblems = (batch: Uri, problems: readonly Problem[]) => void;

/** How a batch is run, instead of what its file says. */
export type RunChoices = Omit<StartOptions, 'batchFile' | 'workspace' | 'env' | 'queue'>;

export interface StarterOptions {
  readonly runs: Runs;
  readonly secrets: Secrets;
  readonly showProblems: ShowProblems;
  readonly start: typeof startRun;
  /** The queue whose workers do the items, where one is chosen. */
  readonly queue: () => Promise<QueueOptions | undefined>;
  /** What settings hand to a run in its environment. */
  readonly settings: () => Record<string, string>;
  /** Called once a run is there to be seen. */
  readonly started: (run: RunHandle) => Promise<void>;
}

/** Starts runs: the one place that does, so that trust and secrets are never forgotten. */
export class Starter {
  readonly #vscode: Vscode;
  readonly #options: StarterOptions;

  constructor(vscode: Vscode, options: StarterOptions) {
    this.#vscode = vscode;
    this.#options = options;
  }

  /**
   * Starts a run of a batch file; it and the file that its items are read from are saved first. `undefined` when
   * it may not start or the file is wrong, which the person has then been told.
   */
  async start(batch: Uri, choices: RunChoices = {}): Promise<RunHandle | undefined> {
    try {
      return await this.begin(batch, choices);
    } catch (error) {
      if (!(error instanceof BatchError)) throw error;
      await this.#explain(batch, error);
      return undefined;
    }
  }

  /** As `start`, for a caller that says itself what is wrong: rejects with BatchError. */
  async begin(batch: Uri, choices: RunChoices = {}): Promise<RunHandle | undefined> {
    if (!(await requireTrust(this.#vscode))) return undefined;
    if (!(await saveInputs(this.#vscode, batch))) return undefined;
    const workspace = this.workspaceOf(batch);
    const { runs, secrets, settings, start } = this.#options;
    const queue = await this.#options.queue();
    const env = { ...settings(), ...(await secrets.environment()) };
    const run = await runs.begin(() =>
      start({
        ...choices,
        batchFile: batch.fsPath,
        workspace,
        env,
        ...(queue === undefined ? {} : { queue }),
      }),
    );
    // What stood in the way of an earlier start is gone.
    this.#options.showProblems(batch, []);
    await this.#options.started(run);
    return run;
  }

  /** The folder that keeps the runs of a batch file: its workspace folder, or its own. */
  workspaceOf(batch: Uri): string {
    return this.#vscode.workspace.getWorkspaceFolder(batch)?.uri.fsPath ?? dirname(batch.fsPath);
  }

  /** Goes on with a run whose runner is gone, in a new one. */
  goOn(run: RunHandle): Promise<RunHandle | undefined> {
    const { workspace, batch, only } = run.state.run;
    return this.start(this.#vscode.Uri.file(resolve(workspace, batch)), {
      ...(only === undefined ? {} : { items: only }),
      goesOnWith: run.id,
    });
  }

  async #explain(batch: Uri, error: BatchError): Promise<void> {
    const { commands, l10n, Uri, window } = this.#vscode;
    const workspace = this.workspaceOf(batch);
    const [first] = error.problems;
    if (first === undefined) throw error;
    const uriOf = (file: string): Uri => Uri.file(resolve(workspace, file));
    const inBatch = error.problems.filter((one) => uriOf(one.file).fsPath === batch.fsPath);
    if (inBatch.length > 0) this.#options.showProblems(batch, inBatch);
    const show = l10n.t('Show');
    const text = first.hint === undefined ? first.message : `${first.message} ${first.hint}`;
    const chosen = await window.showErrorMessage(
      plain(l10n.t('{0} cannot run: {1}', first.file, text)),
      show,
    );
    if (chosen !== show) return;
    const at = new this.#vscode.Position((first.line ?? 1) - 1, (first.column ?? 1) - 1);
    const selection = new this.#vscode.Range(at, at);
    await window.showTextDocument(uriOf(first.file), { selection });
    if (error.problems.length > 1) await commands.executeCommand('workbench.actions.view.problems');
  }
}
