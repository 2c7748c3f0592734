import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { startRun } from '../runner/client.ts';
import { setResults } from '../runner/environment.ts';
import { follow } from './follow.ts';
import { type QueueFlags, queueOf, withQueueOptions } from './queue-flags.ts';
import { workspaceOf } from './workspace.ts';

interface RunFlags extends QueueFlags {
  readonly workspace?: string;
  readonly json?: boolean;
  readonly item?: readonly number[];
  readonly concurrency?: number;
  readonly force?: boolean;
  readonly overwrite?: boolean;
  readonly detach?: boolean;
  readonly priority?: number;
}

/** `sluice run FILE`. */
export function runCommand(): Command {
  return withQueueOptions(
    new Command('run')
      .description('run a batch file and show every result the moment it exists')
      .argument('<file>', 'the batch file, NAME.batch.yaml')
      .addOption(workspaceOption())
      .option('--json', 'print the events, one JSON a line')
      .option(
        '-i, --item <n>',
        'run this item only, by its number in the batch; may be given again for more',
        (text: string, before: readonly number[] = []) => [...before, wholeTo(text)],
      )
      .addOption(concurrencyOption('items under way at once, instead of what the file says'))
      .option('--force', 'make every item anew, also those whose results are there')
      .option('--overwrite', 'replace files that stand where a result goes, whoever made them'),
  )
    .option(
      '--priority <n>',
      'with --queue: the place of this run among others, from 1, which is first; 100 without it',
      (text: string) => wholeTo(text, 1000),
    )
    .option('--detach', 'start the run and leave it; `sluice attach` shows it')
    .action(async (file: string, flags: RunFlags) => {
      const batchFile = resolve(file);
      const { item, concurrency, force, overwrite, priority } = flags;
      const queue = queueOf(flags);
      setResults(flags.results);
      const run = await startRun({
        batchFile,
        workspace: await workspaceOf(batchFile, flags.workspace),
        ...(item === undefined ? {} : { items: item }),
        ...(concurrency === undefined ? {} : { concurrency }),
        ...(force === undefined ? {} : { force }),
        ...(overwrite === undefined ? {} : { overwrite }),
        ...(priority === undefined ? {} : { priority }),
        ...(queue === undefined ? {} : { queue }),
      });
      if (flags.detach === true) {
        process.stdout.write(`${run.id}\n`);
        run.dispose();
        return;
      }
      process.exitCode = await follow(run, { json: flags.json === true, interrupt: 'cancel' });
    });
}

/** The option that names the folder with `.sluice`. */
export function workspaceOption(): Option {
  return new Option('-w, --workspace <folder>', 'the folder that holds .sluice and all results');
}

export function concurrencyOption(description: string): Option {
  return new Option('-c, --concurrency <n>', description).argParser((text) => wholeTo(text, 256));
}

/** A whole number from 1 on that was given as an argument. Throws what commander tells. */
export function wholeTo(text: string, most?: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > (most ?? value)) {
    const range = most === undefined ? ', 1 or more' : ` from 1 to ${most}`;
    throw new InvalidArgumentError(`It must be a whole number${range}.`);
  }
  return value;
}
