import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What clients of a stream have seen. */
export interface Seen {
  /** Events that came, over all clients. */
  readonly events: number;
  /** Numbers that were left out, or came twice. */
  readonly wrong: number;
  /** How late each event was, in ms. */
  readonly delays: readonly number[];
}

/** So many readers of one stream of server-sent events. */
export class SseClients {
  readonly #sockets: Socket[] = [];
  readonly #ended: Promise<unknown>[] = [];
  readonly #delays: number[] = [];
  #events = 0;
  #wrong = 0;

  /** Connects them, some at a time, and waits until each has read the beginning. */
  async open(count: number, port: number, path: string): Promise<void> {
    for (let opened = 0; opened < count; opened += 50) {
      const some = Array.from({ length: Math.min(50, count - opened) }, () =>
        this.#one(port, path),
      );
      await Promise.all(some);
    }
  }

  /** Resolves when every stream has ended. */
  async done(): Promise<Seen> {
    await Promise.all(this.#ended);
    for (const socket of this.#sockets) socket.destroy();
    return { events: this.#events, wrong: this.#wrong, delays: this.#delays };
  }

  async #one(port: number, path: string): Promise<void> {
    const socket = connect(port, '127.0.0.1');
    this.#sockets.push(socket);
    socket.setEncoding('latin1');
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
    const opened = once(socket, 'data');
    let rest = '';
    let last: number | undefined;
    this.#ended.push(
      new Promise<void>((resolve) => {
        socket.on('data', (chunk: string) => {
          const now = performance.timeOrigin + performance.now();
          const text = rest + chunk;
          const whole = text.lastIndexOf('\n\n') + 2;
          rest = text.slice(whole);
          // Every stream is in chunks: an empty one is its end.
          if (rest.endsWith('0\r\n\r\n')) resolve();
          for (const [, id, frame = ''] of text.slice(0, whole).matchAll(FRAME)) {
            const seq = Number(id);
            if (last !== undefined && seq !== last + 1) this.#wrong += 1;
            last = seq;
            const at = AT.exec(frame)?.[1];
            if (at === undefined) continue;
            this.#events += 1;
            this.#delays.push(now - Number(at));
          }
        });
        socket.on('close', () => resolve());
      }),
    );
    await opened;
  }
}

const FRAME = /id: (\d+)\n([\s\S]*?)\n\n/g;
const AT = /"at ([\d.]+)"/;
