import type { SecretStorage } from 'vscode';
import type { Vscode } from '../../../../src/vscode/vscode.ts';
import { FakeEvent, FakeVscode } from '../../../support/fake-vscode.ts';

interface Message {
  readonly text: string;
}

interface Token {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): { dispose(): void };
}

/** A model that answers as the test says; `asked` counts what has begun and not been answered. */
export interface FakeModel {
  readonly vendor: string;
  readonly id: string;
  readonly family: string;
  readonly name: string;
  sendRequest(
    messages: readonly Message[],
    options: object,
    token: Token,
  ): Promise<{ readonly text: AsyncIterable<string> }>;
}

class LanguageModelError extends Error {
  readonly code: string;

  constructor(code: string, message = '') {
    super(message);
    this.code = code;
  }

  static NoPermissions = (message?: string) => new LanguageModelError('NoPermissions', message);
  static Blocked = (message?: string) => new LanguageModelError('Blocked', message);
  static NotFound = (message?: string) => new LanguageModelError('NotFound', message);
}

export { LanguageModelError };

class CancellationTokenSource {
  readonly #event = new FakeEvent<void>();
  readonly token = {
    isCancellationRequested: false,
    onCancellationRequested: this.#event.event,
  };

  cancel(): void {
    if (this.token.isCancellationRequested) return;
    this.token.isCancellationRequested = true;
    this.#event.fire();
  }

  dispose(): void {}
}

/** A window with language models, settings of two scopes, secrets and progress, as engines use them. */
export class FakeWindow extends FakeVscode {
  models: FakeModel[] = [];
  readonly user = new Map<string, unknown>();
  readonly ofWorkspace = new Map<string, unknown>();
  readonly kept = new Map<string, string>();
  /** What was asked in fields for a line of text. */
  readonly prompts: string[] = [];
  /** Lines of notifications that show progress. */
  readonly progress: string[] = [];
  /** Told of each line; may cancel. */
  onProgress: (line: string, cancel: () => void) => void = () => {};

  get secrets(): SecretStorage {
    const { kept } = this;
    return {
      keys: async () => [...kept.keys()],
      get: async (name: string) => kept.get(name),
      store: async (name: string, value: string) => void kept.set(name, value),
      delete: async (name: string) => void kept.delete(name),
      onDidChange: new FakeEvent<{ key: string }>().event,
    } as unknown as SecretStorage;
  }

  override get module(): Vscode {
    const base = super.module;
    const settings = {
      get: (name: string, missing: unknown) =>
        this.ofWorkspace.get(name) ?? this.user.get(name) ?? missing,
      inspect: (name: string) => ({
        defaultValue: name.endsWith('.engine') ? 'auto' : '',
        workspaceValue: this.ofWorkspace.get(name),
      }),
      update: async (name: string, value: unknown, target: number) => {
        const scope = target === 2 ? this.ofWorkspace : this.user;
        if (value === undefined) scope.delete(name);
        else scope.set(name, value);
      },
    };
    const more = {
      ConfigurationTarget: { Global: 1, Workspace: 2 },
      ProgressLocation: { Notification: 15 },
      QuickPickItemKind: { Separator: -1, Default: 0 },
      CancellationTokenSource,
      LanguageModelError,
      LanguageModelChatMessage: { User: (text: string): Message => ({ text }) },
      lm: { selectChatModels: async () => this.models },
      workspace: Object.assign(Object.create(base.workspace) as object, {
        getConfiguration: () => settings,
      }),
      window: Object.assign(Object.create(base.window) as object, {
        showInputBox: async ({ prompt }: { prompt: string }) => {
          this.prompts.push(prompt);
          return this.answers.shift();
        },
        showOpenDialog: async () => this.answers.shift(),
        withProgress: async (options: { title: string }, work: Work) => {
          const source = new CancellationTokenSource();
          const report = ({ message }: { message: string }): void => {
            this.progress.push(`${options.title}: ${message}`);
            this.onProgress(message, () => source.cancel());
          };
          return work({ report }, source.token);
        },
      }),
    };
    return Object.assign(Object.create(base) as object, more) as unknown as Vscode;
  }
}

type Work = (progress: object, token: Token) => Promise<unknown>;
