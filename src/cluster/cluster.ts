import type { Redis } from 'ioredis';
import { parseQueue, type QueueAddress } from './address.ts';
import { Names } from './names.ts';
import { connectRedis } from './redis.ts';
import { Trust } from './trust.ts';

/** A connection to a queue, and what is known of it. */
export interface Cluster {
  readonly address: QueueAddress;
  readonly redis: Redis;
  readonly names: Names;
  /** What signs and checks all that is said; without it anybody who may write to Redis is believed. */
  readonly trust: Trust | undefined;
  /** A further connection, for BullMQ or for what blocks one. */
  connect(): Promise<Redis>;
}

/**
 * Connects to a queue. Rejects with QueueError.
 *
 * @param url see parseQueue
 * @param key the file that holds the key, where there is one
 * @param onLost told when the connection is lost, with why, and with nothing once it is back
 */
export async function openCluster(
  url: string,
  key: string | undefined,
  onLost: (why: string | undefined) => void,
): Promise<Cluster> {
  const address = parseQueue(url);
  const trust = key === undefined ? undefined : await Trust.read(key);
  const redis = await connectRedis(address, true, onLost);
  return {
    address,
    redis,
    trust,
    names: new Names(address.prefix),
    connect: () => connectRedis(address),
  };
}
