import { dirname, join } from 'node:path';
import { plain } from '../plain.ts';
import type { Vscode } from '../vscode.ts';
import { batchFileOf, type NewFiles, writeNew } from './new-files.ts';
import { askName } from './questions.ts';
import { chooseFolder, isFolder, selectedUris } from './selection.ts';
import { EDIT, type Template, templates } from './templates.ts';
import { keep, Wizard } from './wizard.ts';

/**
 * Asks for a template and a name, writes the files and opens the batch file where it is to be edited. `called`
 * is what the command was called with: a folder or a file beside which they go, or nothing.
 */
export async function newBatch(vscode: Vscode, called: readonly unknown[]): Promise<void> {
  const [selected] = selectedUris(vscode, called.slice(0, 1));
  const workspace = await chooseFolder(vscode, selected);
  if (workspace === undefined) return;
  const beside = selected !== undefined && !(await isFolder(vscode, selected));
  const folder = beside ? dirname(selected.fsPath) : (selected?.fsPath ?? workspace);
  const all = templates(vscode);
  const wizard = new Wizard(vscode, vscode.l10n.t('New Batch'));
  let [template] = all;
  let name = '';
  const answered = await wizard.ask([
    async () =>
      keep(await askTemplate(vscode, wizard, all, template), (value) => {
        template = value;
      }),
    async () => {
      if (template === undefined) return 'away';
      const filesOf = (wanted: string): readonly string[] => filesOfTemplate(template, wanted);
      const answer = await askName(vscode, wizard, folder, template.label, filesOf);
      return keep(answer, (value) => {
        name = value;
      });
    },
  ]);
  if (!answered || template === undefined) return;
  await open(vscode, await writeTemplate(template, name, folder));
}

/** A batch file that was written, and what is to be edited first in it: places in its text. */
export interface Written {
  readonly path: string;
  readonly edit: { readonly start: number; readonly end: number };
}

/** Writes the files of a template. Rejects with code EEXIST, having changed nothing, when one is there. */
export async function writeTemplate(
  template: Template,
  name: string,
  folder: string,
): Promise<Written> {
  const [before = '', edited = '', after = ''] = template.batch(name).split(EDIT);
  const file = batchFileOf(name);
  const files: NewFiles = { ...template.files?.(name), [file]: before + edited + after };
  await writeNew(folder, files);
  const start = before.length;
  return { path: join(folder, file), edit: { start, end: start + edited.length } };
}

function filesOfTemplate(template: Template | undefined, name: string): readonly string[] {
  return [batchFileOf(name), ...Object.keys(template?.files?.(name) ?? {})];
}

function askTemplate(
  vscode: Vscode,
  wizard: Wizard,
  all: readonly Template[],
  first: Template | undefined,
) {
  const { l10n, ThemeIcon } = vscode;
  return wizard.pick<Template>({
    placeholder: l10n.t('What is it to do?'),
    ...(first === undefined ? {} : { first }),
    choices: all.map((template) => ({
      label: plain(template.label),
      description: template.about,
      iconPath: new ThemeIcon(template.icon),
      value: template,
    })),
  });
}

async function open({ Range, Uri, window, workspace }: Vscode, written: Written): Promise<void> {
  const document = await workspace.openTextDocument(Uri.file(written.path));
  const { start, end } = written.edit;
  const selection = new Range(document.positionAt(start), document.positionAt(end));
  await window.showTextDocument(document, { selection, preview: false });
}
