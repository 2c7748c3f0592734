import { timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import type { RunnerMethod, RunnerRequests } from '../protocol/rpc.ts';
import { connectionOver } from './connection.ts';
import type { Journal } from './journal.ts';
import { remoteText } from './remote-text.ts';
import type { Run } from './run.ts';
import { Subscriber } from './subscriber.ts';
import type { Windows } from './windows.ts';

/** A client that was refused may read why for so many ms. */
const REFUSAL_MS = 200;

/** What clients of a runner work with. */
export interface Served {
  readonly run: Run;
  readonly journal: Journal;
  readonly windows: Windows;
}

/** The socket of a runner. */
export class RunnerServer {
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  /** Resolves when the first client has attached. */
  readonly attached: Promise<void>;
  #onAttached: () => void = () => {};

  private constructor(server: Server) {
    this.#server = server;
    this.attached = new Promise((resolve) => {
      this.#onAttached = resolve;
    });
  }

  /** Listens at `address`; requests need `token`. Rejects when the address cannot be had. */
  static async listen(address: string, token: string, served: Served): Promise<RunnerServer> {
    const server = createServer();
    const runner = new RunnerServer(server);
    server.on('connection', (socket) => {
      runner.#clients.add(socket);
      serve(socket, token, served, runner.#onAttached);
      socket.on('close', () => runner.#clients.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(address, resolve);
    });
    return runner;
  }

  /**
   * Takes no more clients, and closes when the present ones have gone: a client that has read the end of
   * its run goes. After `patience` ms they are sent away.
   */
  async close(patience: number): Promise<void> {
    this.#server.close();
    const timer = setTimeout(() => {
      for (const socket of this.#clients) socket.destroy();
    }, patience);
    await Promise.all(
      [...this.#clients].map((socket) => new Promise((resolve) => socket.once('close', resolve))),
    );
    clearTimeout(timer);
  }
}

function serve(
  socket: Socket,
  token: string,
  { run, journal, windows }: Served,
  onAttached: () => void,
): void {
  const connection = connectionOver(socket);
  let attached = false;
  let unsubscribe = (): void => {};
  let leave = (): void => {};
  const subscriber = new Subscriber(
    (notice) => connection.sendNotification('events', notice),
    () => journal.state,
  );
  const handle = <M extends RunnerMethod>(
    method: M,
    answer: (params: RunnerRequests[M]['params']) => Promise<RunnerRequests[M]['answer']>,
  ): void => {
    connection.onRequest<unknown, void>(method as string, async (params: unknown) => {
      if (!attached && method !== 'attach') {
        throw new ResponseError(ErrorCodes.InvalidRequest, 'attach first');
      }
      const answered = await answer(params as RunnerRequests[M]['params']);
      // What was done is told before it is answered.
      journal.flush();
      return answered;
    });
  };

  handle('attach', async ({ token: given, after, serves }) => {
    if (!same(given, token)) {
      setTimeout(() => socket.destroy(), REFUSAL_MS).unref();
      throw new ResponseError(ErrorCodes.InvalidRequest, 'wrong token');
    }
    unsubscribe();
    leave();
    attached = true;
    onAttached();
    const missing = after === undefined ? undefined : journal.since(after);
    const answer =
      missing === undefined ? { snapshot: journal.state, events: [] } : { events: missing };
    unsubscribe = journal.subscribe((events) => subscriber.push(events));
    if (serves?.includes('text') === true) leave = windows.add(remoteText(connection));
    return answer;
  });
  handle('cancel', async ({ items }) => {
    await run.cancel(items);
    return null;
  });
  // How the queue is steered outlives the runner.
  const steer = async (change: () => void): Promise<null> => {
    change();
    await journal.kept();
    return null;
  };
  handle('pause', () => steer(() => run.pause()));
  handle('resume', () => steer(() => run.resume()));
  handle('retry', async ({ items }) => run.retry(items));
  handle('move', ({ item, to }) => steer(() => run.move(item, to)));
  handle('concurrency', ({ concurrency }) =>
    steer(() => run.setConcurrency(Math.min(256, Math.max(1, Math.round(concurrency))))),
  );
  handle('finish', async ({ items }) => run.finish(items));

  connection.onClose(() => {
    unsubscribe();
    leave();
    connection.dispose();
  });
  connection.listen();
}

function same(given: unknown, token: string): boolean {
  if (typeof given !== 'string') return false;
  const a = Buffer.from(given);
  const b = Buffer.from(token);
  return a.length === b.length && timingSafeEqual(a, b);
}
