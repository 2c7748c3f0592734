import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SlowServer {
  readonly url: string;
  close(): void;
}

/**
 * A server on the loopback that sends each of `files` in pieces, one each `pause` ms, so that the bars of programs
 * that fetch it have time to be drawn. `/endless/NAME` is sent without its length.
 */
export async function startSlowServer(
  files: ReadonlyMap<string, Buffer>,
  { pieces = 12, pause = 180 } = {},
): Promise<SlowServer> {
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const body = files.get(path.split('/').at(-1) ?? '');
    if (body === undefined) {
      response.writeHead(404).end();
      return;
    }
    const known = path.startsWith('/endless/') ? {} : { 'content-length': body.length };
    response.writeHead(200, { 'content-type': 'application/octet-stream', ...known });
    const size = Math.ceil(body.length / pieces);
    for (let at = 0; at < body.length; at += size) {
      response.write(body.subarray(at, at + size));
      await sleep(pause);
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return { url: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}
