import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A line to a server on this machine, which can be dead for a while. */
export interface DeadLine {
  readonly port: number;
  /** Nothing goes through any more, and nobody is told: as when a cable is pulled. */
  pull(): void;
  /** What waited goes through, as far as its sockets are still open. */
  mend(): void;
}

export async function deadLine(to: number): Promise<DeadLine> {
  const open = new Set<Socket>();
  let dead = false;
  const server = createServer({ pauseOnConnect: true }, (client) => {
    const upstream = connect(to, '127.0.0.1');
    for (const [from, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from);
      from.on('data', (chunk: Buffer) => other.write(chunk));
      from.on('error', () => {});
      from.on('close', () => {
        open.delete(from);
        other.destroy();
      });
      if (dead) from.pause();
      else from.resume();
    }
  });
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    pull() {
      dead = true;
      for (const socket of open) socket.pause();
    },
    mend() {
      dead = false;
      for (const socket of open) socket.resume();
    },
  };
}
