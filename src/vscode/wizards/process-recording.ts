import { join } from 'node:path';
import type { Memento } from 'vscode';
import { stringify } from 'yaml';
import {
  canFind,
  FINDINGS,
  type Finding,
  type Processing,
  recordingBatch,
} from '../../batch/recording.ts';
import { chosenFor } from '../engines/chosen.ts';
import type { Starter } from '../starter.ts';
import { requireTrust } from '../trust.ts';
import type { Vscode } from '../vscode.ts';
import {
  type AskedFiles,
  askFiles,
  type FileKind,
  filesCalledOn,
  filesInput,
  nameOver,
} from './asked-files.ts';
import { distinctName, STEMS } from './input-files.ts';
import { batchFileOf, writeNew } from './new-files.ts';
import { askName } from './questions.ts';
import { type Answer, type Choice, keep, Wizard } from './wizard.ts';

const REMEMBERED = 'sluice.processRecording';
/** Languages that are offered; others are typed. */
const LANGUAGES = ['en', 'es', 'fr', 'de', 'it', 'pt', 'nl', 'ru', 'ja', 'zh'] as const;
const OTHER = 'other';

type Chosen = Pick<Processing, 'language' | 'translateTo' | 'labels' | 'findings'>;

/**
 * Asks what recordings are to become, writes a batch file that can be read and changed, and runs it. `called` is what
 * the command was called with: files and folders, or nothing.
 */
export async function processRecording(
  vscode: Vscode,
  starter: Starter,
  memory: Memento,
  called: readonly unknown[],
): Promise<void> {
  if (!(await requireTrust(vscode))) return;
  const files = await filesCalledOn(vscode, called, recordings(vscode));
  const answer = files && (await ask(vscode, files, memory.get(REMEMBERED) ?? {}));
  if (answer === undefined) return;
  const { folder, wanted } = answer;
  const { language, translateTo, labels, findings } = wanted;
  await memory.update(REMEMBERED, { language, translateTo, labels, findings } satisfies Chosen);
  const file = batchFileOf(wanted.name);
  const about = vscode.l10n.t('Change this file and run it again: what is made already is kept.');
  const text = `# ${about}\n${stringify(recordingBatch(wanted), { lineWidth: 0 })}`;
  await writeNew(folder, { [file]: text });
  const batch = vscode.Uri.file(join(folder, file));
  await vscode.window.showTextDocument(batch, { preserveFocus: true });
  await starter.start(batch);
}

function recordings({ l10n }: Vscode): FileKind {
  return {
    endings: 'wav mp3 flac ogg oga opus m4a aac mp4 mov mkv webm'.split(' '),
    icon: () => 'mic',
    which: l10n.t('Which recordings?'),
    none: l10n.t('No recording in this workspace.'),
  };
}

interface Answered {
  /** Absolute path of the folder that the batch file goes to. */
  readonly folder: string;
  readonly wanted: Processing;
}

/** Asks what the recordings that were found are to become; which ones first, when there are none. */
async function ask(
  vscode: Vscode,
  given: AskedFiles,
  remembered: Partial<Chosen>,
): Promise<Answered | undefined> {
  const { l10n } = vscode;
  const { folder, inputs } = given;
  const wizard = new Wizard(
    vscode,
    inputs.length > 1
      ? l10n.t('Process {0} Recordings', inputs.length)
      : l10n.t('Process Recording'),
  );
  let files = given;
  let { language = 'en', translateTo = '', labels = [], findings = FINDINGS } = remembered;
  let name = '';
  const which = async () =>
    keep(await askFiles(vscode, wizard, folder, recordings(vscode)), (value) => {
      files = value;
    });
  const answered = await wizard.ask([
    ...(inputs.length > 0 ? [] : [which]),
    async () =>
      keep(await askLanguage(vscode, wizard, language), (value) => {
        language = value;
      }),
    async () =>
      keep(await askTranslation(vscode, wizard, translateTo, language), (value) => {
        translateTo = value;
      }),
    async () =>
      keep(await askFindings(vscode, wizard, findings, findable(language)), (value) => {
        // What was not offered is as it was, for the next recording.
        const offered = findable(language);
        findings = FINDINGS.filter((one) =>
          (offered.includes(one) ? value : findings).includes(one),
        );
      }),
    async () =>
      canFind('classify', language)
        ? keep(await askLabels(vscode, wizard, labels), (value) => {
            labels = value;
          })
        : 'skip',
    async () => {
      const filesOf = (wanted: string): readonly string[] => [batchFileOf(wanted)];
      const answer = await askName(
        vscode,
        wizard,
        folder,
        nameOver(files, l10n.t('Recordings')),
        filesOf,
      );
      return keep(answer, (value) => {
        name = value;
      });
    },
  ]);
  if (!answered) return undefined;
  const result = distinctName(files.inputs, STEMS);
  const wanted = {
    ...{ name, result, language, translateTo, labels, findings },
    files: filesInput(files),
  };
  return { folder, wanted };
}

async function askLanguage(vscode: Vscode, wizard: Wizard, first: string): Promise<Answer<string>> {
  const { l10n, ThemeIcon } = vscode;
  const { engine } = chosenFor(vscode, 'transcription');
  const others = engine === 'openai' || engine === 'command' ? '' : l10n.t('with Whisper');
  const about = (code: string): string =>
    code === 'en' && (engine === 'auto' || engine === 'moonshine')
      ? l10n.t('fast, word by word')
      : others;
  const unknown = {
    label: l10n.t('Find it out'),
    description: others,
    iconPath: new ThemeIcon('search'),
    value: '',
  };
  const answer = await wizard.pick({
    placeholder: l10n.t('Which language is spoken?'),
    first,
    choices: [
      ...languages(vscode, first, about),
      // Moonshine takes what it is not told for English.
      ...(engine === 'moonshine' ? [] : [unknown]),
      otherLanguage(vscode),
    ],
  });
  return typed(vscode, wizard, answer, () => askLanguage(vscode, wizard, first));
}

async function askTranslation(
  vscode: Vscode,
  wizard: Wizard,
  first: string,
  spoken: string,
): Promise<Answer<string>> {
  const { l10n, ThemeIcon } = vscode;
  const none = {
    label: l10n.t('No translation'),
    iconPath: new ThemeIcon('circle-slash'),
    value: '',
  };
  const others = languages(vscode, first, () => '').filter(({ value }) => value !== spoken);
  const answer = await wizard.pick({
    placeholder: l10n.t('Translate to which language?'),
    first,
    choices: [none, ...others, otherLanguage(vscode)],
  });
  return typed(vscode, wizard, answer, () => askTranslation(vscode, wizard, first, spoken));
}

function languages(
  { env, ThemeIcon }: Vscode,
  typedBefore: string,
  about: (code: string) => string,
): Choice<string>[] {
  const names = new Intl.DisplayNames(env.language, { type: 'language' });
  const codes = [...new Set([...LANGUAGES, ...(typedBefore === '' ? [] : [typedBefore])])];
  return codes.map((code) => ({
    label: names.of(code) ?? code,
    description: [code, about(code)].filter((part) => part !== '').join('  '),
    iconPath: new ThemeIcon('globe'),
    value: code,
  }));
}

function otherLanguage({ l10n, ThemeIcon }: Vscode): Choice<string> {
  return { label: l10n.t('Another language…'), iconPath: new ThemeIcon('edit'), value: OTHER };
}

/** A language that is not in the list. */
async function typed(
  { l10n }: Vscode,
  wizard: Wizard,
  answer: Answer<string>,
  again: () => Promise<Answer<string>>,
): Promise<Answer<string>> {
  if (answer === 'back' || answer === 'away' || answer.value !== OTHER) return answer;
  const code = await wizard.input({
    back: true,
    placeholder: 'pt-BR',
    prompt: l10n.t('The code of a language, such as pt-BR.'),
    check: async (value) =>
      isLanguage(value.trim()) ? undefined : l10n.t('This is no code of a language.'),
  });
  if (code === 'away') return code;
  return code === 'back' ? again() : { value: code.value.trim() };
}

function isLanguage(code: string): boolean {
  return /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(code);
}

/** What may be found in a recording of a language. */
function findable(language: string): readonly Finding[] {
  return FINDINGS.filter((one) => canFind(one, language));
}

function askFindings(
  { l10n, ThemeIcon }: Vscode,
  wizard: Wizard,
  picked: readonly Finding[],
  offered: readonly Finding[],
): Promise<Answer<readonly Finding[]>> {
  const about: Record<Finding, readonly [icon: string, label: string, about: string]> = {
    entities: ['tag', l10n.t('Names'), l10n.t('people, places, organisations, dates, money')],
    summarise: ['list-unordered', l10n.t('Summary'), l10n.t('the sentences that matter most')],
    insights: [
      'lightbulb',
      l10n.t('Insights'),
      l10n.t('what is to be done, questions, mood, pace'),
    ],
  };
  return wizard.pickMany({
    placeholder: l10n.t('What should be found in it?'),
    choices: offered.map((value) => {
      const [icon, label, description] = about[value];
      return {
        label,
        description,
        iconPath: new ThemeIcon(icon),
        picked: picked.includes(value),
        value,
      };
    }),
  });
}

async function askLabels(
  { l10n }: Vscode,
  wizard: Wizard,
  before: readonly string[],
): Promise<Answer<readonly string[]>> {
  const answer = await wizard.input({
    back: true,
    placeholder: l10n.t('such as: sales, support, praise'),
    prompt: l10n.t('Labels to sort it by, with commas between them; none without any.'),
    value: before.join(', '),
  });
  if (answer === 'back' || answer === 'away') return answer;
  const labels = answer.value.split(',').map((label) => label.trim());
  return { value: [...new Set(labels.filter((label) => label !== ''))] };
}
