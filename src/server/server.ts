import { X509Certificate } from 'node:crypto';
import type { ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { plainText } from '../protocol/escapes.ts';
import { watchRuns } from '../runner/client.ts';
import { Runs } from '../runner/runs.ts';
import { type AccessRules, allowedOrigin, denialOf, isKnown, LOOPBACK } from './access.ts';
import { batchOperations } from './batch-operations.ts';
import { answerTo, badRequest, RequestError } from './errors.ts';
import { openApi } from './openapi.ts';
import type { Operation } from './operation.ts';
import { Outlets } from './outlet.ts';
import { registerPage } from './page.ts';
import type { Rights } from './rights.ts';
import { runOperations } from './run-operations.ts';
import { RunStreams } from './run-streams.ts';
import { GivenSecrets, newLinks } from './secrets.ts';
import { Owners, type Served } from './served.ts';
import { Starter } from './starter.ts';
import { tradeOperations } from './trades/operations.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route holds nothing of the workspace: whoever asks need not say who that is. */
    readonly open?: boolean;
  }
}

/** The largest body that is read, in bytes. */
const BODY_BYTES = 4 << 20;
/** A head must be there after so many ms, and a whole request: a client that dawdles is sent away. */
const HEAD_MS = 10_000;
const REQUEST_MS = 30_000;
const LOOK_MS = 2000;
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
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** The origin that browsers see, where a proxy stands before the server. */
  readonly publicOrigin?: string | undefined;
  /** Origins of other pages that may ask. */
  readonly origins: readonly string[];
  /** More environment for the steps of runs. */
  readonly env: Readonly<Record<string, string>>;
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
  const { workspace, token, tls, log } = options;
  const runs = new Runs((folder) => watchRuns(folder));
  const streams = new RunStreams(runs);
  const outlets = new Outlets(options.keepAlive);
  const owners = new Owners(runs);
  const starter = new Starter({ workspace, runs, rights: options.rights, env: options.env });
  const tickets = new GivenSecrets<string>(TICKET_MS);
  const served: Served = { workspace, runs, streams, outlets, starter, owners, tickets };
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
  const app = newApp(options, refusals);
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
    runs.dispose();
    const closed = app.close();
    for (const session of http2) session.destroy();
    await closed;
  };
  try {
    const operations = [
      ...runOperations(served),
      ...batchOperations(served),
      ...tradeOperations(served),
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

function newApp({ tls }: ServerOptions, refusals: Refusals): FastifyInstance {
  const limits = {
    headersTimeout: HEAD_MS,
    requestTimeout: REQUEST_MS,
    connectionsCheckingInterval: LOOK_MS,
  };
  const common = {
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MS,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    // What is no HTTP, or dawdles.
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) => {
      if (error.code === 'ECONNRESET' || socket.destroyed) return;
      const slow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
      refusals.add(`${socket.remoteAddress ?? '?'} refused: ${slow ? 'too slow' : error.message}`);
      const status = slow ? '408 Request Timeout' : '400 Bad Request';
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      socket.destroySoon();
    },
    // Of a run's id, and of the path of a result.
    routerOptions: { maxParamLength: 5000 },
  } as const;
  if (tls === undefined) return fastify({ ...common, http: limits });
  const secure = { ...limits, ...tls, allowHTTP1: true, minVersion: 'TLSv1.2' } as const;
  // What differs in the types of HTTP/2 is not used: answers are written by what both versions have.
  return fastify({ ...common, http2: true, https: secure }) as unknown as FastifyInstance;
}

/** Checks every request before anything of it is read, and says in the log what was refused. */
function guard(
  app: FastifyInstance,
  {
    rules,
    tickets,
    refusals,
    log,
  }: {
    readonly rules: AccessRules;
    readonly tickets: GivenSecrets<string>;
    readonly refusals: Refusals;
    readonly log: (line: string) => void;
  },
): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SAFE_HEADERS);
    const { headers, method } = request;
    const origin = allowedOrigin(headers, rules);
    if (rules.origins.size > 0) reply.header('vary', 'Origin');
    if (origin !== undefined) {
      reply.headers({
        'access-control-allow-origin': origin,
        'access-control-expose-headers': 'Location',
        'cross-origin-resource-policy': 'cross-origin',
      });
      if (method === 'OPTIONS') return reply.code(204).headers(PREFLIGHT).send();
    }
    const ticket = hasTicket(request, tickets);
    // A plain `<audio>` of whatever page was given the ticket.
    if (ticket) reply.header('cross-origin-resource-policy', 'cross-origin');
    const denial = denialOf(
      {
        method,
        headers,
        port: request.socket.localPort,
        encrypted: 'encrypted' in request.socket,
        open: request.routeOptions.config.open === true,
        ticket,
      },
      rules,
    );
    if (denial === undefined) return undefined;
    const { status, message, hint } = denial;
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    throw new RequestError(status, message, hint);
  });
  app.setErrorHandler((error, request, reply) => {
    const { status, answer } = answerTo(error);
    if (status >= 500) log(`${requestLine(request)} failed: ${stackOf(error)}`);
    else refusals.add(`${requestLine(request)} refused: ${status} ${answer.error}`);
    return reply.code(status).header('cache-control', 'no-store').send(answer);
  });
  app.setNotFoundHandler((request) => {
    throw new RequestError(404, `There is no ${request.method} ${pathOf(request)} here.`);
  });
  // A body of a form is read for the sign-in alone; all others are JSON, or text.
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 4096 },
    (_, body, done) => done(null, new URLSearchParams(String(body))),
  );
  app.addContentTypeParser(
    ['application/yaml', 'text/yaml'],
    { parseAs: 'string' },
    (_, body, done) => done(null, body),
  );
}

const SAFE_HEADERS = {
  'x-content-type-options': 'nosniff',
  // With `no-referrer` a form would say that it comes from nowhere.
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'x-frame-options': 'DENY',
} as const;

const PREFLIGHT = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'Authorization, Content-Type, Last-Event-ID, Accept',
  'access-control-max-age': '600',
} as const;

/** Checks the parts of a request, and hands them on. */
function register(
  app: FastifyInstance,
  { method, head, path, handle, ...schemas }: Operation,
): void {
  const url = path.replace('{path}', '*').replace(/\{(\w+)\}/g, ':$1');
  app.route({
    method: head === true ? [method, 'HEAD'] : method,
    url,
    handler: async (request, reply) => {
      const given = request.params as Record<string, string>;
      const { '*': rest, ...named } = given;
      const params = check(
        'path',
        schemas.params,
        rest === undefined ? named : { ...named, path: rest },
      );
      const query = check('query', schemas.query, request.query);
      return handle({ params, query, body: bodyOf(request, schemas.body), request, reply });
    },
  });
}

function bodyOf(request: FastifyRequest, schemas: Operation['body']): unknown {
  if (schemas === undefined) return undefined;
  const type = (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim() ?? '';
  const named = type === 'text/yaml' ? 'application/yaml' : type.toLowerCase();
  const schema = Object.hasOwn(schemas, named) ? schemas[named] : undefined;
  if (schema === undefined) {
    throw new RequestError(
      415,
      `A body of ${plainText(type)} is not read here.`,
      `Send ${Object.keys(schemas).join(' or ')}.`,
    );
  }
  // Where everything may be left out, so may the body.
  return check('body', schema, request.body ?? {});
}

function check(
  where: string,
  schema: Operation['params'] | NonNullable<Operation['body']>[string],
  value: unknown,
): unknown {
  if (schema === undefined) return undefined;
  const checked = schema.safeParse(value, { reportInput: true });
  if (!checked.success) throw badRequest(where, checked.error);
  return checked.data;
}

function hasTicket(request: FastifyRequest, tickets: GivenSecrets<string>): boolean {
  const { ticket } = request.query as Record<string, unknown>;
  return typeof ticket === 'string' && tickets.find(ticket) === pathOf(request);
}

/** Without the query: secrets may be in it. */
function pathOf({ url }: FastifyRequest): string {
  return plainText(url.split('?')[0]?.slice(0, 200) ?? '');
}

function requestLine(request: FastifyRequest): string {
  return `${request.ip} ${request.method} ${pathOf(request)}`;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** What stands for all addresses of the machine, and is the name of none. */
const EVERY: readonly string[] = ['0.0.0.0', '::'];

/** The names that the server answers to. */
function hostsOf({ host, tls }: ServerOptions): Set<string> {
  const names = new Set(LOOPBACK);
  if (!EVERY.includes(host)) names.add(host.includes(':') ? `[${host}]` : host.toLowerCase());
  for (const name of tls === undefined ? [] : certified(tls.cert)) names.add(name.toLowerCase());
  return names;
}

/** The names and addresses that a certificate is for. */
function certified(pem: string): string[] {
  const names = new X509Certificate(pem).subjectAltName ?? '';
  return [...names.matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].map(([, name = '']) =>
    name.includes(':') ? `[${name}]` : name,
  );
}

function ownOrigin({ host, tls }: ServerOptions, port: number): string {
  const named =
    tls === undefined ? undefined : certified(tls.cert).find((name) => !name.includes('*'));
  const name =
    named ?? (EVERY.includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host);
  return `${tls === undefined ? 'http' : 'https'}://${name}:${port}`;
}

/** Lines about refused requests: so many a minute, and then their number. Whoever asks in a loop fills no disk. */
class Refusals {
  readonly #log: (line: string) => void;
  #minute = 0;
  #said = 0;
  #left = 0;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  add(line: string): void {
    const minute = Math.floor(Date.now() / 60_000);
    if (minute !== this.#minute) {
      if (this.#left > 0) this.#log(`${this.#left} more requests were refused.`);
      this.#minute = minute;
      this.#said = 0;
      this.#left = 0;
    }
    this.#said += 1;
    if (this.#said <= 60) this.#log(line);
    else this.#left += 1;
  }
}
