import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { QueueAddress } from './address.ts';
import { QueueError } from './error.ts';

/** A connection on which nothing came for so many ms is dead: each one has something to say more often. */
const SILENT_MS = 15_000;
const CONNECT_MS = 10_000;
/** Between attempts to connect again, at most. */
const RETRY_MS = 2000;

/**
 * Connects to Redis. Rejects with QueueError when that cannot be done now; later on a connection that is lost
 * comes back by itself, and what was under way on it is said again.
 *
 * @param gathers whether what is said within one turn goes out as one piece: not for BullMQ, which cannot, nor for
 * what blocks
 * @param onLost told when it is lost, with why, and with nothing once it is back
 */
export async function connectRedis(
  { options, shown }: QueueAddress,
  gathers = false,
  onLost: (why: string | undefined) => void = () => {},
): Promise<Redis> {
  let connected = false;
  let why = '';
  const redis = new Redis({
    ...options,
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    socketTimeout: SILENT_MS,
    maxRetriesPerRequest: null,
    enableAutoPipelining: gathers,
    retryStrategy: (times) => (connected ? Math.min(50 * 2 ** times, RETRY_MS) : null),
  });
  redis.on('error', (error: Error) => {
    why = error.message;
  });
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    throw unreachable(shown, why === '' ? (error as Error).message : why);
  }
  connected = true;
  let lost = false;
  redis.on('close', () => {
    if (lost || redis.status === 'end') return;
    lost = true;
    onLost(why === '' ? 'the connection was closed' : why);
  });
  redis.on('ready', () => {
    why = '';
    if (lost) onLost(undefined);
    lost = false;
  });
  return redis;
}

function unreachable(shown: string, why: string): QueueError {
  if (/NOAUTH|WRONGPASS|invalid password/i.test(why)) {
    return new QueueError(
      `Redis at ${shown} refused the password: ${why}`,
      'Give user and password in SLUICE_QUEUE, as redis://USER:PASSWORD@HOST.',
    );
  }
  if (/certificate|SSL|TLS|wrong version number/i.test(why)) {
    return new QueueError(
      `No secure connection to Redis at ${shown}: ${why}`,
      'rediss:// speaks TLS. A certificate of your own is trusted by NODE_EXTRA_CA_CERTS=FILE.',
    );
  }
  return new QueueError(
    `Redis at ${shown} cannot be reached: ${why}`,
    'Check the address, and that redis-server runs there.',
  );
}

/** What Redis answers while it is full, starting, or changing its master: it will be able to, later. */
const LATER = /^(?:OOM|LOADING|MISCONF|READONLY|MASTERDOWN|TRYAGAIN|BUSY)\b/;
const LATER_MS = 500;

/**
 * Says a command until it is answered, however often the connection is lost meanwhile: it may be done twice.
 * Rejects when the connection was closed by us, and as Redis refuses what it will never do.
 */
export async function steadily<T>(redis: Redis, command: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await command();
    } catch (error) {
      const { name, message } = error as Error;
      if (redis.status === 'end') throw error;
      if (LATER.test(message)) await sleep(LATER_MS);
      else if (name !== 'AbortError') throw error;
    }
  }
}
