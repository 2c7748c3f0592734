import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What stands where in a workspace's `.sluice` folder. */
export interface Layout {
  readonly workspace: string;
  readonly root: string;
  /** SQLite. */
  readonly history: string;
  readonly runs: string;
  /** Batch files that nobody named: what a command over files was run from. */
  readonly batches: string;
  /** One file for each runner that listens, `RUN.json`: RunnerInfo. Gone when the run is over. */
  readonly sockets: string;
  /** Results on their way; on the workspace's own disk, so that publishing them is a rename. */
  readonly work: string;
  /** Recordings that clients of a server sent, as long as a run works on them. */
  readonly uploads: string;
  /** What steps keep of items that are not done, for later runs to go on from. */
  readonly kept: string;
}

export interface RunLayout {
  readonly folder: string;
  /** RunnerInfo as JSON. For its owner's eyes only: it has the token. */
  readonly socket: string;
  /** All events but those that are soon replaced, one JSON a line. */
  readonly events: string;
  /** The last RunState, written at the end. */
  readonly state: string;
  /** The results with their provenance, written at the end. */
  readonly manifest: string;
  /** Why the runner itself broke: not there unless it did. */
  readonly log: string;
  readonly work: string;
}

export function layoutOf(workspace: string): Layout {
  const root = join(workspace, '.sluice');
  return {
    workspace,
    root,
    history: join(root, 'history.db'),
    runs: join(root, 'runs'),
    batches: join(root, 'batches'),
    sockets: join(root, 'sockets'),
    work: join(root, 'work'),
    uploads: join(root, 'uploads'),
    kept: join(root, 'kept'),
  };
}

export function runLayout(layout: Layout, run: string): RunLayout {
  const folder = join(layout.runs, run);
  return {
    folder,
    socket: join(layout.sockets, `${run}.json`),
    events: join(folder, 'events.jsonl'),
    state: join(folder, 'state.json'),
    manifest: join(folder, 'manifest.json'),
    log: join(folder, 'runner.log'),
    work: join(layout.work, run),
  };
}

/** Makes the folders. The root ignores itself for git. */
export async function makeLayout(layout: Layout): Promise<void> {
  await mkdir(layout.runs, { recursive: true });
  await mkdir(layout.work, { recursive: true });
  await mkdir(layout.sockets, { recursive: true, mode: 0o700 });
  await writeFile(join(layout.root, '.gitignore'), '*\n', { flag: 'wx' }).catch(
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    },
  );
}
