import { ModelError, megabytes } from '../../models/error.ts';
import type { ModelStatus, ModelStore } from '../../models/store.ts';
import type { Vscode } from '../vscode.ts';
import { isPermissive } from './licences.ts';
import { TransferPace } from './transfer-pace.ts';
import { underWay } from './under-way.ts';
import { wordsOf } from './words.ts';

/**
 * Fetches the models that are missing, with a notification that shows how far it is and can be cancelled. True
 * when all of them are here; otherwise the person has been told why, or has said no.
 */
export async function fetchModels(
  vscode: Vscode,
  store: ModelStore,
  ids: readonly string[],
): Promise<boolean> {
  const missing = (await store.list(ids)).filter(
    ({ state, notice }) => state !== 'present' || notice !== undefined,
  );
  if (missing.length === 0) return true;
  if (!(await acceptLicences(vscode, store, missing))) return false;
  for (;;) {
    try {
      return await fetchAll(vscode, store, missing);
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      if (!(await tryAgain(vscode, error))) return false;
    }
  }
}

/** Bytes of models, and their licences, for people: `363.5 MB · Apache-2.0, BSD-2-Clause`. */
export function sizeAndLicence(models: readonly ModelStatus[]): string {
  const bytes = models.reduce((sum, model) => sum + model.bytes, 0);
  const licences = new Set(models.map(({ licence }) => licence));
  return `${megabytes(bytes)} · ${[...licences].join(', ')}`;
}

/** Licences that limit what may be done with a model are accepted before anything is fetched. */
async function acceptLicences(
  vscode: Vscode,
  store: ModelStore,
  models: readonly ModelStatus[],
): Promise<boolean> {
  const { env, l10n, Uri, window } = vscode;
  for (const { id, title, licence, home, notice } of models) {
    if (isPermissive(licence)) continue;
    const accept = l10n.t('Accept and Fetch');
    const read = l10n.t('Read It');
    const choices = home === undefined ? [accept] : [accept, read];
    const message = l10n.t('{0} is not free for every use.', title);
    const asks = l10n.t('Its licence: {0}. Fetch it only if your use keeps to it.', licence);
    const detail = notice === undefined ? asks : `${notice}\n\n${asks}`;
    let chosen = await window.showWarningMessage(message, { modal: true, detail }, ...choices);
    while (chosen === read && home !== undefined) {
      await env.openExternal(Uri.parse(home));
      chosen = await window.showWarningMessage(message, { modal: true, detail }, ...choices);
    }
    if (chosen !== accept) return false;
    await store.accept(id);
  }
  return true;
}

async function fetchAll(
  vscode: Vscode,
  store: ModelStore,
  models: readonly ModelStatus[],
): Promise<boolean> {
  const { l10n, window } = vscode;
  const title = l10n.t('Fetching {0} ({1})', models[0]?.title ?? '', sizeAndLicence(models));
  const fetched = await underWay(vscode, title, async (signal, report) => {
    for (const [index, { id }] of models.entries()) {
      const count = models.length === 1 ? '' : `${index + 1}/${models.length}: `;
      const pace = new TransferPace();
      const onProgress = (done: number, total: number): void => {
        const told = pace.at(done, total, performance.now());
        if (told === undefined) return;
        const far = l10n.t('{0} of {1}', megabytes(done), megabytes(total));
        const left = told.left === '' ? '' : `, ${l10n.t('{0} left', told.left)}`;
        report({ message: `${count}${far}${left}`, increment: (100 * told.more) / models.length });
      };
      await store.path(id, { signal, onProgress });
    }
  });
  if (fetched !== undefined) return true;
  const kept = l10n.t('Sluice: what was fetched so far is kept for the next time.');
  window.setStatusBarMessage(kept, 6000);
  return false;
}

async function tryAgain({ l10n, window }: Vscode, error: ModelError): Promise<boolean> {
  const again = l10n.t('Try Again');
  const choices = error.retry === false ? [] : [again];
  return (await window.showErrorMessage(wordsOf(error), ...choices)) === again;
}
