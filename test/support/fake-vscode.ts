import type { Vscode } from '../../src/vscode/vscode.ts';

/** An event as VS Code's, which tests fire. */
class FakeEvent<T> {
  readonly listeners = new Set<(value: T) => void>();
  readonly event = (listener: (value: T) => void): { dispose(): void } => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }
}

export class FakeUri {
  readonly scheme = 'file';
  readonly fsPath: string;

  constructor(fsPath: string) {
    this.fsPath = fsPath;
  }

  get path(): string {
    return this.fsPath;
  }

  toString(): string {
    return `file://${this.fsPath}`;
  }

  static file(path: string): FakeUri {
    return new FakeUri(path);
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
    tooltip: '',
    command: '',
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
  trusted = true;
  folders: readonly string[] = ['/workspace'];

  /** The module. Only what is here may be used. */
  get module(): Vscode {
    const fake = this;
    const say = async (message: string): Promise<unknown> => {
      fake.messages.push(message);
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
      env: { language: 'en' },
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
        createStatusBarItem: () => fake.status,
        showWarningMessage: say,
        showErrorMessage: say,
        showInformationMessage: say,
        showQuickPick: async (items: unknown) => {
          const [list, answer] = [await items, fake.answers.shift()];
          return typeof answer === 'function' ? answer(list) : answer;
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
