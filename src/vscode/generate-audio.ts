import { dirname } from 'node:path';
import type { Memento, WorkspaceFolder } from 'vscode';
import {
  FORMATS,
  type Format,
  freeName,
  isTaken,
  type Prompts,
  writeGeneration,
} from './generate-files.ts';
import { askPrompts, suggestName } from './generate-prompts.ts';
import { isInside } from './places.ts';
import type { Starter } from './starter.ts';
import { requireTrust } from './trust.ts';
import { DEFAULT_VOICE, VOICES, type Voice } from './voices.ts';
import type { Vscode } from './vscode.ts';
import { type Answer, askAll, type Choice, Wizard } from './wizard.ts';

const REMEMBERED = 'sluice.generateAudio';
const STEPS = 5;

interface Draft {
  prompts: Prompts;
  write: boolean;
  voice: string;
  format: Format;
  name: string;
}
type Remembered = Partial<Pick<Draft, 'write' | 'voice' | 'format'>>;

/** Asks what to generate, writes a batch file that can be read and changed, and runs it. */
export async function generateAudio(
  vscode: Vscode,
  starter: Starter,
  memory: Memento,
): Promise<void> {
  if (!(await requireTrust(vscode))) return;
  const workspace = await chooseFolder(vscode);
  if (workspace === undefined) return;
  const draft = await ask(vscode, workspace, memory.get<Remembered>(REMEMBERED) ?? {});
  if (draft === undefined) return;
  const { write, voice, format } = draft;
  await memory.update(REMEMBERED, { write, voice, format });
  const path = await writeGeneration({ ...draft, folder: folderOf(workspace, draft.prompts) });
  const batch = vscode.Uri.file(path);
  await vscode.window.showTextDocument(batch, { preserveFocus: true });
  await starter.start(batch);
}

async function ask(
  vscode: Vscode,
  workspace: WorkspaceFolder,
  remembered: Remembered,
): Promise<Draft | undefined> {
  const { l10n } = vscode;
  const wizard = new Wizard(vscode, l10n.t('Generate Audio from Prompts'), STEPS);
  const draft: Draft = {
    prompts: { lines: [] },
    write: remembered.write ?? true,
    voice: remembered.voice ?? DEFAULT_VOICE,
    format: remembered.format ?? 'mp3',
    name: '',
  };
  const take = <T>(answer: Answer<T>, set: (value: T) => void): 'on' | 'back' | 'away' => {
    if (answer === 'back' || answer === 'away') return answer;
    set(answer.value);
    return 'on';
  };
  const answered = await askAll([
    async () =>
      take(await askPrompts(vscode, wizard), (value) => {
        draft.prompts = value;
      }),
    async () =>
      take(await askMode(vscode, wizard, draft.write), (value) => {
        draft.write = value;
      }),
    async () =>
      take(await askVoice(vscode, wizard, draft.voice), (value) => {
        draft.voice = value;
      }),
    async () =>
      take(await askFormat(vscode, wizard, draft.format), (value) => {
        draft.format = value;
      }),
    async () =>
      take(
        await askName(vscode, wizard, folderOf(workspace, draft.prompts), draft.prompts),
        (value) => {
          draft.name = value;
        },
      ),
  ]);
  return answered ? draft : undefined;
}

function askMode(vscode: Vscode, wizard: Wizard, first: boolean): Promise<Answer<boolean>> {
  const { l10n, ThemeIcon } = vscode;
  return wizard.pick({
    step: 2,
    placeholder: l10n.t('What is to be spoken?'),
    first,
    choices: [
      {
        label: l10n.t('Write a text from each prompt, then speak it'),
        detail: l10n.t('Each text is spoken while it is being written.'),
        iconPath: new ThemeIcon('edit-sparkle'),
        value: true,
      },
      {
        label: l10n.t('Speak the lines as they are'),
        iconPath: new ThemeIcon('unmute'),
        value: false,
      },
    ],
  });
}

async function askVoice(vscode: Vscode, wizard: Wizard, first: string): Promise<Answer<string>> {
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
    step: 3,
    placeholder: l10n.t('Which voice?'),
    first,
    choices: [...typed, ...known, other],
  });
  if (answer === 'back' || answer === 'away' || answer.value !== '') return answer;
  const name = await wizard.input({
    step: 3,
    placeholder: DEFAULT_VOICE,
    prompt: l10n.t('The name of a voice, as the step speak takes it.'),
    check: async (value) => (value.trim() === '' ? l10n.t('A name is needed.') : undefined),
  });
  if (name === 'away') return name;
  return name === 'back' ? askVoice(vscode, wizard, first) : { value: name.value.trim() };
}

function askFormat(vscode: Vscode, wizard: Wizard, first: Format): Promise<Answer<Format>> {
  const { l10n } = vscode;
  const about: Record<Format, string> = {
    mp3: l10n.t('plays everywhere'),
    wav: l10n.t('as it is made, large'),
    ogg: l10n.t('small, free'),
    flac: l10n.t('without loss'),
  };
  return wizard.pick({
    step: 4,
    placeholder: l10n.t('Which format?'),
    first,
    choices: FORMATS.map((format) => ({
      label: format.toUpperCase(),
      description: about[format],
      value: format,
    })),
  });
}

async function askName(
  vscode: Vscode,
  wizard: Wizard,
  folder: string,
  prompts: Prompts,
): Promise<Answer<string>> {
  const { l10n } = vscode;
  return wizard.input({
    step: 5,
    placeholder: l10n.t('Name of the batch'),
    prompt: l10n.t(
      'The batch is written to NAME.batch.yaml, where it can be changed and run again.',
    ),
    value: await freeName(folder, suggestName(prompts), prompts),
    check: async (value) => {
      if (value.trim() === '') return l10n.t('A name is needed.');
      if (!(await isTaken(folder, value, prompts))) return undefined;
      return l10n.t(
        'Files of this name exist. {0} is free.',
        await freeName(folder, value, prompts),
      );
    },
  });
}

/** The batch stands beside its prompts, where these are in the workspace. */
function folderOf(workspace: WorkspaceFolder, prompts: Prompts): string {
  const root = workspace.uri.fsPath;
  return 'file' in prompts && isInside(root, prompts.file) ? dirname(prompts.file) : root;
}

async function chooseFolder(vscode: Vscode): Promise<WorkspaceFolder | undefined> {
  const { commands, l10n, window, workspace } = vscode;
  const folders = workspace.workspaceFolders ?? [];
  if (folders.length > 1) return window.showWorkspaceFolderPick();
  const [only] = folders;
  if (only !== undefined) return only;
  const open = l10n.t('Open Folder');
  const chosen = await window.showInformationMessage(
    l10n.t('Open a folder first: the batch file and the results go there.'),
    open,
  );
  if (chosen === open) await commands.executeCommand('vscode.openFolder');
  return undefined;
}
