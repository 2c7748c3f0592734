import type { Event, SecretStorage, SecretStorageChangeEvent } from 'vscode';
import { OPENAI_URL, originOf } from '../engines/endpoint/endpoint.ts';
import { newSecret } from '../server/secrets.ts';
import type { Vscode } from './vscode.ts';

const OPENAI_KEY = 'sluice.openAiKey';
const SERVER_TOKEN = 'sluice.serverToken';
/** Keys of other endpoints begin so; their origin follows. */
const ENDPOINT_KEY = 'sluice.endpointKey:';
/** Passwords of queues begin so; their host and port follow. */
const QUEUE_PASSWORD = 'sluice.queuePassword:';

/** Keeps keys in VS Code's secret storage: they are in no file, setting or log. */
export class Secrets {
  readonly #vscode: Vscode;
  readonly #storage: SecretStorage;

  constructor(vscode: Vscode, storage: SecretStorage) {
    this.#vscode = vscode;
    this.#storage = storage;
  }

  get onDidChange(): Event<SecretStorageChangeEvent> {
    return this.#storage.onDidChange;
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

  /** Keeps the key of the endpoint at an address: for its scheme, host and port. */
  async keep(address: string, key: string): Promise<void> {
    await this.#storage.store(nameFor(address), key);
  }

  /** What programs say to the server of this window: the same one again, so that they need not be told anew. */
  async serverToken(): Promise<string> {
    const kept = await this.#storage.get(SERVER_TOKEN);
    if (kept !== undefined) return kept;
    const token = newSecret();
    await this.#storage.store(SERVER_TOKEN, token);
    return token;
  }

  /** The password that is kept for the queue at an address: it goes to that host and port alone. */
  async queuePassword(address: string): Promise<string | undefined> {
    return this.#storage.get(QUEUE_PASSWORD + new URL(address).host);
  }

  /** Keeps the password of a queue; an empty one removes it. */
  async keepQueuePassword(address: string, password: string): Promise<void> {
    const name = QUEUE_PASSWORD + new URL(address).host;
    if (password === '') await this.#storage.delete(name);
    else await this.#storage.store(name, password);
  }

  /** What runs are given in their environment: each key only for where it belongs (docs/engines.md). */
  async environment(): Promise<Record<string, string>> {
    const openAi = await this.#storage.get(OPENAI_KEY);
    const keys: Record<string, string> = {};
    for (const name of await this.#storage.keys()) {
      if (!name.startsWith(ENDPOINT_KEY)) continue;
      const key = await this.#storage.get(name);
      if (key !== undefined) keys[name.slice(ENDPOINT_KEY.length)] = key;
    }
    return {
      ...(openAi === undefined ? {} : { OPENAI_API_KEY: openAi }),
      ...(Object.keys(keys).length === 0 ? {} : { SLUICE_KEYS: JSON.stringify(keys) }),
    };
  }
}

function nameFor(address: string): string {
  const origin = originOf(address);
  if (origin === undefined) throw new Error(`${address} is no address of an endpoint`);
  return origin === originOf(OPENAI_URL) ? OPENAI_KEY : `${ENDPOINT_KEY}${origin}`;
}
