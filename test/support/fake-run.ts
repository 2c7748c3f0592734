import type { RunEvent } from '../../src/protocol/events.ts';
import type { RunnerMethod, RunnerRequests } from '../../src/protocol/rpc.ts';
import { applyEvents, type RunState } from '../../src/protocol/state.ts';
import type { RunHandle, RunList } from '../../src/runner/client.ts';

/** A run without a runner: events are given to it, requests are recorded. */
export class FakeRun implements RunHandle {
  state: RunState;
  live = true;
  disposed = 0;
  readonly requests: unknown[][] = [];
  readonly #listeners = new Set<(events: readonly RunEvent[]) => void>();

  constructor(state: RunState) {
    this.state = state;
  }

  get id(): string {
    return this.state.run.id;
  }

  onChange(listener: (events: readonly RunEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Events that the state has already are told all the same: a handle tells what nobody heard. */
  emit(...events: readonly RunEvent[]): void {
    this.state = applyEvents(this.state, events);
    for (const listener of this.#listeners) listener(events);
  }

  /** Whether a retry is taken, as a run that is not ending does. */
  takesRetries = true;

  async request<M extends RunnerMethod>(
    method: M,
    params: RunnerRequests[M]['params'],
  ): Promise<RunnerRequests[M]['answer']> {
    this.requests.push([method, params]);
    const answer = method === 'retry' ? this.takesRetries : null;
    return answer as RunnerRequests[M]['answer'];
  }

  /** Its runner goes away. */
  close(): void {
    this.live = false;
    for (const listener of this.#listeners) listener([]);
  }

  dispose(): void {
    this.disposed += 1;
  }
}

/** The runs of a workspace, as tests set them. */
export class FakeList implements RunList {
  runs: readonly FakeRun[];
  disposed = false;
  readonly #listeners = new Set<() => void>();

  constructor(...runs: readonly FakeRun[]) {
    this.runs = runs;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async refresh(): Promise<void> {}

  set(...runs: readonly FakeRun[]): void {
    this.runs = runs;
    for (const listener of this.#listeners) listener();
  }

  dispose(): void {
    this.disposed = true;
  }
}
