import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';

/** A package of the registry as it is served. */
interface Package {
  readonly version: string;
  tarball: Buffer;
  readonly integrity: string;
}

/** A registry and a hub on the loopback interface, with faults to order. */
export interface FakeRegistry {
  readonly url: string;
  /** Bytes of tarballs and hub files that were sent. */
  sent: number;
  /** `GET /path range`, one for each request. */
  readonly requests: string[];
  /** Ends the connection after so many bytes of a file, for each of the next downloads. */
  readonly cuts: number[];
  /** Goes silent after so many bytes of a file, for each of the next downloads. */
  readonly stalls: number[];
  ranges: boolean;
  etag: string | undefined;
  /** Authorization header that every request must bear. */
  authorization: string | undefined;
  /** Statuses of the next requests for files. */
  readonly statuses: number[];
  readonly packages: Map<string, Package>;
  readonly hub: Map<string, Buffer>;
  publish(name: string, version: string, files: Record<string, Buffer>): Promise<number>;
  tarballRequests(): string[];
  close(): Promise<void>;
}

export async function fakeRegistry(): Promise<FakeRegistry> {
  const server = createServer((request, response) => serve(registry, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const registry: FakeRegistry = {
    url: `http://127.0.0.1:${port}`,
    sent: 0,
    requests: [],
    cuts: [],
    stalls: [],
    ranges: true,
    etag: '"one"',
    authorization: undefined,
    statuses: [],
    packages: new Map(),
    hub: new Map(),
    publish: async (name, version, files) => {
      const tarball = await pack(files);
      const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
      registry.packages.set(name, { version, tarball, integrity });
      return tarball.length;
    },
    tarballRequests: () => registry.requests.filter((line) => line.includes('.tgz')),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return registry;
}

function serve(registry: FakeRegistry, request: IncomingMessage, response: ServerResponse): void {
  const path = decodeURIComponent(request.url ?? '/');
  registry.requests.push(`${request.method} ${path} ${request.headers.range ?? ''}`.trim());
  if (registry.authorization && request.headers.authorization !== registry.authorization) {
    response.writeHead(401).end('{}');
    return;
  }
  const name = path.slice(1).replace(/\/-\/.*$/, '');
  const found = registry.packages.get(name);
  const file = path.endsWith('.tgz') ? found?.tarball : registry.hub.get(path);
  if (file) {
    sendFile(registry, file, request, response);
    return;
  }
  if (!found) {
    response.writeHead(404).end('{}');
    return;
  }
  const { version, integrity } = found;
  const tarball = `${registry.url}/${name}/-/${name.split('/').pop()}-${version}.tgz`;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ name, versions: { [version]: { dist: { tarball, integrity } } } }));
}

function sendFile(
  registry: FakeRegistry,
  file: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const status = registry.statuses.shift();
  if (status !== undefined) {
    response.writeHead(status).end('{}');
    return;
  }
  const asked = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const condition = request.headers['if-range'];
  const same = condition === undefined || condition === registry.etag;
  const from = registry.ranges && same ? asked : 0;
  if (from > 0 && from >= file.length) {
    response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end();
    return;
  }
  const body = file.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': body.length,
    ...(from > 0 && { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` }),
    ...(registry.etag !== undefined && { etag: registry.etag }),
  });
  const cut = registry.cuts.shift();
  const stall = registry.stalls.shift();
  const part = body.subarray(0, cut ?? stall ?? body.length);
  registry.sent += part.length;
  response.write(part, () => {
    if (cut !== undefined) response.destroy();
    else if (stall === undefined) response.end();
  });
}

async function pack(files: Record<string, Buffer>): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-pack-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, 'package', name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    }
    const file = join(folder, 'package.tgz');
    await create({ file, cwd: folder, gzip: true }, ['package']);
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Bytes that do not compress, as weights hardly do. */
export function weights(bytes: number): Buffer {
  return randomBytes(bytes);
}

export function sha256(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
