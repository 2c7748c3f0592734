import type { Runs } from '../runner/runs.ts';
import { isOver, RunStream } from './run-stream.ts';

/** What is kept of a run that is over, for clients whose connection broke at its end, in ms. */
const REMEMBERED_MS = 60_000;

/** The streams of all runs that the server knows. */
export class RunStreams {
  readonly #streams = new Map<string, RunStream>();
  readonly #listening: readonly { dispose(): void }[];

  constructor(runs: Runs) {
    this.#listening = [
      runs.added.on((run) => {
        this.#forgetOld();
        this.#streams.set(run.id, new RunStream(run));
      }),
      runs.changed.on(({ run, events }) => this.#streams.get(run.id)?.take(run, events)),
      runs.removed.on((run) => {
        this.#streams.get(run.id)?.dispose();
        this.#streams.delete(run.id);
      }),
    ];
  }

  get(id: string): RunStream | undefined {
    return this.#streams.get(id);
  }

  dispose(): void {
    for (const listening of this.#listening) listening.dispose();
    for (const stream of this.#streams.values()) stream.dispose();
    this.#streams.clear();
  }

  #forgetOld(): void {
    const now = Date.now();
    for (const stream of this.#streams.values()) {
      const { ended } = stream.run.state;
      if (isOver(stream.run) && now - (ended ?? now) > REMEMBERED_MS) stream.forget();
    }
  }
}
