import type { Hover, HoverProvider, MarkdownString, Position, TextDocument } from 'vscode';
import type { Facts, Form } from '../../batch/facts.ts';
import { hoverAt } from '../../batch/hover.ts';
import type { Vscode } from '../vscode.ts';
import { isLong } from './long.ts';
import { hasYamlExtension } from './yaml-extension.ts';

/** Explains keys, values and placeholders of a batch file. */
export class BatchHover implements HoverProvider {
  readonly #vscode: Vscode;

  constructor(vscode: Vscode) {
    this.#vscode = vscode;
  }

  provideHover(document: TextDocument, position: Position): Hover | undefined {
    const { Hover, Range } = this.#vscode;
    const text = document.getText();
    const found = isLong(text) ? undefined : hoverAt(text, document.offsetAt(position));
    if (found === undefined) return undefined;
    if (found.kind === 'key' && hasYamlExtension(this.#vscode)) return undefined;
    const said =
      found.kind === 'key'
        ? this.#facts(found.name, found.facts)
        : this.#text(`{${found.name}}`, '').appendMarkdown(`\n\n${found.meaning}`);
    const range = new Range(document.positionAt(found.from), document.positionAt(found.to));
    return new Hover(said, range);
  }

  #facts(
    name: string,
    { description, forms, values, examples, default: usual }: Facts,
  ): MarkdownString {
    const { l10n } = this.#vscode;
    const text = this.#text(name, forms.map((form) => this.#form(form)).join(l10n.t(', or ')));
    text.appendMarkdown(`\n\n${description ?? ''}`);
    const described = values.filter((value) => value.description !== undefined);
    if (described.length > 0) {
      const lines = described.map(({ value, description: own }) => `- \`${value}\`: ${own}`);
      text.appendMarkdown(`\n\n${lines.join('\n')}`);
    } else if (values.length > 0) {
      text.appendMarkdown(`\n\n${l10n.t('One of {0}', list(values.map(({ value }) => value)))}`);
    }
    if (examples.length > 0) text.appendMarkdown(`\n\n${l10n.t('Such as {0}', list(examples))}`);
    if (usual !== undefined) text.appendMarkdown(`\n\n${l10n.t('Without it: {0}', list([usual]))}`);
    return text;
  }

  /** The first line: a name, and what kind of value it has. */
  #text(name: string, kind: string): MarkdownString {
    // A name may come from the file.
    return new this.#vscode.MarkdownString()
      .appendMarkdown('**')
      .appendText(name)
      .appendMarkdown(`**${kind === '' ? '' : ` — ${kind}`}`);
  }

  #form({ type, title, minimum, maximum }: Form): string {
    const { l10n } = this.#vscode;
    const kinds: Readonly<Record<string, string>> = {
      array: l10n.t('list'),
      duration: l10n.t('duration'),
      integer: l10n.t('whole number'),
      number: l10n.t('number'),
      object: l10n.t('map of keys'),
      placeholder: l10n.t('text with a placeholder'),
      seconds: l10n.t('number of seconds'),
      string: l10n.t('text'),
    };
    const kind = kinds[title ?? type] ?? type;
    if (minimum !== undefined && maximum !== undefined) {
      return l10n.t('{0}, {1} to {2}', kind, minimum, maximum);
    }
    return minimum === undefined ? kind : l10n.t('{0}, {1} or more', kind, minimum);
  }
}

/** Values as Markdown. They are the schema's own. */
function list(values: readonly unknown[]): string {
  return values.map((value) => `\`${String(value)}\``).join(', ');
}
