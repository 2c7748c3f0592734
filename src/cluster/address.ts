import { isIP } from 'node:net';
import type { RedisOptions } from 'ioredis';
import { QueueError } from './error.ts';

/** Where a queue is. */
export interface QueueAddress {
  readonly options: Pick<RedisOptions, 'host' | 'port' | 'db' | 'username' | 'password' | 'tls'>;
  /** What all its keys in Redis begin with, before a colon. */
  readonly prefix: string;
  /** For people: without user and password. */
  readonly shown: string;
}

const FORM = 'redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE][?prefix=NAME], or rediss:// for TLS';

/** Reads the address of a queue. Throws QueueError; the message does not repeat the address: it may hold a password. */
export function parseQueue(text: string): QueueAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const wrong = (what: string): QueueError => new QueueError(`${what}.`, `It is ${FORM}.`);
  if (url?.protocol !== 'redis:' && url?.protocol !== 'rediss:') {
    throw wrong('The address of the queue is none of Redis');
  }
  const { hostname, port, pathname, username, password, searchParams, protocol } = url;
  if (hostname === '') throw wrong('The address of the queue names no host');
  const database = /^\/?(\d{0,5})$/.exec(pathname)?.[1];
  if (database === undefined) throw wrong('The address of the queue names no database by a number');
  const unknown = [...searchParams.keys()].find((key) => key !== 'prefix');
  if (unknown !== undefined) throw wrong('The address of the queue has an unknown option');
  // What stands behind an unescaped # of a password.
  if (url.hash !== '') throw wrong('The address of the queue has a #');
  const prefix = searchParams.get('prefix') ?? 'sluice';
  if (!/^[\w.-]{1,64}$/.test(prefix)) {
    throw wrong('The prefix in the address of the queue may have letters, digits, _, . and - only');
  }
  // A name in brackets is an address of IPv6.
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  // Only a name can be asked for by name.
  const tls = isIP(host) === 0 ? { servername: host } : {};
  return {
    options: {
      host,
      port: port === '' ? 6379 : Number(port),
      db: database === '' ? 0 : Number(database),
      ...(username === '' ? {} : { username: decoded(username, wrong) }),
      ...(password === '' ? {} : { password: decoded(password, wrong) }),
      ...(protocol === 'rediss:' ? { tls } : {}),
    },
    prefix,
    shown: `${protocol}//${hostname}:${port === '' ? 6379 : port}${database === '' ? '' : `/${database}`}`,
  };
}

function decoded(escaped: string, wrong: (what: string) => QueueError): string {
  try {
    return decodeURIComponent(escaped);
  } catch {
    throw wrong('A % in the user or password of the queue is to be written as %25');
  }
}
