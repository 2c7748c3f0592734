import type { SecretStorage } from 'vscode';
import type { Vscode } from './vscode.ts';

const OPENAI_KEY = 'sluice.openAiKey';

/** Keeps the key in VS Code's secret storage: it is in no file, setting or log. */
export class Secrets {
  readonly #vscode: Vscode;
  readonly #storage: SecretStorage;

  constructor(vscode: Vscode, storage: SecretStorage) {
    this.#vscode = vscode;
    this.#storage = storage;
  }

  /** Asks for the key; an empty answer removes the one that is kept. */
  async askOpenAiKey(): Promise<void> {
    const { l10n, window } = this.#vscode;
    const kept = (await this.#storage.get(OPENAI_KEY)) !== undefined;
    const answer = await window.showInputBox({
      title: l10n.t('OpenAI API Key'),
      prompt: kept
        ? l10n.t('A key is kept. Enter a new one, or nothing to remove it.')
        : l10n.t('Runs get it as OPENAI_API_KEY. It is kept in the secret storage of VS Code.'),
      password: true,
      ignoreFocusOut: true,
    });
    if (answer === undefined) return;
    if (answer.trim() !== '') {
      await this.#storage.store(OPENAI_KEY, answer.trim());
      void window.setStatusBarMessage(l10n.t('Sluice: the key is kept.'), 4000);
    } else if (kept) {
      await this.#storage.delete(OPENAI_KEY);
      void window.setStatusBarMessage(l10n.t('Sluice: the key is removed.'), 4000);
    }
  }

  /** What runs are given in their environment. */
  async environment(): Promise<Record<string, string>> {
    const key = await this.#storage.get(OPENAI_KEY);
    return key === undefined ? {} : { OPENAI_API_KEY: key };
  }
}
