import { join } from 'node:path';
import type { Memento } from 'vscode';
import { stringify } from 'yaml';
import { slug } from '../../batch/placeholders.ts';
import { modelStore } from '../../models/store.ts';
import { fetchModels } from '../engines/fetch-models.ts';
import { settingsEnvironment } from '../settings.ts';
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
import { askFormat, askName } from './questions.ts';
import {
  askMethod,
  askWanted,
  knowsVocals,
  type Method,
  separation,
  type Wanted,
  WEIGHTS,
} from './separation.ts';
import { keep, type Way, Wizard } from './wizard.ts';

const REMEMBERED = 'sluice.separateStems';
const FORMATS: readonly Format[] = ['wav', 'flac', 'mp3'];

interface Choices {
  readonly method?: Method | undefined;
  readonly wanted: Wanted;
  readonly format: Format;
}

/** What the person chose. */
export interface Separating extends Choices {
  readonly method: Method;
  readonly name: string;
  readonly files: AskedFiles;
}

/**
 * Asks how to separate songs, gets what that needs, writes a batch file that can be read and changed, and runs it.
 * `called` is what the command was called with: files and folders, or nothing.
 */
export async function separateStems(
  vscode: Vscode,
  starter: Starter,
  memory: Memento,
  called: readonly unknown[],
): Promise<void> {
  if (!(await requireTrust(vscode))) return;
  let files = await filesCalledOn(vscode, called, songs(vscode));
  let chosen = memory.get<Choices>(REMEMBERED) ?? { wanted: 'all', format: 'wav' };
  for (;;) {
    const separating = files && (await ask(vscode, files, chosen));
    if (separating === undefined) return;
    const { method, wanted, format } = separating;
    ({ files } = separating);
    chosen = { method, wanted, format };
    // Who accepts no licence, or does not want to wait, may choose another way.
    if (!(await fetchModels(vscode, storeOf(vscode), WEIGHTS[method]))) continue;
    await memory.update(REMEMBERED, chosen);
    const batch = vscode.Uri.file(await writeSeparation(separating, vscode.l10n.t));
    await vscode.window.showTextDocument(batch, { preserveFocus: true });
    await starter.start(batch);
    return;
  }
}

function songs({ l10n }: Vscode): FileKind {
  return {
    endings: ['mp3', 'wav', 'flac', 'ogg', 'opus', 'm4a', 'aac', 'aif', 'aiff', 'wma'],
    icon: () => 'file-media',
    which: l10n.t('Which songs?'),
    none: l10n.t('No sound file in this workspace.'),
  };
}

function storeOf(vscode: Vscode) {
  return modelStore({ ...process.env, ...settingsEnvironment(vscode) });
}

/** Writes the batch file. Answers its path; rejects with code EEXIST when a file stands there already. */
export async function writeSeparation(
  { name, files, method, wanted, format }: Separating,
  t: Vscode['l10n']['t'],
): Promise<string> {
  const about = t('Change this file and run it again: what is made already is kept.');
  const batch = {
    name,
    inputs: { files: filesInput(files) },
    steps: [{ uses: 'separate', with: separation(method, wanted, format) }],
    output: `out/${slug(name)}/${distinctName(files.inputs, STEMS)}/`,
  };
  const file = batchFileOf(name);
  await writeNew(files.folder, { [file]: `# ${about}\n${stringify(batch, { lineWidth: 0 })}` });
  return join(files.folder, file);
}

/** Asks how to separate the songs that were found; which ones first, when there are none. */
async function ask(
  vscode: Vscode,
  given: AskedFiles,
  before: Choices,
): Promise<Separating | undefined> {
  const { l10n } = vscode;
  const { length } = given.inputs;
  const title =
    length > 1 ? l10n.t('Separate Stems of {0} Songs', length) : l10n.t('Separate Stems');
  const wizard = new Wizard(vscode, title);
  let files = given;
  let { method, wanted, format } = before;
  let name = '';
  const which = async () =>
    keep(await askFiles(vscode, wizard, given.folder, songs(vscode)), (value) => {
      files = value;
    });
  const how = async (): Promise<Way> => {
    const way = keep(await askMethod(vscode, wizard, storeOf(vscode), method), (value) => {
      method = value;
    });
    if (way !== 'on' || method === undefined || !knowsVocals(method)) return way;
    const answer = await askWanted(vscode, wizard, wanted);
    if (answer === 'back') return how();
    return keep(answer, (value) => {
      wanted = value;
    });
  };
  const answered = await wizard.ask([
    ...(length > 0 ? [] : [which]),
    how,
    async () =>
      keep(await askFormat(vscode, wizard, format, FORMATS), (value) => {
        format = value;
      }),
    async () => {
      const filesOf = (wantedName: string): readonly string[] => [batchFileOf(wantedName)];
      const suggestion = l10n.t('Stems of {0}', nameOver(files, l10n.t('songs')));
      return keep(await askName(vscode, wizard, files.folder, suggestion, filesOf), (value) => {
        name = value;
      });
    },
  ]);
  if (!answered || method === undefined) return undefined;
  return { name, files, method, wanted, format };
}
