import type { Vscode } from '../../src/vscode/vscode.ts';
import { FakeUri, type FakeVscode } from './fake-vscode.ts';

/** What an editor has, beside what FakeVscode has of a window: documents with positions, lenses, completions. */

export class FakePosition {
  readonly line: number;
  readonly character: number;

  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
}

export class FakeRange {
  readonly start: FakePosition;
  readonly end: FakePosition;

  constructor(...at: readonly number[] | readonly [FakePosition, FakePosition]) {
    const [a, b, c, d] = at;
    this.start = a instanceof FakePosition ? a : new FakePosition(Number(a), Number(b));
    this.end = b instanceof FakePosition ? b : new FakePosition(Number(c), Number(d));
  }

  get numbers(): number[] {
    return [this.start.line, this.start.character, this.end.line, this.end.character];
  }

  isEqual(other: FakeRange): boolean {
    return this.numbers.join() === other.numbers.join();
  }

  /** On one line, as far as it is asked here. */
  intersection(other: FakeRange): FakeRange | undefined {
    if (this.start.line !== other.start.line) return undefined;
    const from = Math.max(this.start.character, other.start.character);
    const to = Math.min(this.end.character, other.end.character);
    return from > to ? undefined : new FakeRange(this.start.line, from, this.end.line, to);
  }
}

/** A document that is open in an editor. */
export class EditedDocument {
  readonly uri: FakeUri;
  readonly #text: string;

  constructor(path: string, text: string) {
    this.uri = new FakeUri(path);
    this.#text = text;
  }

  getText(range?: FakeRange): string {
    if (range === undefined) return this.#text;
    return this.#text.slice(this.offsetAt(range.start), this.offsetAt(range.end));
  }

  offsetAt({ line, character }: FakePosition): number {
    const before = this.#text.split('\n').slice(0, line).join('\n');
    return before.length + (line === 0 ? 0 : 1) + character;
  }

  positionAt(offset: number): FakePosition {
    const lines = this.#text.slice(0, offset).split('\n');
    return new FakePosition(lines.length - 1, lines.at(-1)?.length ?? 0);
  }
}

class MarkdownString {
  value: string;

  constructor(value = '') {
    this.value = value;
  }

  appendMarkdown(text: string): this {
    this.value += text;
    return this;
  }

  appendText(text: string): this {
    this.value += text.replace(/[\\`*_{}[\]()#+\-!~]/g, '\\$&');
    return this;
  }
}

class SnippetString {
  value = '';

  appendText(text: string): this {
    this.value += text.replace(/[$}\\]/g, '\\$&');
    return this;
  }

  appendTabstop(number: number): this {
    this.value += `$${number}`;
    return this;
  }
}

class WorkspaceEdit {
  readonly replaced: unknown[][] = [];

  replace(uri: FakeUri, range: FakeRange, text: string): void {
    this.replaced.push([uri.fsPath, range.numbers, text]);
  }
}

class EventEmitter<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly event = (listener: (value: T) => void): { dispose(): void } => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

/** A class of VS Code that only holds what it is made of. */
function holder(...names: readonly string[]) {
  return class {
    constructor(...values: readonly unknown[]) {
      Object.assign(this, Object.fromEntries(names.map((name, index) => [name, values[index]])));
    }
  };
}

export interface EditorOptions {
  /** Paths that every search for files finds. */
  readonly files?: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether the YAML extension is there. */
  readonly yaml?: boolean;
}

/** The module of a FakeVscode with an editor in it, and what a test makes happen there. */
export interface FakeEditor {
  readonly module: Vscode;
  readonly taskEnded: EventEmitter<void>;
  readonly batchChanged: EventEmitter<void>;
}

export function editorOf(
  fake: FakeVscode,
  { files = [], settings = {}, yaml = false }: EditorOptions = {},
): FakeEditor {
  const taskEnded = new EventEmitter<void>();
  const batchChanged = new EventEmitter<void>();
  const { module } = fake;
  /** Values of an enumeration are their names. */
  const names = new Proxy({}, { get: (_, name) => name });
  const editor = {
    ...module,
    Position: FakePosition,
    Range: FakeRange,
    MarkdownString,
    SnippetString,
    WorkspaceEdit,
    EventEmitter,
    CodeAction: holder('title', 'kind'),
    CodeActionKind: names,
    CodeLens: holder('range', 'command'),
    CompletionItem: holder('label', 'kind'),
    CompletionItemKind: names,
    CustomExecution: holder('open'),
    DiagnosticRelatedInformation: holder('location', 'message'),
    Hover: holder('contents', 'range'),
    Location: holder('uri', 'range'),
    RelativePattern: holder('base', 'pattern'),
    Task: holder('definition', 'scope', 'name', 'source', 'execution', 'problemMatchers'),
    extensions: { getExtension: () => ({ isActive: yaml }) },
    tasks: { onDidEndTask: taskEnded.event },
    workspace: {
      ...module.workspace,
      workspaceFolders: module.workspace.workspaceFolders,
      textDocuments: module.workspace.textDocuments,
      isTrusted: module.workspace.isTrusted,
      asRelativePath: ({ fsPath }: FakeUri) => fsPath.replace(/^\/workspace\//, ''),
      findFiles: async () => files.map((path) => new FakeUri(path)),
      getConfiguration: () => ({ get: (name: string, usual: unknown) => settings[name] ?? usual }),
      createFileSystemWatcher: () => ({
        onDidCreate: batchChanged.event,
        onDidChange: batchChanged.event,
        onDidDelete: batchChanged.event,
        dispose: () => batchChanged.dispose(),
      }),
    },
  };
  return { module: editor as unknown as Vscode, taskEnded, batchChanged };
}
