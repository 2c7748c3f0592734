import { basename, extname, join } from 'node:path';
import type { Memento, Uri } from 'vscode';
import { stringify } from 'yaml';
import type { Input } from '../../batch/inputs.ts';
import { slug } from '../../batch/placeholders.ts';
import { plain } from '../plain.ts';
import type { Starter } from '../starter.ts';
import { requireTrust } from '../trust.ts';
import type { Vscode } from '../vscode.ts';
import { patternsOf } from './file-patterns.ts';
import type { Format } from './formats.ts';
import { distinctName, filesFor, filesOrSay, STEMS } from './input-files.ts';
import { batchFileOf, pathFrom, writeNew } from './new-files.ts';
import { askFormat, askName, askVoice } from './questions.ts';
import { chooseFolder, isFolder, selectedUris } from './selection.ts';
import { DEFAULT_VOICE } from './voices.ts';
import { type Answer, type Choice, keep, type Way, Wizard } from './wizard.ts';

const REMEMBERED = 'sluice.speakDocuments';
const DOCUMENTS = '*.{md,markdown,txt}';
const DOCUMENTS_SHOWN = 500;
const DOCUMENT = /\.(md|markdown|txt)$/i;

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
  const selected = await documentsAmong(vscode, selectedUris(vscode, called));
  const folder = await chooseFolder(vscode, selected[0]);
  if (folder === undefined) return;
  const { patterns } = await patternsOf(vscode, selected, folder, DOCUMENTS);
  const inputs = patterns.length === 0 ? [] : await filesOrSay(vscode, patterns, folder);
  if (inputs === undefined) return;
  const remembered = memory.get<Remembered>(REMEMBERED) ?? {};
  const reading = await ask(vscode, folder, patterns, inputs, remembered);
  if (reading === undefined) return;
  await memory.update(REMEMBERED, { voice: reading.voice, format: reading.format });
  const batch = vscode.Uri.file(await writeReading(reading, vscode.l10n.t));
  await vscode.window.showTextDocument(batch, { preserveFocus: true });
  await starter.start(batch);
}

/** Writes the batch file. Answers its path; rejects with code EEXIST when a file stands there already. */
export async function writeReading(
  { name, folder, files, result, voice, format }: Reading,
  t: Vscode['l10n']['t'],
): Promise<string> {
  const [only, ...others] = files;
  const about = t('Change this file and run it again: what is made already is kept.');
  const batch = {
    name,
    inputs: { files: others.length === 0 ? only : files },
    steps: [{ uses: 'speak', with: { voice } }],
    output: `out/${slug(name)}/${result}.${format}`,
    concurrency: 2,
    retries: 1,
  };
  const file = batchFileOf(name);
  await writeNew(folder, { [file]: `# ${about}\n${stringify(batch, { lineWidth: 0 })}` });
  return join(folder, file);
}

/** A selection may have other files in it; of a folder the documents are taken. */
async function documentsAmong(vscode: Vscode, selected: readonly Uri[]): Promise<readonly Uri[]> {
  const taken = await Promise.all(
    selected.map(async (uri) => DOCUMENT.test(uri.path) || (await isFolder(vscode, uri))),
  );
  return selected.filter((_, index) => taken[index]);
}

/** Asks how to speak the files that `patterns` found; which documents first, when there are none. */
async function ask(
  vscode: Vscode,
  folder: string,
  patterns: readonly string[],
  inputs: readonly Input[],
  remembered: Remembered,
): Promise<Reading | undefined> {
  const { l10n } = vscode;
  const title =
    inputs.length > 1 ? l10n.t('Speak {0} Documents', inputs.length) : l10n.t('Speak Documents');
  const wizard = new Wizard(vscode, title);
  let files = patterns;
  let found = inputs;
  let voice = remembered.voice ?? DEFAULT_VOICE;
  let format = remembered.format ?? 'mp3';
  let name = '';
  const documents = async (): Promise<Way> => {
    const answer = await askDocuments(vscode, wizard, folder);
    if (answer === 'back' || answer === 'away') return answer;
    files = answer.value;
    found = await filesFor(files, folder);
    return 'on';
  };
  const answered = await wizard.ask([
    ...(inputs.length > 0 ? [] : [documents]),
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
      const answer = await askName(vscode, wizard, folder, suggestName(vscode, files), filesOf);
      return keep(answer, (value) => {
        name = value;
      });
    },
  ]);
  if (!answered) return undefined;
  return { name, folder, files, result: distinctName(found, STEMS), voice, format };
}

/** Asks which documents of the workspace folder; the one in the editor is chosen to begin with. */
async function askDocuments(
  vscode: Vscode,
  wizard: Wizard,
  folder: string,
): Promise<Answer<readonly string[]>> {
  const { l10n, RelativePattern, ThemeIcon, window, workspace } = vscode;
  const active = window.activeTextEditor?.document.uri.toString();
  const found = await workspace.findFiles(
    new RelativePattern(folder, `**/${DOCUMENTS}`),
    '**/{node_modules,.git,.sluice,out}/**',
    DOCUMENTS_SHOWN,
  );
  const choices = found
    .map((uri): Choice<string> => {
      const path = pathFrom(folder, uri.fsPath);
      return {
        label: plain(path),
        iconPath: new ThemeIcon(path.endsWith('.txt') ? 'file' : 'markdown'),
        picked: uri.toString() === active,
        value: path,
      };
    })
    .sort((a, b) => Number(b.picked) - Number(a.picked) || a.label.localeCompare(b.label));
  return wizard.pickMany({
    placeholder:
      choices.length > 0
        ? l10n.t('Which documents?')
        : l10n.t('No Markdown or text file in this workspace.'),
    choices,
  });
}

/** The name of the one document or folder. */
function suggestName({ l10n }: Vscode, [first = '', ...others]: readonly string[]): string {
  const [path = ''] = first.split('/**');
  const name = basename(path, extname(path));
  return others.length > 0 || name === '' ? l10n.t('Documents') : name;
}
