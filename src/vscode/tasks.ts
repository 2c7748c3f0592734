import { resolve } from 'node:path';
import type { Task, TaskDefinition, TaskProvider, Uri, WorkspaceFolder } from 'vscode';
import { z } from 'zod';
import { BATCH_ENDING } from './diagnostics.ts';
import type { RunChoices } from './starter.ts';
import { TaskTerminal } from './task-terminal.ts';
import type { Vscode } from './vscode.ts';
import type { SluiceWindow } from './window.ts';

const FILES_SHOWN = 500;

/** A task of `tasks.json`; package.json says the same to its editor. */
const taskSchema = z.object({
  type: z.literal('sluice'),
  /** Relative to the workspace folder, or absolute. */
  batch: z.string().min(1),
  items: z.array(z.int().min(1)).min(1).optional(),
  concurrency: z.int().min(1).max(256).optional(),
  force: z.boolean().optional(),
  overwrite: z.boolean().optional(),
});

/** Tasks of type `sluice`: one for each batch file of the workspace, and those of `tasks.json`. */
export class Tasks implements TaskProvider {
  readonly #vscode: Vscode;
  readonly #open: () => Promise<Pick<SluiceWindow, 'runs' | 'starter'>>;
  readonly #report: (error: unknown) => void;

  constructor(
    vscode: Vscode,
    open: () => Promise<Pick<SluiceWindow, 'runs' | 'starter'>>,
    report: (error: unknown) => void,
  ) {
    this.#vscode = vscode;
    this.#open = open;
    this.#report = report;
  }

  async provideTasks(): Promise<Task[]> {
    const { workspace } = this.#vscode;
    const found = await workspace.findFiles(
      `**/*${BATCH_ENDING}`,
      '**/{node_modules,.git,.sluice}/**',
      FILES_SHOWN,
    );
    return found
      .sort((a, b) => a.path.localeCompare(b.path))
      .flatMap((uri) => {
        const folder = workspace.getWorkspaceFolder(uri);
        if (folder === undefined) return [];
        const batch = workspace.asRelativePath(uri, false);
        return [this.#task({ type: 'sluice', batch }, folder, batch)];
      });
  }

  resolveTask(task: Task): Task | undefined {
    const { definition, name, scope } = task;
    if (!taskSchema.safeParse(definition).success) return undefined;
    const folder = typeof scope === 'object' ? scope : this.#vscode.workspace.workspaceFolders?.[0];
    return folder === undefined ? undefined : this.#task(definition, folder, name);
  }

  #task(definition: TaskDefinition, folder: WorkspaceFolder, name: string): Task {
    const { CustomExecution, Task } = this.#vscode;
    const execution = new CustomExecution(async (resolved) => {
      const { runs, starter } = await this.#open();
      const [batch, choices] = this.#read(resolved, folder.uri);
      const begin = (): ReturnType<typeof starter.begin> => starter.begin(batch, choices);
      return new TaskTerminal(this.#vscode, runs, begin, this.#report);
    });
    return new Task(definition, folder, name, 'sluice', execution, '$sluice');
  }

  /** What a task is to do, its variables filled in. */
  #read(definition: TaskDefinition, folder: Uri): [batch: Uri, choices: RunChoices] {
    const { type: _, batch, ...choices } = taskSchema.parse(definition);
    const given = Object.entries(choices).filter(([, value]) => value !== undefined);
    return [this.#vscode.Uri.file(resolve(folder.fsPath, batch)), Object.fromEntries(given)];
  }
}
