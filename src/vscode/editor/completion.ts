import type { CompletionItem, CompletionItemProvider, Position, TextDocument } from 'vscode';
import { type Completion, complete } from '../../batch/complete.ts';
import type { Vscode } from '../vscode.ts';
import { aroundBatch } from './around.ts';
import { isLong } from './long.ts';
import { hasYamlExtension } from './yaml-extension.ts';

/** Offers what may be written in a batch file. */
export class BatchCompletion implements CompletionItemProvider {
  readonly #vscode: Vscode;

  constructor(vscode: Vscode) {
    this.#vscode = vscode;
  }

  async provideCompletionItems(
    document: TextDocument,
    position: Position,
  ): Promise<CompletionItem[]> {
    const text = document.getText();
    if (isLong(text)) return [];
    const around = aroundBatch(this.#vscode, document.uri);
    const found = await complete(text, document.offsetAt(position), around);
    const quiet = hasYamlExtension(this.#vscode);
    return found
      .filter(({ kind }) => !quiet || kind === 'placeholder' || kind === 'file')
      .map((completion, index) => this.#item(document, position, completion, index));
  }

  #item(
    document: TextDocument,
    position: Position,
    { kind, label, description, before, after, from, to, more }: Completion,
    index: number,
  ): CompletionItem {
    const { CompletionItem, CompletionItemKind, l10n, MarkdownString, Range, SnippetString } =
      this.#vscode;
    const kinds = {
      key: CompletionItemKind.Property,
      value: CompletionItemKind.Value,
      placeholder: CompletionItemKind.Variable,
      file: CompletionItemKind.File,
    };
    const item = new CompletionItem(label, kinds[kind]);
    const start = document.positionAt(from);
    // What stands behind the cursor goes, too: the second half of a word, a quote, a brace that was closed.
    item.range = new Range(start, document.positionAt(to));
    item.insertText =
      after === ''
        ? before
        : new SnippetString().appendText(before).appendTabstop(0).appendText(after);
    // Lines have their indentation already.
    item.keepWhitespace = true;
    const typed = document.getText(new Range(start, position));
    item.filterText = /^["']/.test(typed) ? `${typed.charAt(0)}${label}` : label;
    item.sortText = String(index).padStart(4, '0');
    if (description !== undefined) item.documentation = new MarkdownString(description);
    if (more === true) {
      item.command = { command: 'editor.action.triggerSuggest', title: l10n.t('Suggest') };
    }
    return item;
  }
}
