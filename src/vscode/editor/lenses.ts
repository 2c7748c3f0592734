import { basename } from 'node:path';
import type { CodeLens, Command, TextDocument, Uri } from 'vscode';
import { itemLines } from '../../batch/lines.ts';
import { listedItems } from '../../batch/named-inputs.ts';
import type { CommandId } from '../command-ids.ts';
import { isBatchFile } from '../diagnostics.ts';
import { plain } from '../plain.ts';
import type { Vscode } from '../vscode.ts';
import type { BatchIndex } from './batch-index.ts';
import { isLong } from './long.ts';

/** Lines of one file that get a lens. */
const LINES = 200;
/** Batch files that one prompts file is offered for. */
const BATCHES = 3;

/** `Run` and `Run This Item` above the lines of batch files, and of the prompts files that they name. */
export class Lenses {
  readonly #vscode: Vscode;
  readonly #index: BatchIndex;

  constructor(vscode: Vscode, index: BatchIndex) {
    this.#vscode = vscode;
    this.#index = index;
  }

  async provide(document: TextDocument): Promise<CodeLens[]> {
    const settings = this.#vscode.workspace.getConfiguration('sluice', document.uri);
    if (!settings.get<boolean>('codeLens', true)) return [];
    return isBatchFile(document.uri) ? this.#ofBatch(document) : this.#ofPrompts(document);
  }

  #ofBatch(document: TextDocument): CodeLens[] {
    const { l10n } = this.#vscode;
    const batch = document.uri;
    const text = document.getText();
    const items = isLong(text) ? [] : listedItems(text);
    const perLine = Map.groupBy(items, ({ line }) => line);
    return [
      this.#lens(1, `$(play) ${l10n.t('Run')}`, 'sluice.runBatch', batch),
      ...items.slice(0, LINES).map(({ item, line }) => {
        const alone = perLine.get(line)?.length === 1;
        const title = alone ? l10n.t('Run this item') : l10n.t('Run item {0}', item);
        return this.#lens(line, title, 'sluice.runItem', batch, item);
      }),
    ];
  }

  async #ofPrompts(document: TextDocument): Promise<CodeLens[]> {
    const batches = (await this.#index.naming(document.uri)).slice(0, BATCHES);
    if (batches.length === 0) return [];
    const lines = [...itemLines(document.getText())];
    if (lines.length === 0) return [];
    const { l10n } = this.#vscode;
    const one = batches.length === 1;
    const name = (batch: Uri): string => plain(basename(batch.fsPath));
    const count =
      lines.length === 1 ? l10n.t('Run 1 prompt') : l10n.t('Run {0} prompts', lines.length);
    const all = batches.map((batch) => {
      const title = `$(play) ${one ? count : l10n.t('{0} with {1}', count, name(batch))}`;
      return this.#lens(1, title, 'sluice.runBatch', batch);
    });
    const each = lines.slice(0, LINES).flatMap(({ line }, index) =>
      batches.map((batch) => {
        const title = one ? l10n.t('Run this item') : l10n.t('Run this item with {0}', name(batch));
        return this.#lens(line, title, 'sluice.runItem', batch, index + 1);
      }),
    );
    return [...all, ...each];
  }

  #lens(line: number, title: string, command: CommandId, ...args: unknown[]): CodeLens {
    const { CodeLens, Range } = this.#vscode;
    const called: Command = { title, command, arguments: args };
    return new CodeLens(new Range(line - 1, 0, line - 1, 0), called);
  }
}
