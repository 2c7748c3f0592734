import { connect, type Socket } from 'node:net';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import type { RunEvent } from '../protocol/events.ts';
import type { RunnerMethod, RunnerNotice, RunnerRequests } from '../protocol/rpc.ts';
import { applyEvents, EMPTY_STATE, type RunState } from '../protocol/state.ts';
import type { RunnerInfo } from './address.ts';
import { connectionOver } from './connection.ts';
import { layoutOf, runLayout } from './layout.ts';
import { loadState } from './load.ts';
import { serveText } from './remote-text.ts';
import type { TextService } from './text-service.ts';

/** A run as a surface holds it: its state, and what may be asked of its runner. */
export interface RunHandle {
  readonly id: string;
  readonly state: RunState;
  /** Whether its runner is there to ask. */
  readonly live: boolean;
  /**
   * Told after each change with the new events, or with none when the whole state was replaced. The first
   * listener is told soon what came before it, so that nothing falls between attaching and listening.
   */
  onChange(listener: ChangeListener): () => void;
  /** Rejects when the run is over and its runner is gone. */
  request<M extends RunnerMethod>(
    method: M,
    params: RunnerRequests[M]['params'],
  ): Promise<RunnerRequests[M]['answer']>;
  /** Lets go of the run, which goes on. Idempotent. */
  dispose(): void;
}

/** A handle that nobody listens to must not grow. */
const UNHEARD_KEPT = 50_000;

/** What a client does for the runs that it is attached to. */
export interface Services {
  /** Writes texts that steps of the run ask for. */
  readonly text?: (run: RunnerInfo) => TextService;
}

type ChangeListener = (events: readonly RunEvent[]) => void;

/** A run that is over, or whose runner was killed, as it stands on disk. */
export class PastRun implements RunHandle {
  readonly id: string;
  readonly state: RunState;
  readonly live = false;

  constructor(state: RunState) {
    this.id = state.run.id;
    this.state = state;
  }

  onChange(): () => void {
    return () => {};
  }

  request(): Promise<never> {
    return Promise.reject(new Error(`The run ${this.id} is over.`));
  }

  dispose(): void {}
}

/**
 * Attaches to a runner and follows its run until the end. When the runner goes away without a word, the
 * run is interrupted, and its state is what it wrote to disk. Rejects when nothing listens.
 *
 * @param after number of the last event that the caller has; without it the handle begins with a snapshot
 */
export async function attach(
  info: RunnerInfo,
  workspace: string,
  after?: number,
  services: Services = {},
): Promise<RunHandle> {
  const socket = connect(info.address);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const run = new LiveRun(info, workspace, socket);
  await run.attach(after, services);
  return run;
}

class LiveRun implements RunHandle {
  readonly id: string;
  readonly #info: RunnerInfo;
  readonly #workspace: string;
  readonly #connection: MessageConnection;
  readonly #socket: Socket;
  readonly #listeners = new Set<ChangeListener>();
  #state: RunState = EMPTY_STATE;
  #live = true;
  #disposed = false;
  #stopServing = (): void => {};
  /** What came before the answer to `attach` was applied. */
  #early: RunnerNotice[] | undefined = [];
  /** Events that nobody has listened to yet. */
  #unheard: RunEvent[] | undefined = [];

  constructor(info: RunnerInfo, workspace: string, socket: Socket) {
    this.id = info.id;
    this.#info = info;
    this.#workspace = workspace;
    this.#socket = socket;
    this.#connection = connectionOver(socket);
    this.#connection.onNotification('events', (notice: RunnerNotice) => this.#take(notice));
    this.#connection.onClose(() => void this.#closed());
    this.#connection.listen();
  }

  async attach(after: number | undefined, { text }: Services): Promise<void> {
    const params = {
      token: this.#info.token,
      ...(after === undefined ? {} : { after }),
      ...(text === undefined ? {} : { serves: ['text'] as const }),
    };
    if (text !== undefined) this.#stopServing = serveText(this.#connection, text(this.#info));
    const answer = await this.request('attach', params);
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const notice of [answer, ...early]) this.#take(notice);
  }

  get state(): RunState {
    return this.#state;
  }

  get live(): boolean {
    return this.#live;
  }

  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    if (this.#unheard !== undefined) {
      const events = this.#unheard;
      this.#unheard = undefined;
      if (events.length > 0) queueMicrotask(() => listener(events));
    }
    return () => this.#listeners.delete(listener);
  }

  request<M extends RunnerMethod>(
    method: M,
    params: RunnerRequests[M]['params'],
  ): Promise<RunnerRequests[M]['answer']> {
    if (!this.#live) return Promise.reject(new Error(`The run ${this.id} is over.`));
    return this.#connection.sendRequest(method, params);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#live = false;
    this.#listeners.clear();
    this.#stopServing();
    this.#connection.dispose();
    this.#socket.destroy();
  }

  #take(notice: RunnerNotice): void {
    if (this.#early !== undefined) {
      this.#early.push(notice);
      return;
    }
    const fresh = notice.events.filter((event) => event.seq > this.#state.seq);
    if (notice.snapshot !== undefined) this.#state = notice.snapshot;
    if (fresh.length > 0) this.#state = applyEvents(this.#state, fresh);
    if (fresh.length > 0 || notice.snapshot !== undefined) this.#tell(fresh);
    // The runner waits for its clients to have read the end.
    if (this.#state.ended !== undefined) this.#socket.end();
  }

  async #closed(): Promise<void> {
    if (this.#disposed) return;
    this.#live = false;
    this.#stopServing();
    // Whoever waits for an answer gets none.
    this.#connection.dispose();
    if (this.#state.ended === undefined) {
      const files = runLayout(layoutOf(this.#workspace), this.id);
      this.#state = (await loadState(files)) ?? {
        ...this.#state,
        state: 'interrupted',
        ended: Date.now(),
      };
    }
    this.#tell([]);
  }

  #tell(events: readonly RunEvent[]): void {
    if (this.#unheard !== undefined)
      this.#unheard = [...this.#unheard, ...events].slice(-UNHEARD_KEPT);
    for (const listener of this.#listeners) listener(events);
  }
}

export { type RunList, watchRuns } from './list.ts';
export { startRun } from './start.ts';
