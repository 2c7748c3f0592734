import type { Disposable } from './disposables.ts';
import { Disposables } from './disposables.ts';
import { once } from './once.ts';
import type { GetRunInput, RunBatchInput } from './tool-calls.ts';
import type { Vscode } from './vscode.ts';
import type { SluiceWindow } from './window.ts';

/** Registers the language model tools of package.json. What they need is loaded when one is called. */
export function registerTools(vscode: Vscode, open: () => Promise<SluiceWindow>): Disposable {
  const calls = once(async () => {
    const [{ ToolCalls }, window] = await Promise.all([import('./tool-calls.ts'), open()]);
    return new ToolCalls(vscode, window);
  });
  const owned = new Disposables();
  owned.add(
    vscode.lm.registerTool<RunBatchInput>('sluice_run_batch', {
      prepareInvocation: async ({ input }) => (await calls()).prepare(input),
      invoke: async ({ input }, token) => (await calls()).runBatch(input, token),
    }),
  );
  owned.add(
    vscode.lm.registerTool<GetRunInput>('sluice_get_run', {
      invoke: async ({ input }) => (await calls()).getRun(input),
    }),
  );
  return owned;
}
