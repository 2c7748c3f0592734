import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type {
  CancellationToken,
  LanguageModelToolResult,
  MarkdownString,
  PreparedToolInvocation,
  Uri,
} from 'vscode';
import { planBatch } from '../batch/expand.ts';
import type { Plan } from '../batch/plan.ts';
import type { RunHandle } from '../runner/client.ts';
import { Disposables } from './disposables.ts';
import { previewRun } from './run-preview.ts';
import { reportRun } from './run-report.ts';
import type { Vscode } from './vscode.ts';
import type { SluiceWindow } from './window.ts';

/** Input of `sluice_run_batch`; package.json has its schema. */
export interface RunBatchInput {
  readonly file: string;
  readonly concurrency?: number;
  readonly overwrite?: boolean;
  readonly waitSeconds?: number;
}

/** Input of `sluice_get_run`. */
export interface GetRunInput {
  readonly run?: string;
}

const WAIT_SECONDS = 60;

/**
 * What a language model may do. Nothing starts that the person has not seen before: a batch that was changed
 * after it was confirmed has to be confirmed again.
 */
export class ToolCalls {
  readonly #vscode: Vscode;
  readonly #window: SluiceWindow;
  /** What was shown to the person, by the path of its batch file. */
  readonly #shown = new Map<string, string>();

  constructor(vscode: Vscode, window: SluiceWindow) {
    this.#vscode = vscode;
    this.#window = window;
  }

  /** What is to be confirmed. Rejects when there is nothing that could run. */
  async prepare(input: RunBatchInput): Promise<PreparedToolInvocation> {
    const { l10n, workspace } = this.#vscode;
    const { uri, plan } = await this.#plan(input);
    this.#shown.set(uri.fsPath, fingerprint(plan, input));
    const name = workspace.asRelativePath(uri);
    return {
      invocationMessage: l10n.t('Running {0}', name),
      confirmationMessages: {
        title: l10n.t('Run {0}?', name),
        message: this.#preview(plan, input),
      },
    };
  }

  /** Runs a batch that was confirmed, and reports when it has ended or the time to wait is over. */
  async runBatch(input: RunBatchInput, token: CancellationToken): Promise<LanguageModelToolResult> {
    const { uri, plan } = await this.#plan(input);
    const shown = this.#shown.get(uri.fsPath);
    this.#shown.delete(uri.fsPath);
    if (shown !== fingerprint(plan, input)) {
      throw new Error(
        `${input.file} or its inputs changed after it was confirmed. Call the tool again.`,
      );
    }
    const { concurrency, overwrite, waitSeconds = WAIT_SECONDS } = input;
    const run = await this.#window.starter.begin(uri, {
      ...(concurrency !== undefined && { concurrency }),
      ...(overwrite !== undefined && { overwrite }),
    });
    if (run === undefined) throw new Error(RESTRICTED);
    await this.#ended(run, waitSeconds * 1000, token);
    return this.#report(run);
  }

  async getRun({ run: id }: GetRunInput): Promise<LanguageModelToolResult> {
    this.#requireTrust();
    const { runs } = this.#window;
    await runs.settled();
    const run = id === undefined ? runs.all[0] : runs.get(id);
    if (run === undefined) {
      throw new Error(
        id === undefined ? 'Nothing has been run in this workspace.' : `There is no run ${id}.`,
      );
    }
    return this.#report(run);
  }

  async #plan({ file }: RunBatchInput): Promise<{ uri: Uri; plan: Plan }> {
    this.#requireTrust();
    const { Uri, workspace } = this.#vscode;
    const uri = Uri.file(resolve(workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', file));
    if (workspace.getWorkspaceFolder(uri) === undefined) {
      throw new Error(`${file} is in no folder of this workspace.`);
    }
    const folder = this.#window.starter.workspaceOf(uri);
    const plan = await planBatch(uri.fsPath, folder);
    // What is shown must be what runs: the files on disk, which a start saves first.
    const inputs = plan.items.map(({ source, file: input }) => input ?? source?.file ?? '');
    const paths = new Set([uri.fsPath, ...inputs.map((path) => resolve(folder, path))]);
    const unsaved = workspace.textDocuments.find((one) => one.isDirty && paths.has(one.uri.fsPath));
    if (unsaved === undefined) return { uri, plan };
    throw new Error(`${workspace.asRelativePath(unsaved.uri)} has changes that are not saved.`);
  }

  #requireTrust(): void {
    if (!this.#vscode.workspace.isTrusted) throw new Error(RESTRICTED);
  }

  /** Nothing in it is a link or a command: text of the batch stands in code blocks. */
  #preview(plan: Plan, { overwrite = false }: RunBatchInput): MarkdownString {
    const markdown = new this.#vscode.MarkdownString();
    for (const part of previewRun(plan, overwrite, this.#vscode.l10n.t)) {
      // Outside of its chat VS Code shows it without Markdown: what follows must not go on with the last line.
      if ('code' in part) markdown.appendCodeblock(`${part.code}\n`, 'plaintext');
      else markdown.appendText(part.text);
    }
    return markdown;
  }

  /** Resolves when the run has ended or `patience` ms are over. The run is cancelled when the call is. */
  async #ended(run: RunHandle, patience: number, token: CancellationToken): Promise<void> {
    const owned = new Disposables();
    try {
      await new Promise<void>((done, fail) => {
        const look = (): void => {
          if (run.state.ended !== undefined) done();
        };
        const timer = setTimeout(done, patience);
        owned.add({ dispose: () => clearTimeout(timer) });
        owned.add({ dispose: run.onChange(look) });
        owned.add(
          token.onCancellationRequested(() => {
            if (run.live) run.request('cancel', {}).then(look, fail);
          }),
        );
        look();
      });
    } finally {
      owned.dispose();
    }
  }

  #report(run: RunHandle): LanguageModelToolResult {
    const { LanguageModelTextPart, LanguageModelToolResult } = this.#vscode;
    return new LanguageModelToolResult([new LanguageModelTextPart(reportRun(run.state))]);
  }
}

// For the model, and so not translated, as all errors of tools.
const RESTRICTED =
  'The workspace is in Restricted Mode: nothing runs before the person trusts it. Ask them to.';

/** Tells whether a plan and how it is run are what they were. */
function fingerprint(plan: Plan, { concurrency, overwrite }: RunBatchInput): string {
  return createHash('sha256')
    .update(JSON.stringify({ plan, concurrency, overwrite }))
    .digest('hex');
}
