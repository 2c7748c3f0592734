import type { Memento } from 'vscode';
import { hasEspeak } from '../../engines/speech/choose.ts';
import { isEnglish } from '../../engines/speech/voice.ts';
import { chosenFor } from '../engines/chosen.ts';
import type { Starter } from '../starter.ts';
import { requireTrust } from '../trust.ts';
import type { Vscode } from '../vscode.ts';
import { type Lesson, writeLesson } from './lesson-file.ts';
import { readyVoice } from './ready-voice.ts';
import { chooseFolder } from './selection.ts';
import { type Answer, type Choice, keep, Wizard } from './wizard.ts';

const REMEMBERED = 'sluice.startLesson';
/** About so many words are spoken in a minute. */
const PACE = 150;
const MINUTES = [1, 2, 5, 10] as const;
/** Languages that the parts of a lesson are named in. */
const LANGUAGES = ['en', 'de', 'es', 'fr', 'zh'] as const;

type Draft = Omit<Lesson, 'voice'>;
type Remembered = Partial<Omit<Draft, 'topic'>>;

export interface LessonParts {
  readonly starter: Starter;
  readonly panel: { show(run: string, item: number, how: { play: boolean }): Promise<void> };
  readonly memory: Memento;
}

/**
 * Asks what is to be taught, writes a batch file, runs it, and plays the lesson in the panel while it is being
 * written. What was chosen the last time stands first.
 */
export async function startLesson(
  vscode: Vscode,
  { starter, panel, memory }: LessonParts,
): Promise<void> {
  if (!(await requireTrust(vscode))) return;
  const folder = await chooseFolder(vscode, vscode.window.activeTextEditor?.document.uri);
  if (folder === undefined) return;
  const draft = await ask(vscode, memory.get<Remembered>(REMEMBERED) ?? {});
  if (draft === undefined) return;
  const { topic: _, ...choices } = draft;
  await memory.update(REMEMBERED, choices);
  const voice = isEnglish(draft.language) ? await readyVoice(vscode) : undefined;
  const comment = vscode.l10n.t('Change this file and run it again for another lesson.');
  const path = await writeLesson(folder, { ...draft, voice }, comment);
  const run = await starter.start(vscode.Uri.file(path));
  if (run !== undefined) await panel.show(run.id, 1, { play: true });
}

async function ask(vscode: Vscode, remembered: Remembered): Promise<Draft | undefined> {
  const { l10n } = vscode;
  const wizard = new Wizard(vscode, l10n.t('Start Lesson'));
  let topic = '';
  let { level = 'beginners', language = 'en', words = 2 * PACE } = remembered;
  const answered = await wizard.ask([
    async () =>
      keep(await askTopic(vscode, wizard, topic), (value) => {
        topic = value;
      }),
    async () =>
      keep(await askLevel(vscode, wizard, level), (value) => {
        level = value;
      }),
    async () =>
      keep(await askLanguage(vscode, wizard, language), (value) => {
        language = value;
      }),
    async () =>
      keep(await askLength(vscode, wizard, words), (value) => {
        words = value;
      }),
  ]);
  return answered ? { topic, level, language, words } : undefined;
}

function askTopic({ l10n }: Vscode, wizard: Wizard, value: string): Promise<Answer<string>> {
  return wizard.input({
    placeholder: l10n.t('Topic, such as: How plants make food from sunlight'),
    prompt: l10n.t('What is the lesson about? It is spoken while it is being written.'),
    value,
    check: async (text) => (text.trim() === '' ? l10n.t('A topic is needed.') : undefined),
  });
}

/** The words go to the model as they are, in English as the rest of what it is told. */
async function askLevel(vscode: Vscode, wizard: Wizard, first: string): Promise<Answer<string>> {
  const { l10n, ThemeIcon } = vscode;
  const known: readonly Choice<string>[] = [
    { label: l10n.t('Beginners'), value: 'beginners' },
    { label: l10n.t('Children'), value: 'children of 10' },
    { label: l10n.t('Students'), value: 'students' },
    { label: l10n.t('Experts'), value: 'experts' },
  ];
  const own = known.some(({ value }) => value === first) ? [] : [{ label: first, value: first }];
  const other = { label: l10n.t('Others…'), iconPath: new ThemeIcon('edit'), value: '' };
  const answer = await wizard.pick({
    placeholder: l10n.t('Whom is it for?'),
    first,
    choices: [...own, ...known, other],
  });
  if (answer === 'back' || answer === 'away' || answer.value !== '') return answer;
  const typed = await wizard.input({
    back: true,
    placeholder: l10n.t('pupils of 12, nurses, gardeners'),
    prompt: l10n.t('Whom is the lesson for?'),
    check: async (text) => (text.trim() === '' ? l10n.t('Say whom it is for.') : undefined),
  });
  if (typed === 'away') return typed;
  return typed === 'back' ? askLevel(vscode, wizard, first) : { value: typed.value.trim() };
}

async function askLanguage(vscode: Vscode, wizard: Wizard, first: string): Promise<Answer<string>> {
  const { env, l10n } = vscode;
  const names = new Intl.DisplayNames(env.language, { type: 'language' });
  const spoken = await speaksOthers(vscode);
  const choices = LANGUAGES.map(
    (code): Choice<string> => ({
      label: names.of(code) ?? code,
      ...(isEnglish(code) || spoken
        ? {}
        : { description: l10n.t('needs espeak-ng, or an endpoint for voices') }),
      value: code,
    }),
  );
  const answer = await wizard.pick({ placeholder: l10n.t('Which language?'), first, choices });
  if (answer === 'back' || answer === 'away') return answer;
  if (isEnglish(answer.value) || spoken) return answer;
  await sayUnspoken(vscode, names.of(answer.value) ?? answer.value);
  return 'away';
}

/** Whether anything here speaks other languages than English. */
async function speaksOthers(vscode: Vscode): Promise<boolean> {
  return chosenFor(vscode, 'voice').engine === 'openai' || (await hasEspeak());
}

async function sayUnspoken({ commands, l10n, window }: Vscode, language: string): Promise<void> {
  const choose = l10n.t('Choose Engine…');
  const chosen = await window.showWarningMessage(
    l10n.t(
      'No voice of this machine speaks {0}. Install espeak-ng, or choose an endpoint for voices.',
      language,
    ),
    choose,
  );
  if (chosen === choose) await commands.executeCommand('sluice.chooseEngine');
}

function askLength({ l10n }: Vscode, wizard: Wizard, first: number): Promise<Answer<number>> {
  const lengths = MINUTES.map(
    (minutes): Choice<number> => ({
      label: minutes === 1 ? l10n.t('1 minute') : l10n.t('{0} minutes', minutes),
      description: l10n.t('about {0} words', minutes * PACE),
      value: minutes * PACE,
    }),
  );
  return wizard.pick({ placeholder: l10n.t('How long?'), first, choices: lengths });
}
