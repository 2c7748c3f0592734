import type { Disposable } from './disposables.ts';
import { once } from './once.ts';
import type { Vscode } from './vscode.ts';
import type { SluiceWindow } from './window.ts';

/** Registers tasks of type `sluice`. What they are and do is loaded when VS Code asks for them. */
export function registerTasks(
  vscode: Vscode,
  open: () => Promise<SluiceWindow>,
  report: (error: unknown) => void,
): Disposable {
  const tasks = once(async () => new (await import('./tasks.ts')).Tasks(vscode, open, report));
  return vscode.tasks.registerTaskProvider('sluice', {
    provideTasks: async () => (await tasks()).provideTasks(),
    resolveTask: async (task) => (await tasks()).resolveTask(task),
  });
}
