import type { RunEvent } from '../protocol/events.ts';
import type { RunHandle, RunList } from './client.ts';
import { Signal } from './signal.ts';

/** News of a run. No events means that its whole state was replaced. */
export interface RunChange {
  readonly run: RunHandle;
  readonly events: readonly RunEvent[];
}

interface Held {
  readonly run: RunHandle;
  /** The watched workspace that the handle belongs to; `undefined` for a handle of our own. */
  readonly workspace: string | undefined;
  stopListening(): void;
}

interface Watched {
  /** Resolves when the list is there; it rejects as `watch` does. */
  opened: Promise<void>;
  list?: RunList;
  stopListening?: () => void;
}

/**
 * Every run that a window or a server knows: those of its workspace folders, whoever started them, and those
 * that it started elsewhere. One handle a run, so that no surface sees an event twice.
 */
export class Runs {
  readonly added = new Signal<RunHandle>();
  readonly changed = new Signal<RunChange>();
  readonly removed = new Signal<RunHandle>();
  readonly #open: (workspace: string) => Promise<RunList>;
  readonly #held = new Map<string, Held>();
  readonly #watched = new Map<string, Watched>();
  /** Runs that are being started here: until their handle is there, a list's is not taken. */
  #starting = 0;
  #disposed = false;

  constructor(open: (workspace: string) => Promise<RunList>) {
    this.#open = open;
  }

  /** Newest first. */
  get all(): readonly RunHandle[] {
    return [...this.#held.values()]
      .map((held) => held.run)
      .sort((a, b) => b.state.started - a.state.started);
  }

  /** Runs that have not ended, newest first. */
  get live(): readonly RunHandle[] {
    return this.all.filter((run) => run.state.ended === undefined);
  }

  get(id: string): RunHandle | undefined {
    return this.#held.get(id)?.run;
  }

  /** Follows a folder's runs. Idempotent. Rejects when the folder's runs cannot be read. */
  watch(workspace: string): Promise<void> {
    if (this.#disposed) return Promise.resolve();
    const known = this.#watched.get(workspace);
    if (known !== undefined) return known.opened;
    const watched: Watched = { opened: Promise.resolve() };
    this.#watched.set(workspace, watched);
    watched.opened = this.#begin(workspace, watched);
    return watched.opened;
  }

  /** Resolves when the runs of every folder that is being followed are here, or could not be read. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#watched.values()].map(({ opened }) => opened));
  }

  async #begin(workspace: string, watched: Watched): Promise<void> {
    try {
      const list = await this.#open(workspace);
      if (this.#watched.get(workspace) !== watched) {
        list.dispose();
        return;
      }
      watched.list = list;
      watched.stopListening = list.onChange(() => this.#follow(workspace, list));
      this.#follow(workspace, list);
    } catch (error) {
      this.#watched.delete(workspace);
      throw error;
    }
  }

  unwatch(workspace: string): void {
    const watched = this.#watched.get(workspace);
    if (watched === undefined) return;
    this.#watched.delete(workspace);
    watched.stopListening?.();
    for (const held of [...this.#held.values()]) {
      if (held.workspace === workspace) this.#drop(held);
    }
    watched.list?.dispose();
  }

  /**
   * Takes a run that is started here, whose handle has every event from the first one. Answers the handle
   * that is kept. Rejects as `start` does.
   */
  async begin(start: () => Promise<RunHandle>): Promise<RunHandle> {
    this.#starting += 1;
    try {
      const run = await start();
      const held = this.#held.get(run.id);
      if (this.#disposed || (held !== undefined && held.run !== run)) {
        run.dispose();
        return held?.run ?? run;
      }
      if (held === undefined) this.#add(run, undefined);
      return run;
    } finally {
      this.#starting -= 1;
      for (const [workspace, { list }] of this.#watched) {
        if (list !== undefined) this.#follow(workspace, list);
      }
    }
  }

  /** Lets go of every run. The runs go on. */
  dispose(): void {
    this.#disposed = true;
    for (const workspace of [...this.#watched.keys()]) this.unwatch(workspace);
    for (const held of [...this.#held.values()]) this.#drop(held);
  }

  #follow(workspace: string, list: RunList): void {
    const listed = new Set(list.runs.map((run) => run.id));
    for (const held of [...this.#held.values()]) {
      if (held.workspace === workspace && !listed.has(held.run.id)) this.#drop(held);
    }
    for (const run of list.runs) {
      const held = this.#held.get(run.id);
      if (held === undefined) {
        if (this.#starting === 0) this.#add(run, workspace);
      } else if (held.run !== run && supersedes(run, held)) {
        this.#replace(held, run, workspace);
      }
    }
  }

  #add(run: RunHandle, workspace: string | undefined): void {
    this.#listen(run, workspace);
    this.added.emit(run);
  }

  #replace(held: Held, run: RunHandle, workspace: string): void {
    this.#release(held);
    this.#listen(run, workspace);
    this.changed.emit({ run, events: [] });
  }

  #listen(run: RunHandle, workspace: string | undefined): void {
    const stopListening = run.onChange((events) => this.changed.emit({ run, events }));
    this.#held.set(run.id, { run, workspace, stopListening });
  }

  #release(held: Held): void {
    this.#held.delete(held.run.id);
    held.stopListening();
    // A list disposes of its own handles.
    if (held.workspace === undefined) held.run.dispose();
  }

  #drop(held: Held): void {
    this.#release(held);
    this.removed.emit(held.run);
  }
}

/**
 * Our own handle of a live run stays: changing handles in the middle could lose events. Once it has
 * ended, the list's knows more, such as that the run goes on in another runner.
 */
function supersedes(run: RunHandle, held: Held): boolean {
  if (held.workspace !== undefined) return true;
  return held.run.state.ended !== undefined && run.state.seq >= held.run.state.seq;
}
