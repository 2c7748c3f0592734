import type { ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { watchRuns } from '../runner/client.ts';
import { Runs } from '../runner/runs.ts';
import type { QueueOptions } from '../runner/start.ts';
import { type AccessRules, isKnown } from './access.ts';
import { newApp, type Tls } from './app.ts';
import { batchOperations } from './batch-operations.ts';
import { guard } from './guard.ts';
import { hostsOf, ownOrigin } from './names.ts';
import { openApi } from './openapi.ts';
import { Outlets } from './outlet.ts';
import { registerPage } from './page.ts';
import { Refusals } from './refusals.ts';
import { register } from './register.ts';
import type { Rights } from './rights.ts';
import { RunStreams } from './run-streams.ts';
import { GivenSecrets, newLinks } from './secrets.ts';
import { Owners, type Served } from './served.ts';
import { startOperations } from './start-operations.ts';
import { Starter } from './starter.ts';
import { steerOperations } from './steer-operations.ts';
import { tradeOperations } from './trades/operations.ts';
import { recordingOperations } from './trades/recording-operations.ts';
import { Uploads } from './uploads.ts';
import { watchOperations } from './watch-operations.ts';

/** More would exhaust the files that a process may open. */
const CONNECTIONS = 10_000;
/** Tickets for sounds are good for so long, in ms. */
const TICKET_MS = 60 * 60_000;

export interface ServerOptions {
  /** Absolute path, links resolved. */
  readonly workspace: string;
  /** `localhost` is the loopback interface, of both versions of IP. */
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Without it everybody on this machine may ask. */
  readonly token: string | undefined;
  readonly rights: Rights;
  /** Certificate chain and key, as PEM: the server speaks HTTP/2 and HTTP/1.1 over TLS with them. */
  readonly tls?: Tls | undefined;
  /** The origin that browsers see, where a proxy stands before the server. */
  readonly publicOrigin?: string | undefined;
  /** Origins of other pages that may ask. */
  readonly origins: readonly string[];
  /** More environment for the steps of runs. */
  readonly env: Readonly<Record<string, string>>;
  /** The queue whose workers do the items of runs, where one is used. */
  readonly queue: QueueOptions | undefined;
  /** No stream is silent for longer, in ms. */
  readonly keepAlive: number;
  readonly version: string;
  /** Told what a person may want to read: plain lines. */
  readonly log: (line: string) => void;
}

export interface SluiceServer {
  /** Where it listens itself. */
  readonly origin: string;
  /** A link that opens the page, once; the page's address where nobody signs in. */
  link(): string;
  /** Answers to one more origin: that by which browsers come through a proxy. */
  answerTo(origin: string): void;
  /** Ends every stream and connection. Runs go on. */
  close(): Promise<void>;
}

/** Serves a workspace's runs over HTTP. Rejects when it cannot listen. */
export async function startServer(options: ServerOptions): Promise<SluiceServer> {
  const { workspace, token, tls, log, rights, env, queue } = options;
  const runs = new Runs((folder) => watchRuns(folder));
  const streams = new RunStreams(runs);
  const outlets = new Outlets(options.keepAlive);
  const owners = new Owners(runs);
  const starter = new Starter({ workspace, runs, rights, env, queue });
  const tickets = new GivenSecrets<string>(TICKET_MS);
  const uploads = new Uploads(workspace, runs);
  const served: Served = {
    workspace,
    runs,
    streams,
    outlets,
    starter,
    owners,
    uploads,
    tickets,
  };
  const links = newLinks();
  const sessions = new GivenSecrets<true>();
  const rules: AccessRules = {
    token,
    sessions,
    hosts: hostsOf(options),
    origins: new Set(options.origins),
    proxied: new Set(),
  };

  const answerTo = (origin: string): void => {
    rules.proxied.add(origin);
    rules.hosts.add(new URL(origin).hostname);
  };
  if (options.publicOrigin !== undefined) answerTo(options.publicOrigin);

  const refusals = new Refusals(log);
  const app = newApp(tls, refusals);
  app.server.maxConnections = CONNECTIONS;
  const http2 = new Set<ServerHttp2Session>();
  app.server.on('session', (session: ServerHttp2Session) => {
    http2.add(session);
    session.once('close', () => http2.delete(session));
  });
  guard(app, { rules, tickets, refusals, log });
  const close = async (): Promise<void> => {
    owners.dispose();
    outlets.dispose();
    streams.dispose();
    uploads.dispose();
    runs.dispose();
    const closed = app.close();
    for (const session of http2) session.destroy();
    await closed;
  };
  try {
    const operations = [
      ...startOperations(served),
      ...watchOperations(served),
      ...steerOperations(served),
      ...batchOperations(served),
      ...tradeOperations(served),
      ...recordingOperations(served),
    ];
    for (const one of operations) register(app, one);
    app.get('/openapi.json', () => openApi(operations, options.version));
    registerPage(app, served, {
      token,
      links,
      sessions,
      secure: tls !== undefined || options.publicOrigin?.startsWith('https:') === true,
      isKnown: ({ headers, socket }) => isKnown({ headers, port: socket.localPort }, rules),
    });
    await runs.watch(workspace);
    await uploads.sweep();
    await app.listen({ host: options.host, port: options.port });
  } catch (error) {
    await close();
    throw error;
  }
  const { port } = app.server.address() as AddressInfo;
  const origin = ownOrigin(options, port);
  const page = `${options.publicOrigin ?? origin}/`;
  return {
    origin,
    link: () => (token === undefined ? page : `${page}?link=${links.give(true)}`),
    answerTo,
    close,
  };
}
