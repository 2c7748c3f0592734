import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Uri } from 'vscode';
import { namedFile } from '../../batch/named-inputs.ts';
import { Signal } from '../../runner/signal.ts';
import { BATCH_ENDING } from '../diagnostics.ts';
import { type Disposable, Disposables } from '../disposables.ts';
import type { Vscode } from '../vscode.ts';

/** Batch files that are looked into. */
const FILES_READ = 500;
/** A batch file that names its inputs is short. */
const BYTES_READ = 500_000;

/** Which batch files read their items from the lines of which file: read once, and again when one changes. */
export class BatchIndex implements Disposable {
  /** Batch files came, changed or went. */
  readonly changed = new Signal<void>();
  readonly #vscode: Vscode;
  readonly #owned = new Disposables();
  #named: Promise<ReadonlyMap<string, readonly Uri[]>> | undefined;

  constructor(vscode: Vscode) {
    this.#vscode = vscode;
    const watcher = vscode.workspace.createFileSystemWatcher(`**/*${BATCH_ENDING}`);
    this.#owned.add(watcher);
    const forget = (): void => {
      this.#named = undefined;
      this.changed.emit();
    };
    this.#owned.add(watcher.onDidCreate(forget));
    this.#owned.add(watcher.onDidChange(forget));
    this.#owned.add(watcher.onDidDelete(forget));
    this.#owned.add(vscode.workspace.onDidChangeWorkspaceFolders(forget));
  }

  /** The batch files whose items are the lines of a file: of the workspace, or beside it. */
  async naming(file: Uri): Promise<readonly Uri[]> {
    const { RelativePattern, workspace } = this.#vscode;
    if (workspace.getWorkspaceFolder(file) === undefined) {
      const beside = new RelativePattern(dirname(file.fsPath), `*${BATCH_ENDING}`);
      return (await this.#read(beside)).get(file.fsPath) ?? [];
    }
    this.#named ??= this.#read(`**/*${BATCH_ENDING}`);
    return (await this.#named).get(file.fsPath) ?? [];
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #read(
    pattern: Parameters<Vscode['workspace']['findFiles']>[0],
  ): Promise<ReadonlyMap<string, readonly Uri[]>> {
    const found = await this.#vscode.workspace.findFiles(
      pattern,
      '**/{node_modules,.git,.sluice}/**',
      FILES_READ,
    );
    const pairs = await Promise.all(
      found.map(async (batch) => ({ batch, path: await linesOf(batch.fsPath) })),
    );
    const named = new Map<string, Uri[]>();
    for (const { batch, path } of pairs.sort((a, b) => a.batch.path.localeCompare(b.batch.path))) {
      if (path !== undefined) named.set(path, [...(named.get(path) ?? []), batch]);
    }
    return named;
  }
}

/** The file whose lines are the items of a batch file. */
async function linesOf(batchFile: string): Promise<string | undefined> {
  try {
    if ((await stat(batchFile)).size > BYTES_READ) return undefined;
    const named = namedFile(await readFile(batchFile, 'utf8'), batchFile);
    return named?.kind === 'lines' ? named.path : undefined;
  } catch {
    // It went meanwhile.
    return undefined;
  }
}
