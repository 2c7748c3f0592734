import { relativePath } from '../batch/paths.ts';
import { BatchError } from '../batch/problem.ts';
import { resultsSet, takeQueue } from '../runner/environment.ts';
import type { ItemsContext, Workplace } from '../runner/open-items.ts';
import { runnerMain } from '../runner/runner-main.ts';
import type { RunnerOptions } from '../runner/start.ts';
import { openCluster } from './cluster.ts';
import { QueueError } from './error.ts';
import { publishEvents } from './publish.ts';
import { RemoteItems } from './remote-items.ts';
import { Storage } from './storage.ts';

/** The priority of a run that has none of its own. */
const PRIORITY = 100;

/** Where the workers of the queue that the environment names do the steps. */
async function atWorkers(options: RunnerOptions): Promise<Workplace> {
  const { priority = PRIORITY, workspace, batchFile } = options;
  const queue = takeQueue();
  if (queue === undefined) throw new Error('No queue is set.');
  const refuse = (error: unknown): never => {
    if (!(error instanceof QueueError)) throw error;
    const { message } = error;
    throw new BatchError([{ file: relativePath(workspace, batchFile), message }]);
  };
  let context: ItemsContext | undefined;
  let published = (): Promise<void> => Promise.resolve();
  const results = resultsSet();
  const storage =
    results === undefined ? undefined : await Storage.open(results, process.env).catch(refuse);
  const cluster = await openCluster(queue.url, queue.key, (why) => {
    const message =
      why === undefined
        ? 'Redis is back; what happened meanwhile comes now.'
        : `Redis at ${cluster.address.shown} is lost: ${why}. The run waits for it.`;
    context?.journal.emit({ type: 'note', level: why === undefined ? 'info' : 'warning', message });
  }).catch(refuse);
  return {
    queue: cluster.address.shown,
    openItems(opened) {
      context = opened;
      published = publishEvents(cluster.redis, opened.id, opened.journal);
      return RemoteItems.open(opened, cluster, priority, storage);
    },
    async close() {
      // Those that wait for a Redis that is lost nobody hears.
      if (cluster.redis.status === 'ready') await published();
      cluster.redis.disconnect();
    },
  };
}

/** The runner of a run whose steps are done by workers. */
runnerMain(atWorkers);
