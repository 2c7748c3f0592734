import type { Vscode } from '../../src/vscode/vscode.ts';

/** An event as VS Code's, which tests fire. */
export class FakeEvent<T> {
  readonly listeners = new Set<(value: T) => void>();
  readonly event = (listener: (value: T) => void): { dispose(): void } => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }
}

/** VS Code's own emitter, whose event is a property. */
class EventEmitter<T> extends FakeEvent<T> {
  dispose(): void {
    this.listeners.clear();
  }
}

export class FakeUri {
  readonly scheme: string;
  readonly query: string;
  readonly fsPath: string;

  constructor(fsPath: string, scheme = 'file', query = '') {
    this.fsPath = fsPath;
    this.scheme = scheme;
    this.query = query;
  }

  get path(): string {
    return this.fsPath;
  }

  toString(): string {
    return `${this.scheme}://${this.fsPath}${this.query === '' ? '' : `?${this.query}`}`;
  }

  static file(path: string): FakeUri {
    return new FakeUri(path);
  }

  static from(parts: { scheme: string; path: string; query?: string }): FakeUri {
    return new FakeUri(parts.path, parts.scheme, parts.query);
  }

  static joinPath(base: FakeUri, ...path: string[]): FakeUri {
    return new FakeUri([base.fsPath, ...path].join('/'));
  }
}

class Position {
  readonly line: number;
  readonly character: number;

  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
}

class Range {
  readonly numbers: readonly unknown[];

  constructor(...numbers: unknown[]) {
    this.numbers = numbers;
  }
}

class Diagnostic {
  source: string | undefined;
  readonly range: Range;
  readonly message: string;
  readonly severity: number;

  constructor(range: Range, message: string, severity: number) {
    this.range = range;
    this.message = message;
    this.severity = severity;
  }
}

class ThemeColor {
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }
}

class ThemeIcon {
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }
}

/** Text that is to be escaped stands between ⟨ and ⟩. */
class MarkdownString {
  value: string;
  isTrusted: unknown;
  readonly supportThemeIcons: boolean;

  constructor(value = '', supportThemeIcons = false) {
    this.value = value;
    this.supportThemeIcons = supportThemeIcons;
  }

  appendText(text: string): this {
    this.value += `⟨${text}⟩`;
    return this;
  }

  appendMarkdown(text: string): this {
    this.value += text;
    return this;
  }

  appendCodeblock(text: string): this {
    this.value += `⟦${text}⟧`;
    return this;
  }
}

class LanguageModelTextPart {
  readonly value: string;

  constructor(value: string) {
    this.value = value;
  }
}

class LanguageModelToolResult {
  readonly content: readonly unknown[];

  constructor(content: readonly unknown[]) {
    this.content = content;
  }
}

/** An output channel, whose text is kept. */
export class FakeChannel {
  readonly name: string;
  text = '';
  shown = 0;
  disposed = false;

  constructor(name: string) {
    this.name = name;
  }

  append(text: string): void {
    this.text += text;
  }

  show(): void {
    this.shown += 1;
  }

  dispose(): void {
    this.disposed = true;
  }
}

/** As much of a text document as the extension looks at. */
export interface FakeDocument {
  readonly uri: FakeUri;
  text: string;
  isDirty?: boolean;
  getText(): string;
  save(): Promise<boolean>;
}

export function fakeDocument(path: string, text: string): FakeDocument {
  const document: FakeDocument = {
    uri: FakeUri.file(path),
    text,
    getText: () => document.text,
    save: async () => true,
  };
  return document;
}

/**
 * As much of VS Code as the extension uses, without a window. Messages and commands are recorded; what the
 * person answers is set with `answers`, in order.
 */
export class FakeVscode {
  readonly answers: unknown[] = [];
  readonly messages: string[] = [];
  /** What could be chosen in each of the messages that ask. */
  readonly choices: unknown[][] = [];
  readonly executed: unknown[][] = [];
  readonly commands = new Map<string, (argument: unknown) => unknown>();
  readonly diagnostics = new Map<string, readonly Diagnostic[]>();
  readonly documents: FakeDocument[] = [];
  readonly opened = new FakeEvent<FakeDocument>();
  readonly edited = new FakeEvent<{ document: FakeDocument }>();
  readonly closed = new FakeEvent<FakeDocument>();
  readonly trustGranted = new FakeEvent<void>();
  readonly foldersChanged = new FakeEvent<{ removed: readonly { uri: FakeUri }[] }>();
  readonly status = {
    name: '',
    text: '',
    tooltip: undefined as MarkdownString | undefined,
    command: undefined as { command: string; arguments: unknown[] } | undefined,
    backgroundColor: undefined as ThemeColor | undefined,
    visible: false,
    show() {
      this.visible = true;
    },
    hide() {
      this.visible = false;
    },
    dispose() {},
  };
  readonly channels: FakeChannel[] = [];
  readonly settings: Record<string, unknown> = {};
  readonly window = { focused: true };
  /** What was copied last. */
  clipboard = '';
  trusted = true;
  folders: readonly string[] = ['/workspace'];

  /** The module. Only what is here may be used. */
  get module(): Vscode {
    const fake = this;
    const say = async (message: string, ...choices: unknown[]): Promise<unknown> => {
      fake.messages.push(message);
      fake.choices.push(choices);
      return fake.answers.shift();
    };
    const module = {
      Uri: FakeUri,
      Position,
      Range,
      Diagnostic,
      DiagnosticSeverity: { Error: 0 },
      StatusBarAlignment: { Left: 1 },
      ThemeColor,
      ThemeIcon,
      EventEmitter,
      MarkdownString,
      LanguageModelTextPart,
      LanguageModelToolResult,
      ViewColumn: { Active: -1 },
      env: {
        language: 'en',
        shell: '/bin/bash',
        clipboard: {
          writeText: async (text: string) => {
            fake.clipboard = text;
          },
        },
      },
      l10n: {
        t: (message: string, ...values: unknown[]) =>
          message.replace(/\{(\d)\}/g, (_, index) => String(values[Number(index)])),
      },
      commands: {
        registerCommand: (id: string, run: (argument: unknown) => unknown) => {
          fake.commands.set(id, run);
          return { dispose: () => fake.commands.delete(id) };
        },
        executeCommand: async (...call: unknown[]) => {
          fake.executed.push(call);
        },
      },
      languages: {
        createDiagnosticCollection: () => ({
          set: (uri: FakeUri, found: readonly Diagnostic[]) =>
            fake.diagnostics.set(uri.fsPath, found),
          delete: (uri: FakeUri) => fake.diagnostics.delete(uri.fsPath),
          dispose: () => fake.diagnostics.clear(),
        }),
      },
      window: {
        activeTextEditor: undefined,
        state: fake.window,
        createStatusBarItem: () => fake.status,
        createOutputChannel: (name: string) => {
          const channel = new FakeChannel(name);
          fake.channels.push(channel);
          return channel;
        },
        showWarningMessage: say,
        showErrorMessage: say,
        showInformationMessage: say,
        showQuickPick: async (items: unknown) => {
          const [list, answer] = [await items, fake.answers.shift()];
          return typeof answer === 'function' ? answer(list) : answer;
        },
        /** What is wrong with an answer is told, and there is none. */
        showInputBox: async ({
          validateInput,
        }: {
          validateInput(value: string): string | undefined;
        }) => {
          const answer = fake.answers.shift();
          const wrong = typeof answer === 'string' ? validateInput(answer) : undefined;
          if (wrong !== undefined) fake.messages.push(wrong);
          return wrong === undefined ? answer : undefined;
        },
        showTextDocument: async (...call: unknown[]) => {
          fake.executed.push(['showTextDocument', ...call]);
        },
        setStatusBarMessage: (message: string) => fake.messages.push(message),
      },
      workspace: {
        get isTrusted() {
          return fake.trusted;
        },
        get workspaceFolders() {
          return fake.folders.map((path) => ({ uri: FakeUri.file(path) }));
        },
        get textDocuments() {
          return fake.documents;
        },
        getConfiguration: () => ({
          get: (key: string, otherwise: unknown) => fake.settings[key] ?? otherwise,
        }),
        asRelativePath: ({ fsPath }: FakeUri) => {
          const inside = fake.folders.find((folder) => fsPath.startsWith(`${folder}/`));
          return inside === undefined ? fsPath : fsPath.slice(inside.length + 1);
        },
        getWorkspaceFolder: (uri: FakeUri) => {
          const inside = fake.folders.find((folder) => uri.fsPath.startsWith(`${folder}/`));
          return inside === undefined ? undefined : { uri: FakeUri.file(inside) };
        },
        onDidOpenTextDocument: fake.opened.event,
        onDidChangeTextDocument: fake.edited.event,
        onDidCloseTextDocument: fake.closed.event,
        onDidGrantWorkspaceTrust: fake.trustGranted.event,
        onDidChangeWorkspaceFolders: fake.foldersChanged.event,
      },
    };
    return module as unknown as Vscode;
  }
}
