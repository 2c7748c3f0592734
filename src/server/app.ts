import type { Socket } from 'node:net';
import multipart from '@fastify/multipart';
import fastify, { type FastifyInstance } from 'fastify';
import { limitPatience, type PatienceLimits } from './patience.ts';
import type { Refusals } from './refusals.ts';
import { UPLOAD_LIMITS } from './uploads.ts';

/** The largest body that is read, in bytes. */
const BODY_BYTES = 4 << 20;
/** A head must be there after so many ms: a client that dawdles is sent away. */
const HEAD_MS = 10_000;
const LOOK_MS = 2000;
/** And a body, or so much more of an upload: what the slowest lines carry. */
const PATIENCE = { ms: 30_000, bytes: 16_384 };

/** Certificate chain and key, as PEM. */
export interface Tls {
  readonly cert: string;
  readonly key: string;
}

/** HTTP/1.1; with a certificate HTTP/2, and HTTP/1.1 with those who do not speak it. */
export function newApp(
  tls: Tls | undefined,
  refusals: Refusals,
  patience: PatienceLimits = PATIENCE,
): FastifyInstance {
  const limits = { headersTimeout: HEAD_MS, connectionsCheckingInterval: LOOK_MS };
  const common = {
    bodyLimit: BODY_BYTES,
    // Bodies are waited for by `limitPatience`.
    requestTimeout: 0,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    // What is no HTTP, or dawdles.
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) => {
      if (error.code === 'ECONNRESET') return;
      refuse(socket, error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? undefined : error);
    },
    // Of a run's id, and of the path of a result.
    routerOptions: { maxParamLength: 5000 },
  } as const;
  /** Without an error the client was too slow. */
  const refuse = (socket: Socket, error: Error | undefined): void => {
    if (socket.destroyed) return;
    refusals.add(`${socket.remoteAddress ?? '?'} refused: ${error?.message ?? 'too slow'}`);
    const status = error === undefined ? '408 Request Timeout' : '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    socket.destroySoon();
  };
  const complete = (app: FastifyInstance): FastifyInstance => {
    limitPatience(app, patience, ({ raw }) => refuse(raw.socket, undefined));
    // Forms are read by those who want one, part by part.
    app.register(multipart, { limits: UPLOAD_LIMITS });
    return app;
  };
  if (tls === undefined) return complete(fastify({ ...common, http: limits }));
  const secure = { ...limits, ...tls, allowHTTP1: true, minVersion: 'TLSv1.2' } as const;
  // What differs in the types of HTTP/2 is not used: answers are written by what both versions have.
  return complete(fastify({ ...common, http2: true, https: secure }) as unknown as FastifyInstance);
}
