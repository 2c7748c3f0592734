import type { ModelStore } from '../../models/store.ts';
import { findProgram } from '../../process/failure.ts';
import { localModels } from '../engines/local-models.ts';
import type { Vscode } from '../vscode.ts';
import type { Answer, Choice, Wizard } from './wizard.ts';

/** How a recording is separated. */
export type Method = 'demucs' | 'demucs-python' | 'harmonic-percussive' | 'centre-side';

/** Which stems: all that the method knows, or the voice and what is left without it. */
export type Wanted = 'all' | 'vocals';

/** The weights that a method needs, by their ids. */
export const WEIGHTS: Readonly<Record<Method, readonly string[]>> = {
  demucs: ['htdemucs'],
  'demucs-python': [],
  'harmonic-percussive': [],
  'centre-side': [],
};

/** Whether a method knows voices, so that the others can be one stem. */
export function knowsVocals(method: Method): boolean {
  return method === 'demucs' || method === 'demucs-python';
}

/** Asks how to separate; what is ready comes before what is to be fetched when nothing was chosen before. */
export async function askMethod(
  vscode: Vscode,
  wizard: Wizard,
  store: ModelStore,
  before: Method | undefined,
): Promise<Answer<Method>> {
  const { l10n, ThemeIcon } = vscode;
  const demucs = await localModels(vscode, store, WEIGHTS.demucs);
  const isReady = demucs.readiness === 'ready';
  const program = demucsProgram();
  const four = l10n.t('vocals, drums, bass, other');
  const choices: Choice<Method>[] = [
    {
      label: 'HT Demucs',
      description: four,
      detail: [isReady ? l10n.t('ready') : l10n.t('to be fetched'), ...demucs.about].join(' · '),
      iconPath: new ThemeIcon(isReady ? 'circle-large-outline' : 'cloud-download'),
      value: 'demucs',
    },
    {
      label: l10n.t('Tones and beats'),
      description: l10n.t('harmonic, percussive'),
      detail: l10n.t('By the spectrum alone: at once, and rough.'),
      iconPath: new ThemeIcon('circle-large-outline'),
      value: 'harmonic-percussive',
    },
    {
      label: l10n.t('Centre and sides'),
      description: l10n.t('centre, side'),
      detail: l10n.t('What is in the middle of a stereo recording, often the voice, and the rest.'),
      iconPath: new ThemeIcon('circle-large-outline'),
      value: 'centre-side',
    },
  ];
  if (program !== undefined) {
    choices.splice(1, 0, {
      label: l10n.t('The program demucs'),
      description: four,
      detail: program,
      iconPath: new ThemeIcon('terminal'),
      value: 'demucs-python',
    });
  }
  const ready = isReady
    ? 'demucs'
    : program === undefined
      ? 'harmonic-percussive'
      : 'demucs-python';
  const known = choices.some(({ value }) => value === before);
  return wizard.pick({
    placeholder: l10n.t('How are they to be separated?'),
    first: before !== undefined && known ? before : ready,
    choices,
  });
}

export function askWanted(vscode: Vscode, wizard: Wizard, first: Wanted): Promise<Answer<Wanted>> {
  const { l10n } = vscode;
  return wizard.pick<Wanted>({
    back: true,
    placeholder: l10n.t('Which stems?'),
    first,
    choices: [
      {
        label: l10n.t('All four'),
        description: l10n.t('vocals, drums, bass, other'),
        value: 'all',
      },
      {
        label: l10n.t('The voice and the rest'),
        description: l10n.t('for karaoke, or to practise'),
        value: 'vocals',
      },
    ],
  });
}

/** The options of the step `separate`. */
export function separation(
  method: Method,
  wanted: Wanted,
  format: string,
): Record<string, unknown> {
  switch (method) {
    case 'demucs':
    case 'demucs-python':
      return { engine: method, ...(wanted === 'vocals' && { stems: wanted }), format };
    default:
      return { engine: 'spectral', split: method, format };
  }
}

/** Absolute path of the demucs that is on PATH. */
function demucsProgram(): string | undefined {
  const env = { PATH: process.env['PATH'] ?? '' };
  const names = process.platform === 'win32' ? ['demucs.exe', 'demucs.cmd'] : ['demucs'];
  return names.map((name) => findProgram(name, process.cwd(), env)).find(Boolean);
}
