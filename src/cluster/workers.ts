import type { Redis } from 'ioredis';
import { LISTED_MS, type Names } from './names.ts';
import { type WorkerInfo, workerSchema } from './offer.ts';

/** Lists a worker for a while: said again, it stays. */
export async function list(redis: Redis, names: Names, worker: WorkerInfo): Promise<void> {
  await Promise.all([
    redis.sadd(names.workers, worker.id),
    redis.set(names.worker(worker.id), JSON.stringify(worker), 'PX', LISTED_MS),
  ]);
}

export async function unlist(redis: Redis, names: Names, id: string): Promise<void> {
  await Promise.all([redis.srem(names.workers, id), redis.del(names.worker(id))]);
}

/** The workers that are there, by name, and nothing of those that are gone. */
export async function listed(redis: Redis, names: Names): Promise<readonly WorkerInfo[]> {
  const ids = await redis.smembers(names.workers);
  if (ids.length === 0) return [];
  const found = await redis.mget(ids.map((id) => names.worker(id)));
  const gone = ids.filter((_, index) => found[index] === null);
  if (gone.length > 0) await redis.srem(names.workers, ...gone);
  return found
    .flatMap((json) => parse(json))
    .sort((a, b) => a.name.localeCompare(b.name, 'en') || a.id.localeCompare(b.id, 'en'));
}

function parse(json: string | null): WorkerInfo[] {
  if (json === null) return [];
  try {
    return [workerSchema.parse(JSON.parse(json))];
  } catch {
    return [];
  }
}
