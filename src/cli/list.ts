import { Command } from 'commander';
import { clock, elapsed, finishedCount, runFraction } from '../protocol/progress.ts';
import type { RunState } from '../protocol/state.ts';
import { openRuns } from './attach.ts';
import { workspaceOption } from './run.ts';

/** `sluice list`. */
export function listCommand(): Command {
  return new Command('list')
    .description('list the runs of a workspace, newest first')
    .addOption(workspaceOption())
    .option('--json', 'print one JSON object a run')
    .action(async (flags: { workspace?: string; json?: boolean }) => {
      const list = await openRuns(flags.workspace);
      const states = list.runs.map((run) => run.state);
      list.dispose();
      const lines = flags.json === true ? states.map(asJson) : asTable(states);
      process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    });
}

function asJson({ run, state, counts, started, ended }: RunState): string {
  return JSON.stringify({
    id: run.id,
    name: run.name,
    batch: run.batch,
    state,
    counts,
    started,
    ended,
  });
}

function asTable(states: readonly RunState[]): string[] {
  if (states.length === 0) return ['There are no runs here.'];
  const now = Date.now();
  return states.map((state) => {
    const { run, counts } = state;
    const failed = counts.failed > 0 ? `  ${counts.failed} failed` : '';
    const percent = state.ended === undefined ? `  ${Math.floor(runFraction(state) * 100)}%` : '';
    return `${run.id}  ${state.state.padEnd(11)}  ${finishedCount(state)}/${run.total}${percent}${failed}  ${clock(elapsed(state, now))}  ${run.name}`;
  });
}
