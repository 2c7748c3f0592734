import { isBatchFile } from './diagnostics.ts';
import type { Starter } from './starter.ts';
import type { Vscode } from './vscode.ts';

/**
 * Runs some items of a batch file, by their numbers from 1, and makes them anew: who asks for one item wants to
 * see it done. A result that was changed by hand since is left as it is, as by any run.
 */
export async function runItem(
  { l10n, Uri }: Vscode,
  starter: Pick<Starter, 'start'>,
  [batch, asked]: readonly unknown[],
): Promise<void> {
  const items = [asked].flat();
  const numbers = items.filter((item) => typeof item === 'number').filter(Number.isInteger);
  if (!(batch instanceof Uri) || !isBatchFile(batch) || numbers.length < items.length) {
    throw new Error(l10n.t('A batch file and the numbers of its items are needed.'));
  }
  await starter.start(batch, { items: numbers, force: true });
}
