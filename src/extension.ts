import * as vscode from 'vscode';
import { parseBatch } from './batch/parse.ts';
import { startRun, watchRuns } from './runner/client.ts';
import { cancelRun } from './vscode/cancel-run.ts';
import { showSetup } from './vscode/check-setup.ts';
import { registerCommands, runPanelCommand } from './vscode/commands.ts';
import { keepContextKeys } from './vscode/context-keys.ts';
import { Diagnostics } from './vscode/diagnostics.ts';
import { Disposables } from './vscode/disposables.ts';
import { followFolders } from './vscode/folders.ts';
import { generateAudio } from './vscode/generate-audio.ts';
import { Opener } from './vscode/opener.ts';
import { Panel } from './vscode/panel.ts';
import { Reporter } from './vscode/reporter.ts';
import { RunActions } from './vscode/run-actions.ts';
import { chooseBatch } from './vscode/run-batch.ts';
import { RunOutput } from './vscode/run-output.ts';
import { Runs } from './vscode/runs.ts';
import { Secrets } from './vscode/secrets.ts';
import { settingsEnvironment } from './vscode/settings.ts';
import { Starter } from './vscode/starter.ts';
import { Status } from './vscode/status.ts';
import { nameWorkspaces } from './vscode/terminals.ts';

/** Composes the extension, and nothing else. Runs go on when it is deactivated. */
export function activate(context: vscode.ExtensionContext): void {
  const owned = new Disposables();
  context.subscriptions.push(owned);

  const output = owned.add(vscode.window.createOutputChannel('Sluice'));
  const { report } = new Reporter(vscode, output);
  const diagnostics = owned.add(
    new Diagnostics(vscode, (text, file) => parseBatch(text, file).problems),
  );
  const secrets = new Secrets(vscode, context.secrets);
  const runs = owned.add(new Runs(watchRuns));
  const starter = new Starter(vscode, {
    runs,
    secrets,
    diagnostics,
    start: startRun,
    settings: () => settingsEnvironment(vscode),
    started: () => panel.reveal(),
  });
  const opener = new Opener(vscode, runs);
  const actions = new RunActions(runs, (run) => starter.goOn(run));

  owned.add(new RunOutput(runs, output, vscode.l10n.t));
  const panel = owned.add(
    new Panel(vscode, {
      extensionUri: context.extensionUri,
      runs,
      actions,
      opener,
      command: (command) => runPanelCommand(vscode, command),
      showOutput: () => output.show(true),
      report,
    }),
  );
  const status = owned.add(new Status(vscode, runs, 'sluice.showPanel'));
  owned.add(panel.visible.on((visible) => status.looking(visible)));
  owned.add(keepContextKeys(vscode, runs, report));

  const generate = (): Promise<void> => generateAudio(vscode, starter, context.globalState);
  owned.add(
    registerCommands(
      vscode,
      {
        'sluice.runBatch': async (resource) => {
          const batch = await chooseBatch(vscode, resource, generate);
          if (batch !== undefined) await starter.start(batch);
        },
        'sluice.generateAudio': generate,
        'sluice.cancelRun': () => cancelRun(vscode, runs, actions),
        'sluice.showPanel': () => panel.focus(),
        'sluice.showOutput': async () => output.show(true),
        'sluice.checkSetup': async () => {
          // It brings the model store with it, which nothing else here needs.
          const { checkSetup } = await import('./cli/checks.ts');
          await showSetup(
            vscode,
            checkSetup({ ...workspaceOption(), env: settingsEnvironment(vscode) }),
          );
        },
        'sluice.setOpenAiKey': () => secrets.askOpenAiKey(),
      },
      report,
    ),
  );
  owned.add(followFolders(vscode, runs, report));
  nameWorkspaces(vscode, context.environmentVariableCollection);
}

function workspaceOption(): { workspace?: string } {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  return folder === undefined ? {} : { workspace: folder };
}
