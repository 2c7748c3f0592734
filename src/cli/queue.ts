import { Command } from 'commander';
import { english } from '../protocol/english.ts';
import { waitsText } from '../protocol/log-lines.ts';
import { clock, finishedCount, itemFraction, remaining } from '../protocol/progress.ts';
import type { ItemState, RunState } from '../protocol/state.ts';
import type { RunHandle } from '../runner/client.ts';
import { withLiveRun } from './attach.ts';
import { UsageError } from './exit.ts';
import { concurrencyOption, wholeTo, workspaceOption } from './run.ts';

interface QueueFlags {
  readonly workspace?: string;
  readonly json?: boolean;
  readonly concurrency?: number;
  readonly pause?: boolean;
  readonly resume?: boolean;
  readonly first?: number;
  readonly last?: number;
}

/** `sluice queue [RUN]`. */
export function queueCommand(): Command {
  return new Command('queue')
    .description('show the queue of a run that is under way, and steer it')
    .argument('[run]', "the run's id, or its beginning or end")
    .addOption(workspaceOption())
    .addOption(concurrencyOption('items under way at once, from now on'))
    .option('--pause', 'begin no more items; those under way go on')
    .option('--resume', 'begin items again')
    .option('--first <item>', 'put a queued item before all others', (text) => wholeTo(text))
    .option('--last <item>', 'put a queued item after all others', (text) => wholeTo(text))
    .option('--json', 'print one JSON object')
    .action(async (id: string | undefined, flags: QueueFlags) => {
      if (flags.pause === true && flags.resume === true) {
        throw new UsageError('--pause and --resume do not go together.');
      }
      await withLiveRun(id, flags, async (run) => {
        await steer(run, flags);
        const lines = flags.json === true ? [asJson(run.state)] : asText(run.state, Date.now());
        process.stdout.write(lines.map((line) => `${line}\n`).join(''));
      });
    });
}

async function steer(run: RunHandle, flags: QueueFlags): Promise<void> {
  const { concurrency, pause, resume, first, last } = flags;
  for (const item of [first, last]) {
    if (item !== undefined && !run.state.queue.includes(item)) {
      throw new UsageError(`Item ${item} is not in the queue of ${run.id}.`);
    }
  }
  if (pause === true) await run.request('pause', {});
  if (first !== undefined) await run.request('move', { item: first, to: 'first' });
  if (last !== undefined) await run.request('move', { item: last, to: 'last' });
  if (concurrency !== undefined) await run.request('concurrency', { concurrency });
  if (resume === true) await run.request('resume', {});
}

function itemsOf({ items }: RunState, numbers: readonly number[]): ItemState[] {
  return numbers.map((number) => items[number - 1]).filter((item) => item !== undefined);
}

function asJson(state: RunState): string {
  return JSON.stringify({
    id: state.run.id,
    state: state.state,
    concurrency: state.concurrency,
    active: itemsOf(state, state.active).map(({ item, title, step, progress }) => ({
      item,
      title,
      step,
      progress,
    })),
    queue: itemsOf(state, state.queue).map(({ item, title, waits }) => ({ item, title, waits })),
  });
}

function asText(state: RunState, now: number): string[] {
  const left = remaining(state, now);
  const facts = [
    state.run.id,
    state.state,
    `${finishedCount(state)}/${state.run.total}`,
    `${state.concurrency} at once`,
    ...(left === undefined ? [] : [`${clock(left)} left`]),
  ];
  const width = String(state.run.total).length;
  const line = (icon: string, { item, title }: ItemState, tail: string): string =>
    `${icon} ${String(item).padStart(width)}  ${title}${tail === '' ? '' : `  ${tail}`}`;
  return [
    facts.join('  '),
    ...itemsOf(state, state.active).map((item) => {
      const share = itemFraction(item, state.run.steps.length);
      return line('▸', item, `${Math.floor(share * 100)}%`);
    }),
    ...itemsOf(state, state.queue).map((item) =>
      line('·', item, item.waits === undefined ? '' : waitsText(item.waits, english)),
    ),
  ];
}
