import { join } from 'node:path';
import { Command } from 'commander';
import { type RunHandle, type RunList, watchRuns } from '../runner/client.ts';
import { UsageError } from './exit.ts';
import { follow } from './follow.ts';
import { workspaceOption } from './run.ts';
import { workspaceOf } from './workspace.ts';

interface AttachFlags {
  readonly workspace?: string;
  readonly json?: boolean;
}

/** `sluice attach [RUN]`. */
export function attachCommand(): Command {
  return new Command('attach')
    .description('show a run that is under way; the last one without a name')
    .argument('[run]', "the run's id, or its beginning or end")
    .addOption(workspaceOption())
    .option('--json', 'print the events from now on, one JSON a line')
    .action(async (id: string | undefined, flags: AttachFlags) => {
      const list = await openRuns(flags.workspace);
      try {
        const run = findRun(list, id);
        process.exitCode = await follow(run, { json: flags.json === true, interrupt: 'leave' });
      } finally {
        list.dispose();
      }
    });
}

/** `sluice cancel [RUN]`. */
export function cancelCommand(): Command {
  return new Command('cancel')
    .description('cancel a run; answers when all its processes have ended')
    .argument('[run]', "the run's id, or its beginning or end")
    .addOption(workspaceOption())
    .action((id: string | undefined, flags: AttachFlags) =>
      withLiveRun(id, flags, async (run) => {
        await run.request('cancel', {});
      }),
    );
}

/** `sluice finish [RUN]`. */
export function finishCommand(): Command {
  return new Command('finish')
    .description('end the searches of a run at once, with the best that they have found')
    .argument('[run]', "the run's id, or its beginning or end")
    .addOption(workspaceOption())
    .action((id: string | undefined, flags: AttachFlags) =>
      withLiveRun(id, flags, async (run) => {
        if ((await run.request('finish', {})) > 0) return;
        throw new UsageError(
          `Nothing under way in the run ${run.id} can be finished early. \`sluice cancel\` ends it without a result.`,
        );
      }),
    );
}

/** Works with a run that is under way: the one that is named, or the last one. */
export async function withLiveRun(
  id: string | undefined,
  { workspace }: { readonly workspace?: string },
  work: (run: RunHandle) => Promise<void>,
): Promise<void> {
  const list = await openRuns(workspace);
  try {
    const run = findRun(list, id);
    if (!run.live) throw new UsageError(`The run ${run.id} is over.`);
    await work(run);
  } finally {
    list.dispose();
  }
}

/** The runs of the workspace that the present folder belongs to, or of the one that is named. */
export async function openRuns(workspace: string | undefined): Promise<RunList> {
  return watchRuns(await workspaceOf(join(process.cwd(), '.sluice'), workspace));
}

/** A run by its id, or its beginning or end; without it the live one, else the last. Throws UsageError. */
function findRun(list: RunList, id: string | undefined): RunHandle {
  const { runs } = list;
  const found =
    id === undefined
      ? (runs.find((run) => run.live) ?? runs[0])
      : runs.find((run) => run.id.startsWith(id) || run.id.endsWith(id));
  if (found !== undefined) return found;
  throw new UsageError(
    id === undefined
      ? 'There are no runs here. Name their folder with --workspace.'
      : `There is no run ${id} here. \`sluice list\` shows them.`,
  );
}
