import { onTestFinished } from 'vitest';
import { type RedisOptions, RedisServer } from './redis-server.ts';

/** A redis-server of the test's own, ended with it. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const redis = await RedisServer.start(options);
  onTestFinished(() => redis.dispose());
  return redis;
}
