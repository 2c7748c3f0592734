import type { ExtensionContext, LogOutputChannel } from 'vscode';
import { type RunHandle, startRun, watchRuns } from '../runner/client.ts';
import { RunActions } from '../runner/run-actions.ts';
import { Runs } from '../runner/runs.ts';
import { showSetup } from './check-setup.ts';
import type { CommandTable } from './command-ids.ts';
import { commandLine } from './command-line.ts';
import { runPanelCommand } from './commands.ts';
import { keepContextKeys } from './context-keys.ts';
import { type Disposable, Disposables } from './disposables.ts';
import { FailedItems } from './editor/failed-items.ts';
import { LanguageModels } from './engines/language-models.ts';
import { watchEngines } from './engines/watch-engines.ts';
import { followFolders } from './folders.ts';
import { LogDocuments } from './log-documents.ts';
import { logRuns } from './log-runs.ts';
import { LogTerminals } from './log-terminals.ts';
import { Notifier } from './notify.ts';
import { once } from './once.ts';
import { Opener } from './opener.ts';
import { Panel } from './panel.ts';
import { answerPanel } from './panel-requests.ts';
import { askQueuePassword, chosenQueue } from './queue.ts';
import { runAgain } from './run-again.ts';
import { runCommands } from './run-commands.ts';
import { RunOutput } from './run-output.ts';
import { Secrets } from './secrets.ts';
import { settingsEnvironment } from './settings.ts';
import { type ShowProblems, Starter } from './starter.ts';
import { Status } from './status.ts';
import type { Vscode } from './vscode.ts';

/** All that a window needs once a command, a view or a run needs it. */
export interface SluiceWindow extends Disposable {
  readonly commands: CommandTable;
  readonly panel: Panel;
  readonly runs: Runs;
  readonly starter: Starter;
}

export interface WindowOptions {
  readonly log: LogOutputChannel;
  /** Told of everything that goes wrong on the person's behalf. */
  readonly report: (error: unknown) => void;
  readonly showProblems: ShowProblems;
}

/** Composes what works on runs. Runs go on when it is disposed of. */
export function openWindow(
  vscode: Vscode,
  context: ExtensionContext,
  { log, report, showProblems }: WindowOptions,
): SluiceWindow {
  const owned = new Disposables();
  const secrets = new Secrets(vscode, context.secrets);
  const languageModels = new LanguageModels(vscode);
  const runs = owned.add(new Runs((workspace) => watchRuns(workspace, languageModels.services)));
  const starter = new Starter(vscode, {
    runs,
    secrets,
    showProblems,
    start: (options) => startRun(options, languageModels.services),
    queue: () => chosenQueue(vscode, secrets),
    settings: () => settingsEnvironment(vscode),
    started: async (run) => {
      notifier.started(run);
      await panel.reveal();
    },
  });
  const engines = { vscode, secrets, languageModels };
  const enginesChanged = (): void => void panel.sendEngines().catch(report);
  const opener = new Opener(vscode, runs);
  const actions = new RunActions(runs, (run) => starter.goOn(run));

  owned.add(logRuns(runs, log));
  const aboutRuns = {
    runs,
    actions,
    opener,
    output: owned.add(new RunOutput(vscode, runs)),
    documents: owned.add(new LogDocuments(vscode, runs)),
    terminals: owned.add(new LogTerminals(vscode, runs)),
    runAgain: (run: RunHandle) => runAgain(vscode, starter, run),
    copyCommandLine: async ({ state }: RunHandle) => {
      await vscode.env.clipboard.writeText(commandLine(state, vscode.env.shell));
      vscode.window.setStatusBarMessage(vscode.l10n.t('Command line copied.'), 3000);
    },
    showOwnLog: () => log.show(true),
  };
  const panel: Panel = owned.add(
    new Panel(vscode, {
      extensionUri: context.extensionUri,
      runs,
      request: (message) => answerPanel(aboutRuns, message),
      command: (command) => runPanelCommand(vscode, command),
      engines: async () => {
        const { engineLines, engineParts } = await import('./engines/engines.ts');
        return engineLines(engineParts(engines));
      },
      report,
    }),
  );
  const notifier: Notifier = owned.add(
    new Notifier(vscode, {
      runs,
      panelVisible: () => panel.isVisible,
      memory: context.workspaceState,
      openResults: (run) => opener.results(run),
      retry: (run) => actions.retry(run),
      show: (run) => panel.show(run),
      report,
    }),
  );
  const status = owned.add(new Status(vscode, runs));
  owned.add(panel.visible.on((visible) => status.looking(visible)));
  owned.add(keepContextKeys(vscode, runs, report));
  owned.add(new FailedItems(vscode, runs));
  owned.add(followFolders(vscode, runs, report));
  owned.add(watchEngines(vscode, secrets, enginesChanged));
  owned.add(runs.changed.on((change) => languageModels.follow(change)));

  const server = once(async () => {
    const { WindowServer } = await import('./window-server.ts');
    return owned.add(new WindowServer(vscode, { secrets, log, report }));
  });
  const generate = async (...called: readonly unknown[]): Promise<void> => {
    const { generateAudio } = await import('./wizards/generate-audio.ts');
    await generateAudio(vscode, starter, context.globalState, called);
  };
  const commands: CommandTable = {
    'sluice.runBatch': async (...called) => {
      const { runBatch } = await import('./wizards/run-batch.ts');
      await runBatch(vscode, starter, called, generate);
    },
    'sluice.runItem': async (...called) => {
      const { runItem } = await import('./run-item.ts');
      await runItem(vscode, starter, called);
    },
    'sluice.startLesson': async () => {
      const { startLesson } = await import('./wizards/start-lesson.ts');
      await startLesson(vscode, { starter, panel, memory: context.globalState });
    },
    'sluice.generateAudio': generate,
    'sluice.speakDocuments': async (...called) => {
      const { speakDocuments } = await import('./wizards/speak-documents.ts');
      await speakDocuments(vscode, starter, context.globalState, called);
    },
    'sluice.separateStems': async (...called) => {
      const { separateStems } = await import('./wizards/separate-stems.ts');
      await separateStems(vscode, starter, context.globalState, called);
    },
    'sluice.processRecording': async (...called) => {
      const { processRecording } = await import('./wizards/process-recording.ts');
      await processRecording(vscode, starter, context.globalState, called);
    },
    'sluice.optimiseSchedule': async (...called) => {
      const { optimiseSchedule } = await import('./wizards/optimise-schedule.ts');
      await optimiseSchedule(vscode, starter, context.globalState, called);
    },
    'sluice.compareAlgorithms': async (...called) => {
      const { compareAlgorithms } = await import('./wizards/compare-algorithms.ts');
      await compareAlgorithms(vscode, starter, context.globalState, called);
    },
    'sluice.runCommand': async (...called) => {
      const { runCommand } = await import('./wizards/run-command.ts');
      await runCommand(vscode, starter, context.globalState, called);
    },
    'sluice.newBatch': async (...called) => {
      const { newBatch } = await import('./wizards/new-batch.ts');
      await newBatch(vscode, called);
    },
    'sluice.runExample': async () => {
      const { runExample } = await import('./wizards/run-example.ts');
      await runExample(vscode, { starter, runs, panel });
    },
    'sluice.reopenRun': async () => {
      const { reopenRun } = await import('./wizards/reopen-run.ts');
      await reopenRun(vscode, { runs, panel });
    },
    ...runCommands(vscode, { ...aboutRuns, panel }),
    'sluice.startServer': async () => (await server()).start(),
    'sluice.stopServer': async () => (await server()).stop(),
    'sluice.checkSetup': async () => {
      // It brings the model store with it, which nothing else here needs.
      const { checkSetup } = await import('../cli/checks.ts');
      const checks = chosenQueue(vscode, secrets).then((queue) =>
        checkSetup({ ...workspaceOption(vscode), env: settingsEnvironment(vscode), queue }),
      );
      await showSetup(vscode, checks);
    },
    'sluice.chooseEngine': async () => {
      const { chooseEngine, engineParts } = await import('./engines/engines.ts');
      await chooseEngine(engineParts(engines));
      enginesChanged();
    },
    'sluice.setOpenAiKey': () => secrets.askOpenAiKey(),
    'sluice.setQueuePassword': () => askQueuePassword(vscode, secrets),
    'sluice.getStarted': async () => {
      const walkthrough = `${context.extension.id}#start`;
      await vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false);
    },
  };
  return { commands, panel, runs, starter, dispose: () => owned.dispose() };
}

function workspaceOption(vscode: Vscode): { workspace?: string } {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  return folder === undefined ? {} : { workspace: folder };
}
