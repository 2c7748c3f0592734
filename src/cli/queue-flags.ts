import { resolve } from 'node:path';
import type { Command } from 'commander';
import { takeQueue } from '../runner/environment.ts';
import type { QueueOptions } from '../runner/start.ts';

export interface QueueFlags {
  readonly queue?: string;
  readonly trust?: string;
  readonly results?: string;
}

/** Adds the options of whoever speaks to the queue of workers: which one, by which key, and where results are left. */
export function withQueueOptions(command: Command): Command {
  return command
    .option(
      '--queue <url>',
      'redis://HOST:PORT of the queue of workers, otherwise SLUICE_QUEUE, where a password belongs; rediss:// with TLS',
    )
    .option(
      '--trust <file>',
      'with --queue: the key that runs and workers share, otherwise the one in SLUICE_QUEUE_KEY',
    )
    .option(
      '--results <url>',
      's3://BUCKET/PREFIX where workers leave results and runs get them, otherwise SLUICE_RESULTS; with its key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    );
}

/** The queue that is named, in flags or in the environment, if one is. */
export function queueOf({ queue, trust }: QueueFlags): QueueOptions | undefined {
  const set = takeQueue();
  const url = queue ?? set?.url;
  if (url === undefined) return undefined;
  const key = trust ?? set?.key;
  return { url, ...(key === undefined ? {} : { key: resolve(key) }) };
}
