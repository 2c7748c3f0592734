import { join } from 'node:path';
import type { Memento } from 'vscode';
import { stringify } from 'yaml';
import { slug } from '../../batch/placeholders.ts';
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
import type { Format } from './formats.ts';
import { distinctName, STEMS } from './input-files.ts';
import { batchFileOf, writeNew } from './new-files.ts';
import { askFormat, askName, askVoice } from './questions.ts';
import { DEFAULT_VOICE } from './voices.ts';
import { keep, Wizard } from './wizard.ts';

const REMEMBERED = 'sluice.speakDocuments';

/** What the person chose. */
export interface Reading {
  readonly name: string;
  /** Absolute path of the folder that the batch file goes to. */
  readonly folder: string;
  /** Patterns and paths, relative to that folder. */
  readonly files: readonly string[];
  /** What the result of a file is called, with placeholders. */
  readonly result: string;
  readonly voice: string;
  readonly format: Format;
}
type Remembered = Partial<Pick<Reading, 'voice' | 'format'>>;

/**
 * Asks how to speak documents, writes a batch file that can be read and changed, and runs it. `called` is what
 * the command was called with: files and folders, or nothing.
 */
export async function speakDocuments(
  vscode: Vscode,
  starter: Starter,
  memory: Memento,
  called: readonly unknown[],
): Promise<void> {
  if (!(await requireTrust(vscode))) return;
  const given = await filesCalledOn(vscode, called, documents(vscode));
  if (given === undefined) return;
  const reading = await ask(vscode, given, memory.get<Remembered>(REMEMBERED) ?? {});
  if (reading === undefined) return;
  await memory.update(REMEMBERED, { voice: reading.voice, format: reading.format });
  const batch = vscode.Uri.file(await writeReading(reading, vscode.l10n.t));
  await vscode.window.showTextDocument(batch, { preserveFocus: true });
  await starter.start(batch);
}

function documents({ l10n }: Vscode): FileKind {
  return {
    endings: ['md', 'markdown', 'txt'],
    icon: (path) => (path.endsWith('.txt') ? 'file' : 'markdown'),
    which: l10n.t('Which documents?'),
    none: l10n.t('No Markdown or text file in this workspace.'),
  };
}

/** Writes the batch file. Answers its path; rejects with code EEXIST when a file stands there already. */
export async function writeReading(
  { name, folder, files, result, voice, format }: Reading,
  t: Vscode['l10n']['t'],
): Promise<string> {
  const about = t('Change this file and run it again: what is made already is kept.');
  const batch = {
    name,
    inputs: { files: filesInput({ patterns: files }) },
    steps: [{ uses: 'speak', with: { voice } }],
    output: `out/${slug(name)}/${result}.${format}`,
    concurrency: 2,
    retries: 1,
  };
  const file = batchFileOf(name);
  await writeNew(folder, { [file]: `# ${about}\n${stringify(batch, { lineWidth: 0 })}` });
  return join(folder, file);
}

/** Asks how to speak the files that were found; which documents first, when there are none. */
async function ask(
  vscode: Vscode,
  given: AskedFiles,
  remembered: Remembered,
): Promise<Reading | undefined> {
  const { l10n } = vscode;
  const { length } = given.inputs;
  const title = length > 1 ? l10n.t('Speak {0} Documents', length) : l10n.t('Speak Documents');
  const wizard = new Wizard(vscode, title);
  let files = given;
  let voice = remembered.voice ?? DEFAULT_VOICE;
  let format = remembered.format ?? 'mp3';
  let name = '';
  const which = async () =>
    keep(await askFiles(vscode, wizard, given.folder, documents(vscode)), (value) => {
      files = value;
    });
  const answered = await wizard.ask([
    ...(length > 0 ? [] : [which]),
    async () =>
      keep(await askVoice(vscode, wizard, voice), (value) => {
        voice = value;
      }),
    async () =>
      keep(await askFormat(vscode, wizard, format), (value) => {
        format = value;
      }),
    async () => {
      const filesOf = (wanted: string): readonly string[] => [batchFileOf(wanted)];
      const suggestion = nameOver(files, l10n.t('Documents'));
      return keep(await askName(vscode, wizard, files.folder, suggestion, filesOf), (value) => {
        name = value;
      });
    },
  ]);
  if (!answered) return undefined;
  const { folder, inputs, patterns } = files;
  return { name, folder, files: patterns, result: distinctName(inputs, STEMS), voice, format };
}
