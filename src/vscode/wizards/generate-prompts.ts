import { basename, extname } from 'node:path';
import type { Uri } from 'vscode';
import { plain } from '../plain.ts';
import type { Vscode } from '../vscode.ts';
import { type Prompts, promptsIn } from './generate-files.ts';
import type { Answer, Choice, Wizard } from './wizard.ts';

const FILES_SHOWN = 200;
const NAME_WORDS = 5;

type Source = { readonly uri: Uri } | 'type' | 'clipboard' | 'browse';

/** Asks where the prompts come from, and for the prompts themselves when they are to be typed. */
export async function askPrompts(vscode: Vscode, wizard: Wizard): Promise<Answer<Prompts>> {
  const { l10n, window } = vscode;
  const source = await wizard.pick<Source>({
    placeholder: l10n.t('Where are the prompts? One prompt a line.'),
    choices: await choices(vscode),
  });
  if (source === 'back' || source === 'away') return source;
  if (source.value === 'clipboard') return pastePrompts(vscode);
  if (source.value === 'type') return typePrompts(vscode, wizard);
  if (source.value !== 'browse') return { value: { file: source.value.uri.fsPath } };
  const [chosen] =
    (await window.showOpenDialog({
      title: l10n.t('Choose a file with a prompt a line'),
      filters: { [l10n.t('Text')]: ['txt', 'md', 'csv'] },
    })) ?? [];
  return chosen === undefined ? 'back' : { value: { file: chosen.fsPath } };
}

/** A name to begin with: the prompts file's, or the first prompt's beginning. */
export function suggestName(prompts: Prompts): string {
  if ('file' in prompts) return basename(prompts.file, extname(prompts.file));
  const words = (prompts.lines[0] ?? '').split(/\s+/).slice(0, NAME_WORDS).join(' ');
  return words.replace(/[^\p{L}\p{N}]+$/u, '') || 'audio';
}

async function choices(vscode: Vscode): Promise<Choice<Source>[]> {
  const { l10n, ThemeIcon, window, workspace } = vscode;
  const active = window.activeTextEditor?.document.uri;
  const found = await workspace.findFiles(
    '**/*.{txt,csv}',
    '**/{node_modules,.git,.sluice,out}/**',
    FILES_SHOWN,
  );
  const files = found
    .map(
      (uri): Choice<Source> => ({
        label: plain(workspace.asRelativePath(uri)),
        iconPath: new ThemeIcon('file'),
        value: { uri },
        ...(uri.toString() === active?.toString() ? { description: l10n.t('in the editor') } : {}),
      }),
    )
    .sort((a, b) => rank(a) - rank(b) || a.label.localeCompare(b.label));
  return [
    { label: l10n.t('Type prompts…'), iconPath: new ThemeIcon('edit'), value: 'type' },
    {
      label: l10n.t('Paste from the clipboard'),
      iconPath: new ThemeIcon('clippy'),
      value: 'clipboard',
    },
    ...files,
    { label: l10n.t('Choose another file…'), iconPath: new ThemeIcon('folder'), value: 'browse' },
  ];
}

/** The file in the editor comes first. */
function rank(choice: Choice<Source>): number {
  return choice.description === undefined ? 1 : 0;
}

/** The clipboard is read when it is asked for and not before: a browser asks the person for leave. */
async function pastePrompts(vscode: Vscode): Promise<Answer<Prompts>> {
  const { env, l10n, window } = vscode;
  const lines = promptsIn(await env.clipboard.readText());
  if (lines.length > 0) return { value: { lines } };
  void window.showInformationMessage(l10n.t('There is no text on the clipboard.'));
  return 'back';
}

/** One prompt after another; an empty one ends the list, going back takes the last one out again. */
async function typePrompts(vscode: Vscode, wizard: Wizard): Promise<Answer<Prompts>> {
  const { l10n } = vscode;
  const lines: string[] = [];
  let value = '';
  for (;;) {
    const answer = await wizard.input({
      back: true,
      placeholder: l10n.t('Prompt {0}', lines.length + 1),
      prompt:
        lines.length === 0
          ? l10n.t('What is to be spoken or written about. The next prompt is asked for after it.')
          : l10n.t('Another prompt, or nothing to go on with {0}.', lines.length),
      value,
      check: async (text) =>
        text.trim() === '' && lines.length === 0
          ? l10n.t('At least one prompt is needed.')
          : undefined,
    });
    if (answer === 'away') return answer;
    if (answer === 'back') {
      const last = lines.pop();
      if (last === undefined) return 'back';
      value = last;
    } else if (answer.value.trim() === '') {
      return { value: { lines } };
    } else {
      lines.push(answer.value.trim());
      value = '';
    }
  }
}
