import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A line to a server that breaks when it is told to. */
export interface CuttingProxy {
  readonly port: number;
  /** Connections that were made so far. */
  readonly connections: number;
  /** Breaks every connection that is open. */
  cut(): void;
  /** Takes no more connections, or takes them again. */
  refuse(refused: boolean): void;
}

export async function cuttingProxy(to: number): Promise<CuttingProxy> {
  const open = new Set<Socket>();
  let connections = 0;
  let refusing = false;
  const server = createServer((client) => {
    connections += 1;
    if (refusing) {
      client.destroy();
      return;
    }
    const upstream = connect(to, '127.0.0.1');
    for (const [from, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from);
      from.pipe(other);
      from.on('error', () => {});
      from.on('close', () => {
        open.delete(from);
        other.destroy();
      });
    }
  });
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    cut,
    refuse: (refused) => {
      refusing = refused;
    },
  };
}
