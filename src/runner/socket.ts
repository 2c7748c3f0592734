import { timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import {
  createMessageConnection,
  ErrorCodes,
  ResponseError,
  SocketMessageReader,
  SocketMessageWriter,
} from 'vscode-jsonrpc/node';
import type { RunEvent } from '../protocol/events.ts';
import type { RunnerMethod, RunnerNotice, RunnerRequests } from '../protocol/rpc.ts';
import type { Journal } from './journal.ts';
import type { Run } from './run.ts';

/** A client that has so many bytes still to read gets a snapshot later instead of more events. */
const BEHIND_BYTES = 8 << 20;

/** The socket of a runner. */
export class RunnerServer {
  readonly #server: Server;
  readonly #clients = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens at `address`; requests need `token`. Rejects when the address cannot be had. */
  static async listen(
    address: string,
    token: string,
    run: Run,
    journal: Journal,
  ): Promise<RunnerServer> {
    const server = createServer();
    const runner = new RunnerServer(server);
    server.on('connection', (socket) => {
      runner.#clients.add(socket);
      socket.on('close', () => runner.#clients.delete(socket));
      serve(socket, token, run, journal);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(address, resolve);
    });
    return runner;
  }

  /** Lets every client read what was said to it, for `patience` ms at most, then closes. */
  async close(patience: number): Promise<void> {
    this.#server.close();
    const ended = [...this.#clients].map(
      (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()).end()),
    );
    const timer = setTimeout(() => {
      for (const socket of this.#clients) socket.destroy();
    }, patience);
    await Promise.all(ended);
    clearTimeout(timer);
  }
}

function serve(socket: Socket, token: string, run: Run, journal: Journal): void {
  const connection = createMessageConnection(
    new SocketMessageReader(socket),
    new SocketMessageWriter(socket),
  );
  let attached = false;
  let unsubscribe = (): void => {};
  let behind = false;

  const send = (notice: RunnerNotice): void => {
    connection.sendNotification('events', notice).catch(() => socket.destroy());
  };
  const listener = (events: readonly RunEvent[]): void => {
    if (behind) return;
    if (socket.writableLength > BEHIND_BYTES) {
      behind = true;
      socket.once('drain', () => {
        behind = false;
        send({ snapshot: journal.state, events: [] });
      });
      return;
    }
    send({ events });
  };
  const handle = <M extends RunnerMethod>(
    method: M,
    answer: (params: RunnerRequests[M]['params']) => Promise<RunnerRequests[M]['answer']>,
  ): void => {
    connection.onRequest<unknown, void>(method as string, (params: unknown) => {
      if (!attached && method !== 'attach') {
        throw new ResponseError(ErrorCodes.InvalidRequest, 'attach first');
      }
      return answer(params as RunnerRequests[M]['params']);
    });
  };

  handle('attach', async ({ token: given, after }) => {
    if (!same(given, token)) {
      setImmediate(() => socket.destroy());
      throw new ResponseError(ErrorCodes.InvalidRequest, 'wrong token');
    }
    unsubscribe();
    attached = true;
    const missing = after === undefined ? undefined : journal.since(after);
    const answer =
      missing === undefined ? { snapshot: journal.state, events: [] } : { events: missing };
    unsubscribe = journal.subscribe(listener);
    return answer;
  });
  handle('cancel', async ({ items }) => {
    await run.cancel(items);
    return null;
  });
  handle('pause', async () => {
    run.pause();
    return null;
  });
  handle('resume', async () => {
    run.resume();
    return null;
  });
  handle('retry', async ({ items }) => {
    run.retry(items);
    return null;
  });
  handle('move', async ({ item, to }) => {
    run.move(item, to);
    return null;
  });
  handle('concurrency', async ({ concurrency }) => {
    run.setConcurrency(Math.min(256, Math.max(1, Math.round(concurrency))));
    return null;
  });

  socket.on('error', () => socket.destroy());
  connection.onError(() => socket.destroy());
  connection.onClose(() => {
    unsubscribe();
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
