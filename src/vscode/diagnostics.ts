import type { Diagnostic, DiagnosticCollection, TextDocument, Uri } from 'vscode';
import type { Problem } from '../batch/problem.ts';
import { type Disposable, Disposables } from './disposables.ts';
import type { Vscode } from './vscode.ts';

export const BATCH_ENDING = '.batch.yaml';

/** Typing is not interrupted by a message about a word that is half there. */
const DELAY = 250;

/** Finds what is wrong in a batch file; `parseBatch` in the extension. */
export type FindProblems = (text: string, file: string) => readonly Problem[];

/** What is wrong in open batch files, in the Problems panel. */
export class Diagnostics implements Disposable {
  readonly #vscode: Vscode;
  readonly #find: FindProblems;
  readonly #collection: DiagnosticCollection;
  readonly #owned = new Disposables();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(vscode: Vscode, find: FindProblems) {
    this.#vscode = vscode;
    this.#find = find;
    const { workspace } = vscode;
    this.#collection = this.#owned.add(vscode.languages.createDiagnosticCollection('sluice'));
    this.#owned.add(workspace.onDidOpenTextDocument((document) => this.#check(document)));
    this.#owned.add(workspace.onDidChangeTextDocument(({ document }) => this.#soon(document)));
    this.#owned.add(workspace.onDidCloseTextDocument((document) => this.#forget(document.uri)));
    for (const document of workspace.textDocuments) this.#check(document);
  }

  /** Shows problems that were found when a run was to start, until the file changes. */
  show(uri: Uri, problems: readonly Problem[]): void {
    this.#collection.set(
      uri,
      problems.map((problem) => this.#diagnostic(problem)),
    );
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
    this.show(document.uri, this.#find(document.getText(), document.uri.fsPath));
  }

  #forget(uri: Uri): void {
    this.#stopTimer(uri);
    this.#collection.delete(uri);
  }

  #stopTimer(uri: Uri): void {
    clearTimeout(this.#timers.get(uri.toString()));
    this.#timers.delete(uri.toString());
  }

  #diagnostic(problem: Problem): Diagnostic {
    const { Diagnostic, DiagnosticSeverity, Range } = this.#vscode;
    const { line = 1, column = 1, endLine = line, endColumn = column, hint } = problem;
    const range = new Range(line - 1, column - 1, endLine - 1, endColumn - 1);
    const message = hint === undefined ? problem.message : `${problem.message} ${hint}`;
    const diagnostic = new Diagnostic(range, message, DiagnosticSeverity.Error);
    diagnostic.source = 'Sluice';
    return diagnostic;
  }
}

export function isBatchFile(uri: Uri): boolean {
  // The old side of a comparison has the same path.
  return uri.scheme === 'file' && uri.path.endsWith(BATCH_ENDING);
}
