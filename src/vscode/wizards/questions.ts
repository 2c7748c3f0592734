import type { Vscode } from '../vscode.ts';
import { FORMATS, type Format } from './formats.ts';
import { freeName, isTaken } from './new-files.ts';
import { DEFAULT_VOICE, VOICES, type Voice } from './voices.ts';
import type { Answer, Choice, Wizard } from './wizard.ts';

/** Questions that several wizards ask. */

export async function askVoice(
  vscode: Vscode,
  wizard: Wizard,
  first: string,
): Promise<Answer<string>> {
  const { l10n, ThemeIcon } = vscode;
  const iconPath = new ThemeIcon('person');
  const about = (voice: Voice): string => {
    const accent =
      voice.accent === 'American' ? l10n.t('American English') : l10n.t('British English');
    return voice.small === true ? l10n.t('{0}, small and fast', accent) : accent;
  };
  const known = VOICES.map(
    (voice): Choice<string> => ({
      label: voice.name,
      description: `${about(voice)}  ${voice.id}`,
      iconPath,
      value: voice.id,
    }),
  );
  // A voice that was typed the last time is offered again.
  const typed = VOICES.some((voice) => voice.id === first)
    ? []
    : [{ label: first, iconPath, value: first }];
  const other = { label: l10n.t('Another voice…'), iconPath: new ThemeIcon('edit'), value: '' };
  const answer = await wizard.pick({
    placeholder: l10n.t('Which voice?'),
    first,
    choices: [...typed, ...known, other],
  });
  if (answer === 'back' || answer === 'away' || answer.value !== '') return answer;
  const name = await wizard.input({
    back: true,
    placeholder: DEFAULT_VOICE,
    prompt: l10n.t('The name of a voice, as the step speak takes it.'),
    check: async (value) => (value.trim() === '' ? l10n.t('A name is needed.') : undefined),
  });
  if (name === 'away') return name;
  return name === 'back' ? askVoice(vscode, wizard, first) : { value: name.value.trim() };
}

export function askFormat(
  vscode: Vscode,
  wizard: Wizard,
  first: Format,
  formats: readonly Format[] = FORMATS,
): Promise<Answer<Format>> {
  const { l10n } = vscode;
  const about: Record<Format, string> = {
    mp3: l10n.t('plays everywhere'),
    wav: l10n.t('as it is made, large'),
    ogg: l10n.t('small, free'),
    flac: l10n.t('without loss'),
  };
  return wizard.pick({
    placeholder: l10n.t('Which format?'),
    first,
    choices: formats.map((format) => ({
      label: format.toUpperCase(),
      description: about[format],
      value: format,
    })),
  });
}

/**
 * Asks for the name of a batch to be written to a folder; `filesOf` says which files a name would make,
 * none of which may stand there.
 */
export async function askName(
  vscode: Vscode,
  wizard: Wizard,
  folder: string,
  suggestion: string,
  filesOf: (name: string) => readonly string[],
): Promise<Answer<string>> {
  const { l10n } = vscode;
  const answer = await wizard.input({
    placeholder: l10n.t('Name of the batch'),
    prompt: l10n.t(
      'The batch is written to NAME.batch.yaml, where it can be changed and run again.',
    ),
    value: await freeName(folder, suggestion, filesOf),
    check: async (value) => {
      const name = value.trim();
      if (name === '') return l10n.t('A name is needed.');
      if (!(await isTaken(folder, filesOf(name)))) return undefined;
      return l10n.t(
        'Files of this name exist. {0} is free.',
        await freeName(folder, name, filesOf),
      );
    },
  });
  return answer === 'back' || answer === 'away' ? answer : { value: answer.value.trim() };
}
