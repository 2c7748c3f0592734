import type { Vscode } from './vscode.ts';

/** Settings as runs and checks take them: variables of their environment (docs/models.md). */
export function settingsEnvironment({ workspace }: Vscode): Record<string, string> {
  const settings = workspace.getConfiguration('sluice');
  const folder = settings.get<string>('models.folder', '').trim();
  const sources = settings.get<readonly string[]>('models.sources', []);
  return {
    ...(folder === '' ? {} : { SLUICE_MODELS: folder }),
    ...(sources.length === 0 ? {} : { SLUICE_MODEL_SOURCES: sources.join(',') }),
  };
}
