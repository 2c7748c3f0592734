import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Event, EventEmitter, TextDocumentContentProvider, Uri } from 'vscode';
import { plainText } from '../protocol/escapes.ts';
import type { RunHandle } from '../runner/client.ts';
import { layoutOf, runLayout } from '../runner/layout.ts';
import type { Runs } from '../runner/runs.ts';
import { type Disposable, Disposables } from './disposables.ts';
import { LogReader } from './log-reader.ts';
import type { Vscode } from './vscode.ts';

/** What a log as a document is found by. */
const SCHEME = 'sluice-log';
/** Bytes of the log of a run that are shown whole; of a longer one only what is about the item. */
const LOG_LIMIT = 16 << 20;
/** Characters of a document, with which it stops to grow: VS Code shows no documents that are much longer. */
const LONGEST = 32 << 20;
/** A document that grows is given anew: after so many ms, and later the longer it is. */
const REFRESH = 500;
const CHARACTERS_A_MS = 1000;
/** For so many ms a document that is behind is waited for. */
const PATIENCE = 3000;

/** A log as it stands in an open document. */
interface OpenLog extends Disposable {
  readonly lines: string[];
  /** Where, from 0, the first line about each item is. */
  readonly first: Map<number, number>;
  readonly whole: Promise<void>;
}

/**
 * Logs of runs as documents that cannot be changed: an output channel cannot be scrolled to a line, an editor
 * can. They grow with their runs.
 */
export class LogDocuments implements TextDocumentContentProvider, Disposable {
  readonly onDidChange: Event<Uri>;
  readonly #vscode: Vscode;
  readonly #runs: Runs;
  readonly #owned = new Disposables();
  readonly #changed: EventEmitter<Uri>;
  /** By their addresses. */
  readonly #open = new Map<string, OpenLog>();

  constructor(vscode: Vscode, runs: Runs) {
    this.#vscode = vscode;
    this.#runs = runs;
    this.#changed = this.#owned.add(new vscode.EventEmitter<Uri>());
    this.onDidChange = this.#changed.event;
    const { workspace } = vscode;
    this.#owned.add(workspace.registerTextDocumentContentProvider(SCHEME, this));
    this.#owned.add(
      workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === SCHEME) this.#close(uri);
      }),
    );
  }

  /** Opens the log of a run at the first line about an item. */
  async reveal(run: RunHandle, item: number): Promise<void> {
    const { l10n, Range, window, workspace } = this.#vscode;
    const uri = await this.#addressOf(run, item);
    const log = this.#logOf(uri, run.id);
    await log.whole;
    const line = log.first.get(item);
    if (line === undefined) {
      if (!workspace.textDocuments.some((one) => one.uri.toString() === uri.toString())) {
        this.#close(uri);
      }
      void window.showInformationMessage(l10n.t('Nothing was put out by item {0} yet.', item));
      return;
    }
    const document = await workspace.openTextDocument(uri);
    if (document.lineCount <= line) this.#changed.fire(uri);
    const end = performance.now() + PATIENCE;
    while (document.lineCount <= line && performance.now() < end) await delay(20);
    await window.showTextDocument(document, { selection: new Range(line, 0, line, 0) });
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const [, id] = uri.path.split('/');
    await this.#runs.settled();
    if (id === undefined || this.#runs.get(id) === undefined) {
      return this.#vscode.l10n.t('This run is not in the list of runs any more.');
    }
    const log = this.#logOf(uri, id);
    await log.whole;
    return log.lines.join('\n');
  }

  dispose(): void {
    this.#owned.dispose();
    for (const log of this.#open.values()) log.dispose();
    this.#open.clear();
  }

  /** The name of the tab is the last part of the path. */
  async #addressOf({ id, state: { run } }: RunHandle, item: number): Promise<Uri> {
    const { size } = await stat(runLayout(layoutOf(run.workspace), id).events).catch(() => ({
      size: 0,
    }));
    const name = plainText(run.name).replace(/[\\/]/g, ' ');
    const path = size > LOG_LIMIT ? `${name} (${item})` : name;
    const query = size > LOG_LIMIT ? `item=${item}` : '';
    return this.#vscode.Uri.from({ scheme: SCHEME, path: `/${id}/${path}.log`, query });
  }

  #logOf(uri: Uri, run: string): OpenLog {
    const found = this.#open.get(uri.toString());
    if (found !== undefined) return found;
    const lines: string[] = [];
    const first = new Map<number, number>();
    let length = 0;
    let timer: NodeJS.Timeout | undefined;
    const { t } = this.#vscode.l10n;
    const only = /^item=(\d+)$/.exec(uri.query)?.[1];
    const reader = new LogReader({
      runs: this.#runs,
      run,
      t,
      ...(only === undefined
        ? { limit: LOG_LIMIT }
        : { limit: Number.POSITIVE_INFINITY, item: Number(only) }),
      write: (more, item) => {
        if (!first.has(item)) first.set(item, lines.length);
        for (const line of more) {
          lines.push(line);
          length += line.length + 1;
        }
        if (length > LONGEST) {
          lines.push(t('This log is too long to be shown to its end.'));
          reader.dispose();
        }
        timer ??= setTimeout(
          () => {
            timer = undefined;
            this.#changed.fire(uri);
          },
          REFRESH + length / CHARACTERS_A_MS,
        );
      },
    });
    const log = {
      lines,
      first,
      whole: reader.whole,
      dispose: () => {
        clearTimeout(timer);
        reader.dispose();
      },
    };
    this.#open.set(uri.toString(), log);
    return log;
  }

  #close(uri: Uri): void {
    this.#open.get(uri.toString())?.dispose();
    this.#open.delete(uri.toString());
  }
}
