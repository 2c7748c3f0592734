import type { RunHandle } from '../runner/client.ts';
import { canFinish, canRetry, canSteer, type RunActions } from '../runner/run-actions.ts';
import type { Runs } from '../runner/runs.ts';
import { chooseRun, type RunQuestion, runNamed } from './choose-run.ts';
import type { CommandTable } from './command-ids.ts';
import type { LogTerminals } from './log-terminals.ts';
import { hasResults, type Opener } from './opener.ts';
import type { Panel } from './panel.ts';
import { plain } from './plain.ts';
import type { RunOutput } from './run-output.ts';
import type { Vscode } from './vscode.ts';

export interface RunCommandOptions {
  readonly runs: Runs;
  readonly actions: RunActions;
  readonly opener: Opener;
  readonly output: RunOutput;
  readonly terminals: LogTerminals;
  readonly panel: Panel;
  readonly runAgain: (run: RunHandle) => Promise<void>;
  readonly copyCommandLine: (run: RunHandle) => Promise<void>;
  /** Shows what the extension says of itself. */
  readonly showOwnLog: () => void;
}

/**
 * The commands about a run. Each takes the id of one, as links and buttons give it; without it the person is
 * asked which when several fit.
 */
export function runCommands(vscode: Vscode, options: RunCommandOptions) {
  const { actions, opener, output, panel, runs, terminals } = options;
  const { t } = vscode.l10n;
  const about =
    (question: RunQuestion, act: (run: RunHandle) => Promise<void> | void) =>
    async (argument: unknown): Promise<void> => {
      const run = await chooseRun(vscode, runs, argument, question);
      if (run !== undefined) await act(run);
    };
  const inState =
    (...states: readonly RunHandle['state']['state'][]) =>
    (run: RunHandle): boolean =>
      states.includes(run.state.state);
  const any = (): boolean => true;
  const noLive = t('No run is under way.');
  const noRuns = t('Nothing was run in this workspace yet.');
  return {
    'sluice.pauseRun': about(
      { title: t('Pause Run'), none: noLive, fits: inState('running') },
      (run) => actions.pause(run.id),
    ),
    'sluice.resumeRun': about(
      { title: t('Resume Run'), none: t('No run is paused.'), fits: inState('paused') },
      (run) => actions.resume(run.id),
    ),
    'sluice.changeConcurrency': about(
      {
        title: t('Change Concurrency'),
        none: noLive,
        fits: ({ state }) => canSteer(state),
      },
      async (run) => {
        const concurrency = await askConcurrency(vscode, run);
        if (concurrency !== undefined) await actions.setConcurrency(run.id, concurrency);
      },
    ),
    'sluice.cancelRun': about(
      { title: t('Cancel Run'), none: noLive, fits: inState('running', 'paused') },
      (run) => actions.cancel(run.id),
    ),
    'sluice.finishRun': about(
      {
        title: t('Stop and Keep the Best'),
        none: t('No search is under way.'),
        fits: ({ state }) => canFinish(state),
      },
      (run) => actions.finish(run.id),
    ),
    'sluice.retryFailed': about(
      {
        title: t('Retry Failed Items'),
        none: t('No run has failed items.'),
        fits: (run) => canRetry(run, runs.all),
      },
      (run) => actions.retry(run.id),
    ),
    'sluice.runAgain': about(
      {
        title: t('Run Again'),
        none: t('No run has ended yet.'),
        fits: (run) => run.state.ended !== undefined && isNewest(run, runs),
      },
      options.runAgain,
    ),
    'sluice.openResults': about(
      {
        title: t('Open Results'),
        none: t('No run has made results yet.'),
        fits: (run) => hasResults(run.state),
      },
      (run) => opener.results(run.id),
    ),
    'sluice.openLog': about({ title: t('Open Log'), none: noRuns, fits: any }, (run) =>
      output.show(run.id),
    ),
    'sluice.openLogInTerminal': about(
      { title: t('Open Log in Terminal'), none: noRuns, fits: any },
      (run) => terminals.show(run),
    ),
    'sluice.copyCommandLine': about(
      {
        title: t('Copy Command Line'),
        none: noRuns,
        fits: (run) => isNewest(run, runs),
      },
      options.copyCommandLine,
    ),
    'sluice.showPanel': async (argument) => panel.show(runNamed(argument)),
    'sluice.openPanelInEditor': () => panel.openInEditor(),
    // What the person looks at: what is under way, or else what was last.
    'sluice.showOutput': async (argument) => {
      await runs.settled();
      if (runs.all.length === 0) return options.showOwnLog();
      const [newest] = runs.all;
      const fits = (run: RunHandle): boolean =>
        runs.live.length > 0 ? run.state.ended === undefined : run === newest;
      const question = { title: t('Show Output'), none: noRuns, fits };
      return about(question, (run) => output.show(run.id))(argument);
    },
  } satisfies Partial<CommandTable>;
}

/** The most items at once that a runner takes. */
const MOST = 256;

async function askConcurrency(
  { l10n, window }: Vscode,
  { state }: RunHandle,
): Promise<number | undefined> {
  const isRight = (value: string): boolean =>
    /^\d{1,3}$/.test(value.trim()) && Number(value) >= 1 && Number(value) <= MOST;
  const typed = await window.showInputBox({
    title: plain(l10n.t('Concurrency of {0}', state.run.name)),
    prompt: l10n.t('How many items may be under way at once? Those that are under way go on.'),
    value: String(state.concurrency),
    validateInput: (value) =>
      isRight(value) ? undefined : l10n.t('A whole number from {0} to {1}.', 1, MOST),
  });
  return typed === undefined ? undefined : Number(typed);
}

/** The newest run of its batch file. */
function isNewest(run: RunHandle, runs: Runs): boolean {
  const { batch, workspace } = run.state.run;
  const same = runs.all.find(
    ({ state }) => state.run.batch === batch && state.run.workspace === workspace,
  );
  return same === run;
}
