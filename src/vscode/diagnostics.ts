import type { Diagnostic, DiagnosticCollection, Range, TextDocument, Uri } from 'vscode';
import type { Problem } from '../batch/problem.ts';
import { type Disposable, Disposables } from './disposables.ts';
import type { Vscode } from './vscode.ts';

export const BATCH_ENDING = '.batch.yaml';

/** Typing is not interrupted by a message about a word that is half there. */
const DELAY = 250;

/** Finds what is wrong in a batch file; `checkBatch` in the extension. */
export type FindProblems = (text: string, file: string) => Promise<readonly Problem[]>;

/** What is wrong in open batch files, in the Problems panel. */
export class Diagnostics implements Disposable {
  readonly #vscode: Vscode;
  readonly #find: FindProblems;
  readonly #report: (error: unknown) => void;
  readonly #collection: DiagnosticCollection;
  readonly #owned = new Disposables();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #problems = new Map<string, readonly Problem[]>();

  constructor(vscode: Vscode, find: FindProblems, report: (error: unknown) => void) {
    this.#vscode = vscode;
    this.#find = find;
    this.#report = report;
    const { workspace } = vscode;
    this.#collection = this.#owned.add(vscode.languages.createDiagnosticCollection('sluice'));
    this.#owned.add(workspace.onDidOpenTextDocument((document) => this.#check(document)));
    this.#owned.add(workspace.onDidChangeTextDocument(({ document }) => this.#soon(document)));
    this.#owned.add(workspace.onDidCloseTextDocument((document) => this.#forget(document.uri)));
    for (const document of workspace.textDocuments) this.#check(document);
  }

  /** Shows problems that were found when a run was to start, until the file changes. */
  show(uri: Uri, problems: readonly Problem[]): void {
    this.#problems.set(uri.toString(), problems);
    this.#collection.set(
      uri,
      problems.map((problem) => this.#diagnostic(problem)),
    );
  }

  /** What is shown of a file. */
  problemsOf(uri: Uri): readonly Problem[] {
    return this.#problems.get(uri.toString()) ?? [];
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#owned.dispose();
  }

  #soon(document: TextDocument): void {
    if (!isBatchFile(document.uri)) return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => this.#check(document), DELAY),
    );
  }

  #check(document: TextDocument): void {
    if (!isBatchFile(document.uri)) return;
    this.#stopTimer(document.uri);
    const { version } = document;
    this.#find(document.getText(), document.uri.fsPath)
      .then((problems) => {
        // What was typed in the meantime is checked by itself.
        if (!document.isClosed && document.version === version) this.show(document.uri, problems);
      })
      .catch(this.#report);
  }

  #forget(uri: Uri): void {
    this.#stopTimer(uri);
    this.#problems.delete(uri.toString());
    this.#collection.delete(uri);
  }

  #stopTimer(uri: Uri): void {
    clearTimeout(this.#timers.get(uri.toString()));
    this.#timers.delete(uri.toString());
  }

  #diagnostic(problem: Problem): Diagnostic {
    const { Diagnostic, DiagnosticSeverity } = this.#vscode;
    const { hint, message } = problem;
    const text = hint === undefined ? message : `${message} ${hint}`;
    const range = rangeOf(this.#vscode, problem);
    const diagnostic = new Diagnostic(range, text, DiagnosticSeverity.Error);
    diagnostic.source = 'Sluice';
    return diagnostic;
  }
}

/** Where a problem stands, as VS Code counts. */
export function rangeOf({ Range }: Vscode, problem: Problem): Range {
  const { line = 1, column = 1, endLine = line, endColumn = column } = problem;
  return new Range(line - 1, column - 1, endLine - 1, endColumn - 1);
}

export function isBatchFile(uri: Uri): boolean {
  // The old side of a comparison has the same path.
  return uri.scheme === 'file' && uri.path.endsWith(BATCH_ENDING);
}
