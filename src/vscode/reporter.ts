import type { LogOutputChannel } from 'vscode';
import { plain } from './plain.ts';
import type { Vscode } from './vscode.ts';

/** Says what went wrong: the message to the person, all of it to the extension's own log. */
export class Reporter {
  readonly #vscode: Vscode;
  readonly #log: LogOutputChannel;

  constructor(vscode: Vscode, log: LogOutputChannel) {
    this.#vscode = vscode;
    this.#log = log;
  }

  /** Never throws or rejects. Bound, so that it can be passed on. */
  readonly report = (error: unknown): void => {
    const { l10n, window } = this.#vscode;
    const message = error instanceof Error ? error.message : String(error);
    this.#log.error(error instanceof Error ? (error.stack ?? message) : message);
    const show = l10n.t('Show Log');
    window.showErrorMessage(plain(`Sluice: ${message}`), show).then(
      (chosen) => {
        if (chosen === show) this.#log.show(true);
      },
      // A window that closes answers no question.
      () => undefined,
    );
  };
}
