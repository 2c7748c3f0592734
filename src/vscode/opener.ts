import { access } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Place } from '../protocol/events.ts';
import { inputFile } from '../protocol/input.ts';
import { REPORT_MIME } from '../protocol/mime.ts';
import type { ResultContent, ResultId, SoundId } from '../protocol/panel.ts';
import type { RunState } from '../protocol/state.ts';
import type { Runs } from '../runner/runs.ts';
import { commonFolder, placePath, resultPath } from './places.ts';
import { plain } from './plain.ts';
import { readContent } from './result-content.ts';
import type { Vscode } from './vscode.ts';

/** The preview of Markdown in the place of an editor. */
const MARKDOWN_PREVIEW = 'vscode.markdown.preview.editor';

/** Opens what a run is about: results in VS Code's own viewers, inputs at their line. */
export class Opener {
  readonly #vscode: Vscode;
  readonly #runs: Runs;

  constructor(vscode: Vscode, runs: Runs) {
    this.#vscode = vscode;
    this.#runs = runs;
  }

  /** Opens a result. Rejects when it lies where it must not. */
  async result({ run, item, result: index }: ResultId): Promise<void> {
    const state = this.#runs.get(run)?.state;
    const result = state?.items[item - 1]?.results[index];
    if (state === undefined || result === undefined) return;
    const path = resultPath(state.run.workspace, result);
    if (path === undefined) {
      throw new Error(
        this.#vscode.l10n.t('{0} lies outside the workspace and is not opened.', result.path),
      );
    }
    const { commands, Uri } = this.#vscode;
    const file = Uri.file(path);
    if (result.mime === REPORT_MIME) {
      await commands.executeCommand('vscode.openWith', file, MARKDOWN_PREVIEW);
    } else await commands.executeCommand('vscode.open', file);
  }

  /** The bytes of a result, for the panel. */
  async content({ run, item, result: index }: ResultId): Promise<ResultContent> {
    const state = this.#runs.get(run)?.state;
    const result = state?.items[item - 1]?.results[index];
    const { t } = this.#vscode.l10n;
    if (state === undefined || result === undefined) {
      return { problem: t('There is no such result any more.') };
    }
    return readContent(state.run.workspace, result, t);
  }

  /** The bytes of a part of the sound that an item is making, for the panel. */
  async sound({ run, item, chunk }: SoundId): Promise<ResultContent> {
    const state = this.#runs.get(run)?.state;
    const sound = state?.items[item - 1]?.sounds?.find((part) => part.chunk === chunk);
    const { t } = this.#vscode.l10n;
    if (state === undefined || sound === undefined) {
      return { problem: t('There is no such sound any more.') };
    }
    return readContent(state.run.workspace, { path: sound.path, mime: 'audio/wav' }, t);
  }

  /** The bytes of the file that an item is made of, for the panel, which plays it. */
  async input(run: string, item: number): Promise<ResultContent> {
    const state = this.#runs.get(run)?.state;
    const found = state?.items[item - 1];
    const path = found && inputFile(found);
    const { t } = this.#vscode.l10n;
    if (state === undefined || path === undefined) {
      return { problem: t('There is no such recording any more.') };
    }
    return readContent(state.run.workspace, { path, mime: 'audio/*' }, t);
  }

  /**
   * Shows where the results of a run are, in the explorer or, outside the workspace, in the file manager of
   * the system: the folder that all of them are in, open where they are in no folders of their own.
   */
  async results(id: string): Promise<void> {
    const state = this.#runs.get(id)?.state;
    if (state === undefined) return;
    const { commands, l10n, Uri, window, workspace } = this.#vscode;
    const paths = await existing(resultPaths(state));
    const [first] = paths;
    if (first === undefined) {
      const message = hasResults(state)
        ? l10n.t('The results of {0} are not there any more.', state.run.name)
        : l10n.t('{0} has made no results yet.', state.run.name);
      void window.showInformationMessage(plain(message));
      return;
    }
    const folder = commonFolder(paths);
    const target = Uri.file(paths.every((path) => dirname(path) === folder) ? first : folder);
    if (workspace.getWorkspaceFolder(target) !== undefined) {
      await commands.executeCommand('revealInExplorer', target);
      return;
    }
    try {
      await commands.executeCommand('revealFileInOS', target);
    } catch {
      // A window in a browser, or on another machine, has no file manager.
      void window.showInformationMessage(plain(l10n.t('The results are in {0}.', folder)));
    }
  }

  /** Keeps what the panel has drawn, where the person says; the folder of the batch file is suggested. */
  async save(id: string, name: string, bytes: Uint8Array): Promise<void> {
    const run = this.#runs.get(id)?.state.run;
    if (run === undefined) return;
    const { Uri, window, workspace } = this.#vscode;
    const folder = dirname(resolve(run.workspace, run.batch));
    const target = await window.showSaveDialog({
      defaultUri: Uri.file(resolve(folder, basename(name))),
    });
    if (target !== undefined) await workspace.fs.writeFile(target, bytes);
  }

  /** Opens the batch file that a run was started from. */
  async batch(id: string): Promise<void> {
    const run = this.#runs.get(id)?.state.run;
    if (run === undefined) return;
    await this.#vscode.window.showTextDocument(
      this.#vscode.Uri.file(resolve(run.workspace, run.batch)),
    );
  }

  /** Opens the place that an item's failure names, or else where its input stands. */
  async source(id: string, item: number): Promise<void> {
    const state = this.#runs.get(id)?.state;
    const { failure, source } = state?.items[item - 1] ?? {};
    const place = failure?.where ?? source;
    if (state !== undefined && place !== undefined) await this.place(state.run.workspace, place);
  }

  async place(workspace: string, place: Place): Promise<void> {
    const uri = this.#vscode.Uri.file(placePath(workspace, place));
    if (place.line === undefined) {
      // An input file may be a sound or a picture.
      await this.#vscode.commands.executeCommand('vscode.open', uri);
      return;
    }
    const at = new this.#vscode.Position(place.line - 1, Math.max(0, (place.column ?? 1) - 1));
    await this.#vscode.window.showTextDocument(uri, { selection: new this.#vscode.Range(at, at) });
  }
}

/** Whether a run has put anything in its place. */
export function hasResults({ items }: RunState): boolean {
  return items.some((item) => item.results.length > 0);
}

function resultPaths({ items, run }: RunState): string[] {
  const paths = items.flatMap((item) => item.results.map((one) => resultPath(run.workspace, one)));
  return paths.filter((path) => path !== undefined);
}

async function existing(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.allSettled(paths.map((path) => access(path)));
  return paths.filter((_, index) => found[index]?.status === 'fulfilled');
}
