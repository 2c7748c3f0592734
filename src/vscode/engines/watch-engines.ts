import { type Disposable, Disposables } from '../disposables.ts';
import type { Secrets } from '../secrets.ts';
import type { Vscode } from '../vscode.ts';

const SETTINGS = ['sluice.text', 'sluice.voice', 'sluice.transcription', 'sluice.models'];

/** Tells when what can do the work, or what does it, may have changed. */
export function watchEngines(
  { lm, workspace }: Vscode,
  secrets: Secrets,
  changed: () => void,
): Disposable {
  const owned = new Disposables();
  owned.add(
    workspace.onDidChangeConfiguration((change) => {
      if (SETTINGS.some((name) => change.affectsConfiguration(name))) changed();
    }),
  );
  owned.add(secrets.onDidChange(changed));
  owned.add(lm.onDidChangeChatModels(changed));
  return owned;
}
