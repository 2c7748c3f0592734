import type { Place } from '../protocol/events.ts';
import { placePath, resultPath } from './places.ts';
import type { Runs } from './runs.ts';
import type { Vscode } from './vscode.ts';

/** Opens what a run is about: results in VS Code's own viewers, inputs at their line. */
export class Opener {
  readonly #vscode: Vscode;
  readonly #runs: Runs;

  constructor(vscode: Vscode, runs: Runs) {
    this.#vscode = vscode;
    this.#runs = runs;
  }

  /** Opens result number `index`, from 0, of an item. Rejects when it lies where it must not. */
  async result(id: string, item: number, index: number): Promise<void> {
    const state = this.#runs.get(id)?.state;
    const result = state?.items[item - 1]?.results[index];
    if (state === undefined || result === undefined) return;
    const path = resultPath(state.run.workspace, result);
    if (path === undefined) {
      throw new Error(
        this.#vscode.l10n.t('{0} lies outside the workspace and is not opened.', result.path),
      );
    }
    await this.#vscode.commands.executeCommand('vscode.open', this.#vscode.Uri.file(path));
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
