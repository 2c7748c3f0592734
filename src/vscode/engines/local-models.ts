import type { ModelStore } from '../../models/store.ts';
import type { Vscode } from '../vscode.ts';
import { sizeAndLicence } from './fetch-models.ts';
import type { EngineOption } from './need.ts';

/** How an engine on this machine stands whose models these are. */
export async function localModels(
  { l10n }: Vscode,
  store: ModelStore,
  ids: readonly string[],
): Promise<Pick<EngineOption, 'readiness' | 'about'>> {
  const models = await store.list(ids);
  const missing = models.filter(({ state, notice }) => state !== 'present' || notice !== undefined);
  const { catalogue } = store.context;
  const memory = Math.max(
    ...catalogue.models.filter(({ id }) => ids.includes(id)).map((model) => model.memory ?? 0),
  );
  return {
    readiness: missing.length === 0 ? 'ready' : 'fetch',
    about: [
      sizeAndLicence(missing.length === 0 ? models : missing),
      ...(memory > 0 ? [l10n.t('{0} GB memory', (memory / 1e9).toFixed(1))] : []),
    ],
  };
}
