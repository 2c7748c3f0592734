import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { attach, PastRun, type RunHandle, type Services } from './client.ts';
import { type Layout, layoutOf, runLayout } from './layout.ts';
import { isAlive, readInfo } from './liveness.ts';
import { loadState } from './load.ts';

/** Past runs that are shown; older ones stay on disk. */
const PAST_KEPT = 20;
/** Runs that have ended while the list was there: whoever keeps it for long starts many. */
const ENDED_KEPT = 50;
/** Files come in twos and threads: one look serves them. */
const SETTLE_MS = 20;

/** The runs of a workspace, newest first, kept up to date: live ones attached, past ones loaded. */
export interface RunList {
  readonly runs: readonly RunHandle[];
  /** Told when a run appears. */
  onChange(listener: () => void): () => void;
  /** Looks again now; resolves when the list is up to date. */
  refresh(): Promise<void>;
  dispose(): void;
}

/** Watches a workspace, an absolute path. Nothing is written to it. `services` are for every live run. */
export async function watchRuns(workspace: string, services: Services = {}): Promise<RunList> {
  const list = new WatchedRuns(layoutOf(workspace), services);
  await list.begin();
  return list;
}

class WatchedRuns implements RunList {
  readonly #layout: Layout;
  readonly #services: Services;
  readonly #handles = new Map<string, RunHandle>();
  readonly #listeners = new Set<() => void>();
  readonly #watchers: FSWatcher[] = [];
  #looking: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(layout: Layout, services: Services) {
    this.#layout = layout;
    this.#services = services;
  }

  async begin(): Promise<void> {
    await this.#watch();
    await this.refresh();
  }

  get runs(): readonly RunHandle[] {
    return [...this.#handles.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  refresh(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look());
    return this.#looking;
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.splice(0)) watcher.close();
    for (const handle of this.#handles.values()) handle.dispose();
    this.#listeners.clear();
  }

  /** Watches where runners say that they listen; before the first run, waits for `.sluice` to be made. */
  async #watch(): Promise<void> {
    const { sockets, root, workspace } = this.#layout;
    for (const watcher of this.#watchers.splice(0)) watcher.close();
    for (const folder of [sockets, root, workspace]) {
      try {
        const watcher = watch(folder, (_, name) => this.#changed(folder, name));
        watcher.on('error', () => watcher.close());
        this.#watchers.push(watcher);
        return;
      } catch {
        // Not there yet: the folder above tells when it is.
      }
    }
  }

  #changed(folder: string, name: string | null): void {
    const above = folder !== this.#layout.sockets;
    if (above && name !== null && ![basename(this.#layout.root), 'sockets'].includes(name)) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void (above ? this.#watch() : Promise.resolve()).then(() => this.refresh());
    }, SETTLE_MS);
  }

  async #look(): Promise<void> {
    if (this.#disposed) return;
    const { sockets, runs } = this.#layout;
    const live = (await names(sockets))
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -5));
    const past = (await names(runs)).sort().slice(-PAST_KEPT);
    let changed = false;
    for (const id of new Set([...live, ...past])) {
      if (this.#handles.has(id)) continue;
      const handle = await this.#open(id);
      if (handle === undefined) continue;
      if (this.#disposed) {
        handle.dispose();
        return;
      }
      this.#handles.set(id, handle);
      changed = true;
    }
    if (!changed) return;
    this.#letGo();
    for (const listener of this.#listeners) listener();
  }

  /** Forgets the oldest of the runs that have ended. */
  #letGo(): void {
    const ended = this.runs.filter(({ state }) => state.ended !== undefined);
    for (const handle of ended.slice(ENDED_KEPT)) {
      handle.dispose();
      this.#handles.delete(handle.id);
    }
  }

  async #open(id: string): Promise<RunHandle | undefined> {
    const files = runLayout(this.#layout, id);
    const info = await readInfo(files.socket);
    if (info !== undefined) {
      const { workspace } = this.#layout;
      const handle = await attach(info, workspace, 0, this.#services).catch(() => undefined);
      if (handle !== undefined) return handle;
    }
    const state = await loadState(files);
    // A runner that has just begun says where it listens in a moment.
    const begins = state?.state === 'interrupted' && isAlive(state.run.pid);
    return state === undefined || begins ? undefined : new PastRun(state);
  }
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
