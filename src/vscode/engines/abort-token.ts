import type { CancellationToken } from 'vscode';
import type { Vscode } from '../vscode.ts';

/** A token of VS Code that is cancelled with a signal. `release` lets go of both. */
export function abortToken(
  { CancellationTokenSource }: Vscode,
  signal: AbortSignal,
): { readonly token: CancellationToken; release(): void } {
  const source = new CancellationTokenSource();
  const cancel = (): void => source.cancel();
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  return {
    token: source.token,
    release() {
      signal.removeEventListener('abort', cancel);
      // What the model still writes is not wanted.
      source.cancel();
      source.dispose();
    },
  };
}
