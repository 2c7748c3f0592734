import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { BUILT_IN_STEPS } from '../batch/uses.ts';
import { plainText } from '../protocol/escapes.ts';
import { resultsSet } from '../runner/environment.ts';
import { EXIT, UsageError } from './exit.ts';
import { type QueueFlags, queueOf, withQueueOptions } from './queue-flags.ts';
import { wholeTo } from './run.ts';

interface WorkerFlags extends QueueFlags {
  readonly concurrency: number;
  readonly steps: readonly string[];
  readonly allowRun?: boolean;
  readonly workspace?: string;
  readonly name: string;
  readonly rate?: { readonly max: number; readonly duration: number };
  readonly lease: number;
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, min: 60_000, h: 3_600_000 };

/** `sluice worker`. */
export function workerCommand(): Command {
  const steps = Object.keys(BUILT_IN_STEPS);
  return withQueueOptions(
    new Command('worker').description(
      'take items of runs from a queue in Redis and do their steps on this machine',
    ),
  )
    .option('-c, --concurrency <n>', 'items at once', (text: string) => wholeTo(text, 256), 1)
    .option('--steps <names>', 'the built-in steps to offer, or none', chosen, steps)
    .option('--allow-run', 'run any program for whoever has the key of --trust')
    .option('-w, --workspace <folder>', 'a folder where files of runs may be found, if shared')
    .option('--name <name>', 'what to call this worker', hostname())
    .option(
      '--rate <n/unit>',
      'items to begin at most, such as 10/s or 100/min, with all workers of its kind',
      rate,
    )
    .option(
      '--lease <seconds>',
      'how long this worker may be away until its items go to others',
      (text: string) => wholeTo(text, 3600),
      45,
    )
    .action(async (flags: WorkerFlags) => {
      const queue = queueOf(flags);
      if (queue === undefined) {
        throw new UsageError('Name the queue: --queue redis://HOST, or SLUICE_QUEUE.');
      }
      if (flags.allowRun === true && queue.key === undefined) {
        throw new UsageError(
          '--allow-run needs --trust FILE: without a key, whoever may write to Redis could run programs here. Make one with: openssl rand -base64 32 > FILE',
        );
      }
      if (flags.workspace !== undefined && queue.key === undefined) {
        throw new UsageError(
          '--workspace needs --trust FILE: without a key, whoever may write to Redis could read what is there. Make one with: openssl rand -base64 32 > FILE',
        );
      }
      await work(flags, queue);
    });
}

async function work(flags: WorkerFlags, queue: { url: string; key?: string }): Promise<void> {
  // It works on when nobody reads what it prints.
  process.stdout.removeAllListeners('error').on('error', () => {});
  const results = flags.results ?? resultsSet();
  const { QueueError } = await import('../cluster/error.ts');
  const { Worker } = await import('../cluster/worker.ts');
  const log = (line: string): void => {
    // Names of runs, and why they fail, others have written.
    const told = plainText(line.replace(/\s+/g, ' '));
    process.stdout.write(`${new Date().toISOString()} ${told}\n`);
  };
  const worker = await Worker.start({
    url: queue.url,
    key: queue.key,
    name: flags.name,
    places: flags.concurrency,
    steps: flags.steps,
    run: flags.allowRun === true,
    workspace: flags.workspace === undefined ? undefined : resolve(flags.workspace),
    results,
    rate: flags.rate,
    lease: flags.lease * 1000,
    log,
  }).catch((error: unknown) => {
    if (!(error instanceof QueueError)) throw error;
    throw new UsageError(error.message);
  });
  const does = [...worker.offer.steps, ...(worker.offer.run ? ['any program'] : [])].join(', ');
  const whom =
    worker.offer.key === undefined ? 'anybody who may write to Redis' : 'those who have the key';
  const where = results === undefined ? '' : `; results to ${results}`;
  log(`${flags.name} takes items, ${flags.concurrency} at once: ${does}; for ${whom}${where}`);
  await new Promise<void>((resolveDone) => {
    let signals = 0;
    const end = (): void => {
      signals += 1;
      if (signals === 1) {
        log(`takes no more; ${worker.active} under way`);
        void worker.drain().then(resolveDone);
      } else if (signals === 2) {
        worker.stop('Its worker was stopped.');
      } else {
        process.exit(1);
      }
    };
    process.on('SIGTERM', end);
    process.on('SIGINT', end);
  });
  // Connections that are lost would keep it.
  process.exit(EXIT.done);
}

function chosen(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (text === 'none') return [];
  const unknown = names.find((name) => !Object.hasOwn(BUILT_IN_STEPS, name));
  if (unknown === undefined) return names;
  const all = Object.keys(BUILT_IN_STEPS).join(', ');
  throw new InvalidArgumentError(`There is no built-in step ${unknown}. There are: ${all}.`);
}

function rate(text: string): { max: number; duration: number } {
  const [, max, unit] = /^(\d{1,6})\/(s|min|h)$/.exec(text) ?? [];
  const duration = UNITS[unit ?? ''];
  if (duration === undefined || Number(max) < 1) {
    throw new InvalidArgumentError('It must be like 10/s, 100/min or 500/h.');
  }
  return { max: Number(max), duration };
}
