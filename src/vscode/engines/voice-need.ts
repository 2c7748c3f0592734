import type { QuickPickItem } from 'vscode';
import { fittingKokoro } from '../../engines/speech/fitting.ts';
import { KOKORO_PARTS } from '../../models/catalogue.ts';
import { settingsEnvironment } from '../settings.ts';
import { DEFAULT_VOICE, VOICES } from '../wizards/voices.ts';
import { type Chosen, choose, chosenFor } from './chosen.ts';
import { endpointOptions } from './endpoint-options.ts';
import { fetchModels } from './fetch-models.ts';
import { localModels } from './local-models.ts';
import type { EngineOption, EngineParts, Need } from './need.ts';

/** The voices of the OpenAI API; an endpoint may have others. */
const OPENAI_VOICES = ['alloy', 'ash', 'ballad', 'coral', 'echo', 'fable', 'nova', 'onyx', 'sage'];

const SERVERS = [
  { name: 'Kokoro-FastAPI', baseUrl: 'http://localhost:8880/v1' },
  { name: 'LocalAI', baseUrl: 'http://localhost:8080/v1' },
  { name: 'Speaches', baseUrl: 'http://localhost:8000/v1' },
];

/** An engine on this machine: the models that it needs, its own first, and its voices. */
interface LocalVoice {
  readonly name: string;
  readonly engine: 'kokoro' | 'flite';
  readonly model?: 'kokoro-fp32' | 'kokoro-q8';
  readonly models: readonly string[];
  readonly voices: readonly string[];
}

const KOKORO = VOICES.filter(({ small }) => small !== true).map(({ id }) => id);

/** The best first. */
const LOCAL: readonly LocalVoice[] = [
  {
    name: 'Kokoro',
    engine: 'kokoro',
    model: 'kokoro-fp32',
    models: ['kokoro-fp32', ...KOKORO_PARTS],
    voices: KOKORO,
  },
  {
    name: 'Kokoro',
    engine: 'kokoro',
    model: 'kokoro-q8',
    models: ['kokoro-q8', ...KOKORO_PARTS],
    voices: KOKORO,
  },
  {
    name: 'flite',
    engine: 'flite',
    models: ['flite'],
    voices: VOICES.filter(({ small }) => small === true).map(({ id }) => id),
  },
];

/** What can speak: the engines of the step `speak`. */
export function voiceNeed(parts: EngineParts): Need {
  return {
    id: 'voice',
    title: parts.vscode.l10n.t('Voice'),
    options: () => list(parts),
    used: async () => (await list(parts)).find(({ inUse }) => inUse),
  };
}

async function list(parts: EngineParts): Promise<readonly EngineOption[]> {
  const { vscode, secrets } = parts;
  const title = vscode.l10n.t('An endpoint for voices');
  const env = {
    ...process.env,
    ...settingsEnvironment(vscode),
    ...(await secrets.environment()),
  };
  const local = await Promise.all(LOCAL.map((voice) => localOption(parts, voice)));
  const more = async (chosen: Chosen): Promise<Chosen | undefined> => {
    const voice = await askVoice(parts, title, OPENAI_VOICES);
    return voice === undefined ? undefined : { ...chosen, voice };
  };
  const likely = /tts|speech|voice|kokoro|piper/i;
  const use = { need: 'voice', title, suggestions: SERVERS, likely, more } as const;
  return [automatic(parts, local), ...local, ...endpointOptions(parts, use, env)];
}

function automatic({ vscode }: EngineParts, local: readonly EngineOption[]): EngineOption {
  const { l10n } = vscode;
  const fitting = fittingKokoro(process.availableMemory());
  const worker =
    local[
      LOCAL.findIndex(({ engine, model }) =>
        fitting === undefined ? engine === 'flite' : model === fitting,
      )
    ];
  return {
    name: l10n.t('Automatic'),
    readiness: 'ready',
    about: [
      l10n.t('Kokoro where the memory suffices, otherwise flite; espeak-ng for other languages'),
    ],
    inUse: chosenFor(vscode, 'voice').engine === 'auto',
    ...(worker && { worker: { name: worker.name, ready: worker.readiness === 'ready' } }),
    async choose() {
      await choose(vscode, 'voice', { engine: 'auto' });
      return true;
    },
  };
}

async function localOption(parts: EngineParts, voice: LocalVoice): Promise<EngineOption> {
  const { vscode, store } = parts;
  const { engine, model, models, voices } = voice;
  const chosen = chosenFor(vscode, 'voice');
  const [own] = await store().list(models.slice(0, 1));
  const title = own?.title ?? voice.name;
  const speaks = chosen.voice === undefined ? [] : [chosen.voice];
  const inUse = chosen.engine === engine && (chosen.model === model || chosen.model === undefined);
  const { readiness, about } = await localModels(vscode, store(), models);
  return {
    name: title,
    readiness,
    about: [...(inUse ? speaks : []), vscode.l10n.t('English'), ...about],
    inUse,
    async choose() {
      if (!(await fetchModels(vscode, store(), models))) return false;
      const name = await askVoice(parts, title, voices);
      if (name === undefined) return false;
      await choose(vscode, 'voice', { engine, voice: name, ...(model !== undefined && { model }) });
      return true;
    },
  };
}

async function askVoice(
  { vscode }: EngineParts,
  title: string,
  voices: readonly string[],
): Promise<string | undefined> {
  const { l10n, window } = vscode;
  const items = voices.map((voice): QuickPickItem & { readonly voice?: string } => ({
    label: VOICES.find(({ id }) => id === voice)?.name ?? voice,
    description: voice,
    voice,
  }));
  const picked = await window.showQuickPick([...items, { label: l10n.t('Another voice…') }], {
    title,
    placeHolder: l10n.t('Which voice?'),
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  if (picked === undefined || picked.voice !== undefined) return picked?.voice;
  const typed = await window.showInputBox({
    title,
    prompt: l10n.t('The name of a voice, as the step speak takes it.'),
    placeHolder: voices[0] ?? DEFAULT_VOICE,
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? l10n.t('A name is needed.') : undefined),
  });
  return typed?.trim();
}
