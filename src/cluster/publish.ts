import type { Redis } from 'ioredis';
import type { Journal } from '../runner/journal.ts';
import { channelOf } from './names.ts';

/**
 * Publishes every event of a run as it is numbered: those about an item on its channel, the others on the run's.
 * Whoever was not listening does not get it. Answers what waits until all is out.
 */
export function publishEvents(redis: Redis, run: string, journal: Journal): () => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  journal.subscribe((events) => {
    for (const event of events) {
      const item = 'item' in event && event.item > 0 ? event.item : undefined;
      // One that is lost with the connection is not published again.
      last = redis.publish(channelOf(run, item), JSON.stringify(event)).catch(() => {});
    }
  });
  return async () => {
    await last;
  };
}
