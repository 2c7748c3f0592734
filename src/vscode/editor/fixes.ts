import type {
  CodeAction,
  CodeActionContext,
  CodeActionProvider,
  Range,
  TextDocument,
} from 'vscode';
import type { Problem } from '../../batch/problem.ts';
import { rangeOf } from '../diagnostics.ts';
import type { Vscode } from '../vscode.ts';

/** Puts right what a problem of a batch file says was meant. */
export class Fixes implements CodeActionProvider {
  readonly #vscode: Vscode;
  readonly #problemsOf: (document: TextDocument) => readonly Problem[];

  constructor(vscode: Vscode, problemsOf: (document: TextDocument) => readonly Problem[]) {
    this.#vscode = vscode;
    this.#problemsOf = problemsOf;
  }

  provideCodeActions(
    document: TextDocument,
    asked: Range,
    { diagnostics }: Pick<CodeActionContext, 'diagnostics'>,
  ): CodeAction[] {
    const { CodeAction, CodeActionKind, l10n, WorkspaceEdit } = this.#vscode;
    return this.#problemsOf(document).flatMap((problem) => {
      const range = rangeOf(this.#vscode, problem);
      if (problem.fix === undefined || asked.intersection(range) === undefined) return [];
      const action = new CodeAction(l10n.t('Change to {0}', problem.fix), CodeActionKind.QuickFix);
      action.edit = new WorkspaceEdit();
      action.edit.replace(document.uri, range, problem.fix);
      action.diagnostics = diagnostics.filter((one) => one.range.isEqual(range));
      action.isPreferred = true;
      return [action];
    });
  }
}
