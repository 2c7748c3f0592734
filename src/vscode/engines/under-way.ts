import type { Vscode } from '../vscode.ts';

/** Says how far work is: a line, and the share of the whole that is new, in percent. */
type Report = (told: { message: string; increment?: number }) => void;

/** Does work under a notification that can cancel it. Nothing when the person cancels. */
export async function underWay<T>(
  { ProgressLocation, window }: Vscode,
  title: string,
  work: (signal: AbortSignal, report: Report) => Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  return window.withProgress(options, async (progress, token) => {
    const controller = new AbortController();
    const listening = token.onCancellationRequested(() => controller.abort());
    try {
      return { value: await work(controller.signal, (told) => progress.report(told)) };
    } catch (error) {
      if (controller.signal.aborted) return undefined;
      throw error;
    } finally {
      listening.dispose();
    }
  });
}
