import type { z } from 'zod';
import type { RunState } from '../protocol/state.ts';
import { PastRun, type RunHandle } from '../runner/client.ts';
import { layoutOf, runLayout } from '../runner/layout.ts';
import { loadState } from '../runner/load.ts';
import type { Runs } from '../runner/runs.ts';
import { RequestError } from './errors.ts';
import type { Outlets } from './outlet.ts';
import { RunStream } from './run-stream.ts';
import type { RunStreams } from './run-streams.ts';
import type { runSummary } from './schemas.ts';
import type { GivenSecrets } from './secrets.ts';
import type { Starter } from './starter.ts';
import type { Uploads } from './uploads.ts';

/** What the operations work with. */
export interface Served {
  /** Absolute path, links resolved. */
  readonly workspace: string;
  readonly runs: Runs;
  readonly streams: RunStreams;
  readonly outlets: Outlets;
  readonly starter: Starter;
  readonly owners: Owners;
  readonly uploads: Uploads;
  /** Tickets for addresses that a plain `<audio>` asks for, each with its path. */
  readonly tickets: GivenSecrets<string>;
}

/** A client, as far as it can leave. */
interface Leaving {
  onClose(listener: () => void): void;
}

/** An owner whose connection broke may come back within so many ms. */
const GRACE_MS = 5000;

/** Clients that own a run: when all of them have left it, it is cancelled. */
export class Owners {
  readonly #runs: Runs;
  readonly #owning = new Map<string, Set<Leaving>>();
  readonly #leaving = new Map<string, NodeJS.Timeout>();

  constructor(runs: Runs) {
    this.#runs = runs;
  }

  add(run: string, client: Leaving): void {
    clearTimeout(this.#leaving.get(run));
    this.#leaving.delete(run);
    const owners = this.#owning.get(run) ?? new Set();
    this.#owning.set(run, owners.add(client));
    client.onClose(() => {
      owners.delete(client);
      if (owners.size > 0 || this.#owning.get(run) !== owners) return;
      this.#owning.delete(run);
      this.#leaving.set(
        run,
        setTimeout(() => this.#cancel(run), GRACE_MS),
      );
    });
  }

  /** The server goes: what is owned stays as it is. */
  dispose(): void {
    for (const timer of this.#leaving.values()) clearTimeout(timer);
    this.#leaving.clear();
  }

  #cancel(id: string): void {
    this.#leaving.delete(id);
    const run = this.#runs.get(id);
    // It may be over in this very moment.
    if (run?.live === true && run.state.ended === undefined)
      run.request('cancel', {}).catch(() => {});
  }
}

/** A run of the workspace, from disk when it is an old one. Rejects with RequestError. */
export async function findRun({ runs, workspace }: Served, id: string): Promise<RunHandle> {
  const known = runs.get(id);
  if (known !== undefined) return known;
  const state = await loadState(runLayout(layoutOf(workspace), id));
  if (state === undefined) throw new RequestError(404, `There is no run ${id}.`);
  return new PastRun(state);
}

/** The stream of a run that the server follows; one that goes no further for an old run. */
export async function findStream(served: Served, id: string): Promise<RunStream> {
  const known = served.streams.get(id);
  if (known !== undefined) return known;
  return new RunStream(await findRun(served, id));
}

/** A run in a list of runs. */
export function summaryOf(state: RunState): z.output<typeof runSummary> {
  const { run, counts, started, ended } = state;
  return {
    id: run.id,
    name: run.name,
    batch: run.batch,
    state: state.state,
    counts,
    total: run.total,
    started,
    ...(ended === undefined ? {} : { ended }),
  };
}
