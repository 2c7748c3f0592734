import { dirname } from 'node:path';
import type { Memento } from 'vscode';
import { isInside } from '../places.ts';
import type { Starter } from '../starter.ts';
import { requireTrust } from '../trust.ts';
import type { Vscode } from '../vscode.ts';
import type { Format } from './formats.ts';
import { generationFiles, type Prompts, writeGeneration } from './generate-files.ts';
import { askPrompts, suggestName } from './generate-prompts.ts';
import { askFormat, askName, askVoice } from './questions.ts';
import { chooseFolder, selectedUris } from './selection.ts';
import { DEFAULT_VOICE } from './voices.ts';
import { type Answer, keep, Wizard } from './wizard.ts';

const REMEMBERED = 'sluice.generateAudio';

interface Draft {
  prompts: Prompts;
  write: boolean;
  voice: string;
  format: Format;
  name: string;
}
type Remembered = Partial<Pick<Draft, 'write' | 'voice' | 'format'>>;

/**
 * Asks what to generate, writes a batch file that can be read and changed, and runs it. `called` is what the
 * command was called with: a file of prompts, or nothing.
 */
export async function generateAudio(
  vscode: Vscode,
  starter: Starter,
  memory: Memento,
  called: readonly unknown[],
): Promise<void> {
  if (!(await requireTrust(vscode))) return;
  // Of several files the one that was clicked on: a batch has one list of prompts.
  const [given] = selectedUris(vscode, called.slice(0, 1));
  const folder = await chooseFolder(vscode, given);
  if (folder === undefined) return;
  const remembered = memory.get<Remembered>(REMEMBERED) ?? {};
  const draft = await ask(vscode, folder, given && { file: given.fsPath }, remembered);
  if (draft === undefined) return;
  const { write, voice, format } = draft;
  await memory.update(REMEMBERED, { write, voice, format });
  const path = await writeGeneration({ ...draft, folder: placeOf(folder, draft.prompts) });
  const batch = vscode.Uri.file(path);
  await vscode.window.showTextDocument(batch, { preserveFocus: true });
  await starter.start(batch);
}

async function ask(
  vscode: Vscode,
  folder: string,
  given: Prompts | undefined,
  remembered: Remembered,
): Promise<Draft | undefined> {
  const wizard = new Wizard(vscode, vscode.l10n.t('Generate Audio from Prompts'));
  const draft: Draft = {
    prompts: given ?? { lines: [] },
    write: remembered.write ?? true,
    voice: remembered.voice ?? DEFAULT_VOICE,
    format: remembered.format ?? 'mp3',
    name: '',
  };
  const prompts = async () =>
    keep(await askPrompts(vscode, wizard), (value) => {
      draft.prompts = value;
    });
  const answered = await wizard.ask([
    ...(given === undefined ? [prompts] : []),
    async () =>
      keep(await askMode(vscode, wizard, draft.write), (value) => {
        draft.write = value;
      }),
    async () =>
      keep(await askVoice(vscode, wizard, draft.voice), (value) => {
        draft.voice = value;
      }),
    async () =>
      keep(await askFormat(vscode, wizard, draft.format), (value) => {
        draft.format = value;
      }),
    async () => {
      const place = placeOf(folder, draft.prompts);
      const filesOf = (name: string) => generationFiles(name, draft.prompts);
      const answer = await askName(vscode, wizard, place, suggestName(draft.prompts), filesOf);
      return keep(answer, (value) => {
        draft.name = value;
      });
    },
  ]);
  return answered ? draft : undefined;
}

function askMode(vscode: Vscode, wizard: Wizard, first: boolean): Promise<Answer<boolean>> {
  const { l10n, ThemeIcon } = vscode;
  return wizard.pick({
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

/** The batch stands beside its prompts, where these are in the workspace. */
function placeOf(folder: string, prompts: Prompts): string {
  return 'file' in prompts && isInside(folder, prompts.file) ? dirname(prompts.file) : folder;
}
