import type { OutputChannel } from 'vscode';
import { plain } from './plain.ts';
import type { Vscode } from './vscode.ts';

/** Says what went wrong: the message to the person, all of it to the output channel. */
export class Reporter {
  readonly #vscode: Vscode;
  readonly #output: OutputChannel;

  constructor(vscode: Vscode, output: OutputChannel) {
    this.#vscode = vscode;
    this.#output = output;
  }

  /** Never throws or rejects. Bound, so that it can be passed on. */
  readonly report = (error: unknown): void => {
    const { l10n, window } = this.#vscode;
    const message = error instanceof Error ? error.message : String(error);
    this.#output.appendLine(error instanceof Error ? (error.stack ?? message) : message);
    const show = l10n.t('Show Output');
    window.showErrorMessage(plain(`Sluice: ${message}`), show).then(
      (chosen) => {
        if (chosen === show) this.#output.show(true);
      },
      // A window that closes answers no question.
      () => undefined,
    );
  };
}
