import type { Input } from '../../batch/inputs.ts';
import { shellWordIn, showCommand } from '../../process/command-line.ts';
import { plain } from '../plain.ts';
import type { Vscode } from '../vscode.ts';
import { type CommandDraft, expansions } from './command-batch.ts';
import { filesFor, problemOf } from './input-files.ts';
import type { Preview, PreviewRow } from './wizard.ts';

const NAMES_SHOWN = 6;

/** How many files a pattern finds, and the names of the first. */
export async function previewFiles(
  vscode: Vscode,
  pattern: string,
  workspace: string,
): Promise<Preview> {
  const { l10n, ThemeIcon } = vscode;
  try {
    const inputs = await filesFor([pattern], workspace);
    const count = inputs.length === 1 ? l10n.t('1 file') : l10n.t('{0} files', inputs.length);
    const rows = inputs.slice(0, NAMES_SHOWN).map(({ title }) => ({ label: plain(title) }));
    return {
      ready: true,
      rows: [
        { label: count, iconPath: new ThemeIcon('files') },
        ...rows,
        ...rest(vscode, inputs.length - rows.length),
      ],
    };
  } catch (error) {
    return previewProblem(vscode, problemOf(error));
  }
}

/** What a command does with the first files, and where their results go. */
export function previewCommand(
  vscode: Vscode,
  draft: CommandDraft,
  inputs: readonly Input[],
  workspace: string,
): Preview {
  const { l10n, ThemeIcon } = vscode;
  try {
    const rows = expansions(draft, inputs, workspace).map(
      ({ title, output, argv }): PreviewRow => ({
        label: plain(title),
        ...(output === undefined ? {} : { description: plain(`→ ${output}`) }),
        detail: plain(showCommand(argv)),
      }),
    );
    const word = shellWordIn(draft.argv);
    const note: PreviewRow = {
      label: l10n.t('There is no shell: {0} is handed to the program as it stands.', word ?? ''),
      iconPath: new ThemeIcon('info'),
    };
    return {
      ready: true,
      rows: [
        ...rows,
        ...rest(vscode, inputs.length - rows.length),
        ...(word === undefined ? [] : [note]),
      ],
    };
  } catch (error) {
    return previewProblem(vscode, problemOf(error));
  }
}

export function previewProblem({ ThemeIcon }: Vscode, { message, hint }: Wrong): Preview {
  const row: PreviewRow = {
    label: plain(message),
    ...(hint === undefined ? {} : { detail: plain(hint) }),
    iconPath: new ThemeIcon('error'),
  };
  return { ready: false, rows: [row] };
}

type Wrong = ReturnType<typeof problemOf>;

function rest({ l10n }: Vscode, count: number): PreviewRow[] {
  return count > 0 ? [{ label: l10n.t('and {0} more', count) }] : [];
}
