import { basename, extname } from 'node:path';
import type { Uri } from 'vscode';
import type { Input } from '../../batch/inputs.ts';
import { plain } from '../plain.ts';
import type { Vscode } from '../vscode.ts';
import { patternsOf } from './file-patterns.ts';
import { filesFor, filesOrSay } from './input-files.ts';
import { pathFrom } from './new-files.ts';
import { chooseFolder, isFolder, selectedUris } from './selection.ts';
import type { Answer, Choice, Wizard } from './wizard.ts';

/** The files that a wizard is about. */
export interface FileKind {
  /** Their endings, without the dot. */
  readonly endings: readonly string[];
  /** Whether a file of such an ending, at an absolute path, is one; all of them without it. */
  readonly fits?: (path: string) => Promise<boolean>;
  /** Name of a codicon for such a file. */
  readonly icon: (path: string) => string;
  /** What is asked, and what is said when the workspace has none. */
  readonly which: string;
  readonly none: string;
}

/** Files of a workspace folder. */
export interface AskedFiles {
  /** Absolute path of the workspace folder. */
  readonly folder: string;
  /** Patterns and paths, relative to it; empty when the person is still to be asked. */
  readonly patterns: readonly string[];
  /** What they find. */
  readonly inputs: readonly Input[];
}

const NOT_INPUTS = '**/{node_modules,.git,.sluice,out}/**';
const SHOWN = 500;

/**
 * The files that a command was called on: those of the kind that are selected, and the ones in a selected folder.
 * `undefined` when there is no workspace folder, or no such file where some are meant, which the person is told.
 */
export async function filesCalledOn(
  vscode: Vscode,
  called: readonly unknown[],
  kind: FileKind,
): Promise<AskedFiles | undefined> {
  const selected = await ofKind(vscode, selectedUris(vscode, called), kind);
  const folder = await chooseFolder(vscode, selected[0]);
  if (folder === undefined) return undefined;
  const { patterns } = await patternsOf(vscode, selected, folder, globOf(kind));
  const inputs = patterns.length === 0 ? [] : await filesOrSay(vscode, patterns, folder);
  return inputs && { folder, patterns, inputs };
}

/** Asks which files of the workspace folder; the one in the editor is chosen to begin with. */
export async function askFiles(
  vscode: Vscode,
  wizard: Wizard,
  folder: string,
  kind: FileKind,
): Promise<Answer<AskedFiles>> {
  const { RelativePattern, ThemeIcon, window, workspace } = vscode;
  const active = window.activeTextEditor?.document.uri.toString();
  const all = new RelativePattern(folder, `**/${globOf(kind)}`);
  const found = await workspace.findFiles(all, NOT_INPUTS, SHOWN);
  const fits = await Promise.all(
    found.map(async ({ fsPath }) => (await kind.fits?.(fsPath)) ?? true),
  );
  const choices = found
    .filter((_, index) => fits[index])
    .map((uri): Choice<string> => {
      const path = pathFrom(folder, uri.fsPath);
      return {
        label: plain(path),
        iconPath: new ThemeIcon(kind.icon(path)),
        picked: uri.toString() === active,
        value: path,
      };
    })
    .sort((a, b) => Number(b.picked) - Number(a.picked) || a.label.localeCompare(b.label));
  const placeholder = choices.length > 0 ? kind.which : kind.none;
  const answer = await wizard.pickMany({ placeholder, choices });
  if (answer === 'back' || answer === 'away') return answer;
  const inputs = await filesFor(answer.value, folder);
  return { value: { folder, patterns: answer.value, inputs } };
}

/** A name for a batch over files: that of the one file or folder, otherwise `several`. */
export function nameOver({ patterns }: AskedFiles, several: string): string {
  const [first = '', ...others] = patterns;
  const [path = ''] = first.split('/**');
  const name = basename(path, extname(path));
  return others.length > 0 || name === '' ? several : name;
}

/** `inputs: { files }` of a batch file. */
export function filesInput({ patterns }: Pick<AskedFiles, 'patterns'>): string | readonly string[] {
  const [only, ...others] = patterns;
  return only === undefined || others.length > 0 ? patterns : only;
}

/** A selection may have other files in it. */
async function ofKind(
  vscode: Vscode,
  selected: readonly Uri[],
  { endings }: FileKind,
): Promise<readonly Uri[]> {
  const isMeant = async (uri: Uri): Promise<boolean> =>
    endings.includes(extname(uri.path).slice(1).toLowerCase()) || isFolder(vscode, uri);
  const meant = await Promise.all(selected.map(isMeant));
  return selected.filter((_, index) => meant[index]);
}

function globOf({ endings }: FileKind): string {
  return `*.{${endings.join(',')}}`;
}
