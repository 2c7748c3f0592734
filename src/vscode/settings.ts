import { presetEnvironment } from './engines/chosen.ts';
import type { Vscode } from './vscode.ts';

/** Settings as runs and checks take them: variables of their environment (docs/models.md, docs/engines.md). */
export function settingsEnvironment(vscode: Vscode): Record<string, string> {
  const settings = vscode.workspace.getConfiguration('sluice');
  const folder = settings.get<string>('models.folder', '').trim();
  const sources = settings.get<readonly string[]>('models.sources', []);
  return {
    ...(folder === '' ? {} : { SLUICE_MODELS: folder }),
    ...(sources.length === 0 ? {} : { SLUICE_MODEL_SOURCES: sources.join(',') }),
    ...presetEnvironment(vscode),
  };
}
