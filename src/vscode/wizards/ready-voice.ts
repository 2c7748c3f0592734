import { KOKORO_PARTS } from '../../models/catalogue.ts';
import { modelStore } from '../../models/store.ts';
import { chosenFor } from '../engines/chosen.ts';
import { settingsEnvironment } from '../settings.ts';
import type { Vscode } from '../vscode.ts';
import { DEFAULT_VOICE } from './voices.ts';

/** The small voice: its one model is fetched in seconds. */
const SMALL_VOICE = 'slt';

/** The best English voice that can speak without a long download; none when the person has chosen what speaks. */
export async function readyVoice(vscode: Vscode): Promise<string | undefined> {
  if (chosenFor(vscode, 'voice').engine !== 'auto') return undefined;
  const store = modelStore({ ...process.env, ...settingsEnvironment(vscode) });
  const present = (id: string): Promise<boolean> => store.present(id);
  const parts = await Promise.all(KOKORO_PARTS.map(present));
  const model = (await present('kokoro-fp32')) || (await present('kokoro-q8'));
  return model && parts.every(Boolean) ? DEFAULT_VOICE : SMALL_VOICE;
}
