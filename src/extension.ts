import * as vscode from 'vscode';
import { createApi } from './vscode/api.ts';
import { registerCommands } from './vscode/commands.ts';
import { Diagnostics } from './vscode/diagnostics.ts';
import { Disposables } from './vscode/disposables.ts';
import { registerEditor } from './vscode/editor/register.ts';
import { hasRuns } from './vscode/folders-with-runs.ts';
import { once } from './vscode/once.ts';
import type { SluiceApi } from './vscode/public.ts';
import { registerTasks } from './vscode/register-tasks.ts';
import { Reporter } from './vscode/reporter.ts';
import { nameWorkspaces } from './vscode/terminals.ts';
import { registerTools } from './vscode/tools.ts';
import type { SluiceWindow } from './vscode/window.ts';

/**
 * Composes the extension, and nothing else. What works on runs is loaded when a command, a view or a
 * run of the workspace needs it.
 */
export function activate(context: vscode.ExtensionContext): SluiceApi {
  const owned = new Disposables();
  context.subscriptions.push(owned);
  const log = owned.add(vscode.window.createOutputChannel('Sluice', { log: true }));
  const { report } = new Reporter(vscode, log);

  const diagnostics = owned.add(
    new Diagnostics(
      vscode,
      async (text, file) => {
        const { checkBatch } = await import('./batch/placeholder-check.ts');
        return checkBatch(text, file);
      },
      report,
    ),
  );
  const open = once(async (): Promise<SluiceWindow> => {
    const { openWindow } = await import('./vscode/window.ts');
    const showProblems = diagnostics.show.bind(diagnostics);
    return owned.add(openWindow(vscode, context, { log, report, showProblems }));
  });

  owned.add(registerCommands(vscode, async () => (await open()).commands, report));
  owned.add(
    vscode.window.registerWebviewViewProvider('sluice.panel', {
      resolveWebviewView: async (view) => (await open()).panel.resolveWebviewView(view),
    }),
  );
  owned.add(
    vscode.window.registerWebviewPanelSerializer('sluice.panel', {
      deserializeWebviewPanel: async (tab) => (await open()).panel.deserializeWebviewPanel(tab),
    }),
  );
  owned.add(registerTools(vscode, open));
  owned.add(registerTasks(vscode, open, report));
  owned.add(registerEditor(vscode, ({ uri }) => diagnostics.problemsOf(uri)));
  nameWorkspaces(vscode, context.environmentVariableCollection);
  // Runs that are under way are shown in the status bar.
  hasRuns(vscode)
    .then(async (found) => {
      if (found) await open();
    })
    .catch(report);
  return owned.add(createApi(vscode, open, report)).api;
}
