import { dirname, resolve } from 'node:path';
import type { Uri } from 'vscode';
import { BatchError } from '../batch/problem.ts';
import type { RunHandle, startRun } from '../runner/client.ts';
import type { Diagnostics } from './diagnostics.ts';
import { plain } from './plain.ts';
import type { Runs } from './runs.ts';
import type { Secrets } from './secrets.ts';
import { requireTrust } from './trust.ts';
import type { Vscode } from './vscode.ts';

export interface StarterOptions {
  readonly runs: Runs;
  readonly secrets: Secrets;
  readonly diagnostics: Diagnostics;
  readonly start: typeof startRun;
  /** What settings hand to a run in its environment. */
  readonly settings: () => Record<string, string>;
  /** Called once a run is there to be seen. */
  readonly started: () => Promise<void>;
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
   * Starts a run of a batch file, saved first. `undefined` when it may not start or the file is wrong,
   * which the person has then been told. `goesOnWith` is the run whose finished items are not done again.
   */
  async start(batch: Uri, goesOnWith?: string): Promise<RunHandle | undefined> {
    if (!(await requireTrust(this.#vscode))) return undefined;
    const open = this.#vscode.workspace.textDocuments.find(
      (document) => document.uri.toString() === batch.toString(),
    );
    if (open?.isDirty === true && !(await open.save())) return undefined;
    const folder = this.#vscode.workspace.getWorkspaceFolder(batch);
    const workspace = folder?.uri.fsPath ?? dirname(batch.fsPath);
    const { runs, secrets, settings, start } = this.#options;
    const env = { ...settings(), ...(await secrets.environment()) };
    try {
      const run = await runs.begin(() =>
        start({ batchFile: batch.fsPath, workspace, env, ...(goesOnWith && { goesOnWith }) }),
      );
      await this.#options.started();
      return run;
    } catch (error) {
      if (!(error instanceof BatchError)) throw error;
      await this.#explain(batch, workspace, error);
      return undefined;
    }
  }

  /** Goes on with a run whose runner is gone, in a new one. */
  goOn(run: RunHandle): Promise<RunHandle | undefined> {
    const { workspace, batch } = run.state.run;
    return this.start(this.#vscode.Uri.file(resolve(workspace, batch)), run.id);
  }

  async #explain(batch: Uri, workspace: string, error: BatchError): Promise<void> {
    const { commands, l10n, Uri, window } = this.#vscode;
    const [first] = error.problems;
    if (first === undefined) throw error;
    const uriOf = (file: string): Uri => Uri.file(resolve(workspace, file));
    const inBatch = error.problems.filter((one) => uriOf(one.file).fsPath === batch.fsPath);
    if (inBatch.length > 0) this.#options.diagnostics.show(batch, inBatch);
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
