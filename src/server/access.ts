import type { IncomingHttpHeaders } from 'node:http';
import { type GivenSecrets, isSame } from './secrets.ts';

/** Who may ask for what. */
export interface AccessRules {
  /** Without it nobody needs to say who they are: on the loopback interface alone. */
  readonly token: string | undefined;
  readonly sessions: GivenSecrets<true>;
  /** Names of hosts, in lower case, that the server answers to. */
  readonly hosts: Set<string>;
  /** Origins of other pages that may ask, such as `http://localhost:3000`. */
  readonly origins: ReadonlySet<string>;
  /** Its own origins as browsers see them, where a proxy stands before the server. */
  readonly proxied: Set<string>;
}

export interface AskedFor {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** That the server was asked at. */
  readonly port: number | undefined;
  /** The connection is encrypted. */
  readonly encrypted: boolean;
  /** The page itself, or a part of it that anyone may have: it holds nothing of a workspace. */
  readonly open: boolean;
  /** The address has a ticket in it that was given out for just this. */
  readonly ticket: boolean;
}

export interface Denial {
  readonly status: 401 | 403 | 421;
  readonly message: string;
  readonly hint?: string;
}

/** Names of the machine itself. */
export const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Why a request is not answered; `undefined` when it may be. A page of another site is refused before its token
 * is looked at: by its `Origin` and `Sec-Fetch-Site`, and by the `Host` when it has given its own name to
 * this machine's address (DNS rebinding).
 */
export function denialOf(asked: AskedFor, rules: AccessRules): Denial | undefined {
  const { headers } = asked;
  const host = hostOf(headers);
  if (host === undefined || !rules.hosts.has(hostname(host))) {
    return {
      status: 421,
      message: 'This server does not answer to that name.',
      hint: 'Ask by an address that it was started with.',
    };
  }
  if (isForeign(asked, host, rules)) {
    return {
      status: 403,
      message: 'Pages of other origins may not ask this server.',
      hint: 'Start it with --allow-origin ORIGIN to let one in.',
    };
  }
  if (asked.open || asked.ticket || isKnown(asked, rules)) return undefined;
  return {
    status: 401,
    message: 'A token is needed.',
    hint: 'Send it as Authorization: Bearer TOKEN, or open the page by a link of the server.',
  };
}

/** The other page that asks, where it may: it is to be told that it may read the answer. */
export function allowedOrigin(
  headers: IncomingHttpHeaders,
  { origins }: AccessRules,
): string | undefined {
  const { origin } = headers;
  return origin !== undefined && origins.has(origin) ? origin : undefined;
}

/** Name of the cookie that holds a session: a browser sends cookies to every port of a host. */
export function sessionCookie(port: number | undefined): string {
  return `sluice-${port}`;
}

/** The value of a cookie. */
function cookieOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  for (const part of (headers.cookie ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}

/** Whether a request has the token, or a session of the page. */
export function isKnown(
  { headers, port }: Pick<AskedFor, 'headers' | 'port'>,
  { token, sessions }: AccessRules,
): boolean {
  if (token === undefined) return true;
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return isSame(bearer, token);
  const session = cookieOf(headers, sessionCookie(port));
  return session !== undefined && sessions.find(session) === true;
}

function isForeign(asked: AskedFor, host: string, rules: AccessRules): boolean {
  const { headers, method } = asked;
  if (allowedOrigin(headers, rules) !== undefined) return false;
  const { origin } = headers;
  const direct = `${asked.encrypted ? 'https' : 'http'}://${host}`;
  if (origin !== undefined && origin !== direct && !rules.proxied.has(origin)) return true;
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return false;
  // A link on any page may lead here, and another page may play what it was given a ticket for.
  const opens = method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && asked.open;
  return !opens && !asked.ticket;
}

function hostOf(headers: IncomingHttpHeaders): string | undefined {
  const authority = headers[':authority'];
  return headers.host ?? (typeof authority === 'string' ? authority : undefined);
}

/** Without the port. */
function hostname(host: string): string {
  return host.replace(/:\d*$/, '').toLowerCase();
}
