import type { CompletionItem, Position } from 'vscode';
import { type Completion, complete } from '../../batch/complete.ts';
import type { Vscode } from '../vscode.ts';
import { aroundBatch } from './around.ts';
import type { AskedPlace } from './asked-place.ts';
import { isLong } from './long.ts';
import { hasYamlExtension } from './yaml-extension.ts';

/** Offers what may be written in a batch file. */
export class BatchCompletion {
  readonly #vscode: Vscode;

  constructor(vscode: Vscode) {
    this.#vscode = vscode;
  }

  async provide(place: AskedPlace): Promise<CompletionItem[]> {
    const { uri, text, offset } = place;
    if (isLong(text)) return [];
    const found = await complete(text, offset, aroundBatch(this.#vscode, uri));
    const quiet = hasYamlExtension(this.#vscode);
    return found
      .filter(({ kind }) => !quiet || kind === 'placeholder' || kind === 'file')
      .map((completion, index) => this.#item(place, completion, index));
  }

  #item(
    { text, position, offset }: AskedPlace,
    { kind, label, description, before, after, from, to, more }: Completion,
    index: number,
  ): CompletionItem {
    const {
      CompletionItem,
      CompletionItemKind,
      l10n,
      MarkdownString,
      Position,
      Range,
      SnippetString,
    } = this.#vscode;
    const kinds = {
      key: CompletionItemKind.Property,
      value: CompletionItemKind.Value,
      placeholder: CompletionItemKind.Variable,
      file: CompletionItemKind.File,
    };
    const item = new CompletionItem(label, kinds[kind]);
    // VS Code takes ranges on the line of the cursor alone.
    const at = (place: number): Position =>
      new Position(position.line, position.character + place - offset);
    // What stands behind the cursor goes, too: the second half of a word, a quote, a brace that was closed.
    item.range = new Range(at(from), at(to));
    item.insertText =
      after === ''
        ? before
        : new SnippetString().appendText(before).appendTabstop(0).appendText(after);
    // Lines have their indentation already.
    item.keepWhitespace = true;
    const typed = text.slice(from, offset);
    item.filterText = /^["']/.test(typed) ? `${typed.charAt(0)}${label}` : label;
    item.sortText = String(index).padStart(4, '0');
    if (description !== undefined) item.documentation = new MarkdownString(description);
    if (more === true) {
      item.command = { command: 'editor.action.triggerSuggest', title: l10n.t('Suggest') };
    }
    return item;
  }
}
