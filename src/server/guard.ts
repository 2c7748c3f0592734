import type { FastifyInstance, FastifyRequest } from 'fastify';
import { plainText } from '../protocol/escapes.ts';
import { type AccessRules, allowedOrigin, denialOf } from './access.ts';
import { answerTo, RequestError } from './errors.ts';
import type { Refusals } from './refusals.ts';
import type { GivenSecrets } from './secrets.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route holds nothing of the workspace: whoever asks need not say who that is. */
    readonly open?: boolean;
  }
}

/** Checks every request before anything of it is read, and says in the log what was refused. */
export function guard(
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
