import type { Redis } from 'ioredis';
import { openCluster } from './cluster.ts';
import { Storage } from './storage.ts';
import { takeStorage } from './storage-address.ts';
import { listed } from './workers.ts';

/** What a queue, or the storage of results, was found to be. */
export interface QueueCheck {
  readonly ok: boolean;
  readonly detail: string;
  /** The command that puts it right. */
  readonly fix?: string;
}

/** BullMQ takes jobs with the commands of this version. */
const OLDEST = [6, 2] as const;

/** Looks whether a Redis can be the queue of runs, and who works there. Never rejects. */
export async function checkQueue(url: string, key: string | undefined): Promise<QueueCheck> {
  try {
    const { redis, names, address } = await openCluster(url, key, () => {});
    try {
      const workers = await listed(redis, names);
      const places = workers.reduce((sum, worker) => sum + worker.places, 0);
      const there = `${workers.length === 1 ? '1 worker' : `${workers.length} workers`}, ${places} items at once`;
      return describe(await factsOf(redis), address.shown, there);
    } finally {
      redis.disconnect();
    }
  } catch (error) {
    return { ok: false, detail: (error as Error).message };
  }
}

/** Looks whether there is storage where results can be left. Never rejects. */
export async function checkResults(url: string): Promise<QueueCheck> {
  try {
    const storage = new Storage(takeStorage(url, { ...process.env }));
    return { ok: true, detail: await storage.look() };
  } catch (error) {
    return { ok: false, detail: (error as Error).message };
  }
}

interface Facts {
  readonly version: string;
  readonly policy: string;
  readonly appends: boolean;
  readonly saves: boolean;
}

async function factsOf(redis: Redis): Promise<Facts> {
  const info = await redis.info();
  const field = (name: string): string =>
    new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  // Hosted ones forbid to ask for their configuration.
  const saves = await redis.config('GET', 'save').then(
    (answer) => String((answer as string[])[1] ?? '') !== '',
    () => false,
  );
  return {
    version: field('redis_version'),
    policy: field('maxmemory_policy'),
    appends: field('aof_enabled') === '1',
    saves,
  };
}

function describe(
  { version, policy, appends, saves }: Facts,
  shown: string,
  there: string,
): QueueCheck {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST;
  const keeps = appends
    ? 'keeps its data'
    : saves
      ? 'keeps its data but for the last minutes'
      : 'keeps no data when it is restarted';
  const detail = `Redis ${version} at ${shown}; ${keeps}; ${there}`;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    return { ok: false, detail: `${detail}. Sluice needs ${OLDEST.join('.')} or newer` };
  }
  if (policy !== 'noeviction') {
    return {
      ok: false,
      detail: `${detail}. With maxmemory-policy ${policy} it throws jobs away when it is full`,
      fix: 'redis-cli CONFIG SET maxmemory-policy noeviction',
    };
  }
  return { ok: true, detail };
}
