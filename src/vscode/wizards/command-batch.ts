import { join } from 'node:path';
import { stringify } from 'yaml';
import { layOut } from '../../batch/expand.ts';
import type { Input } from '../../batch/inputs.ts';
import { parseBatch } from '../../batch/parse.ts';
import { placeholdersIn } from '../../batch/placeholders.ts';
import { commandOf } from '../../runner/command.ts';
import { distinctName, STEMS } from './input-files.ts';
import { batchFileOf } from './new-files.ts';

/** A command that is to run over files. */
export interface CommandDraft {
  /** Patterns and paths, relative to the workspace. */
  readonly files: readonly string[];
  /** The program and its arguments, with placeholders. */
  readonly argv: readonly string[];
  /** Where results go, with placeholders; empty when nothing is kept. */
  readonly output: string;
}

/** What a command does with one file. */
export interface Expansion {
  readonly title: string;
  /** As the program is started; a result stands here in the place that it will have. */
  readonly argv: readonly string[];
  /** Relative to the workspace. */
  readonly output?: string;
}

/** Items whose expansion is shown. */
const SHOWN = 3;

/**
 * What the command does with the first files, found as a run finds it. Pure. Throws BatchError with what is
 * wrong for any of the files.
 */
export function expansions(
  draft: CommandDraft,
  inputs: readonly Input[],
  workspace: string,
): readonly Expansion[] {
  const file = join(workspace, batchFileOf(''));
  const plan = layOut(parseBatch(commandText('', draft), file), inputs, file, workspace);
  const [step] = plan.batch.steps;
  return plan.items.slice(0, SHOWN).flatMap((item) => {
    if (step === undefined) return [];
    const target = item.outputs.at(-1) ?? '';
    const { program, args } = commandOf(step, plan, item, item.file ?? '', target, '');
    const { title, output } = item;
    return { title, argv: [program, ...args], ...(output === undefined ? {} : { output }) };
  });
}

/**
 * The text of the batch file. `folder` is the way from it to the workspace, when it does not stand at the
 * workspace's root.
 */
export function commandText(name: string, draft: CommandDraft, folder?: string): string {
  const { argv, files, output } = draft;
  const [only, ...others] = files;
  return stringify(
    {
      ...(name === '' ? {} : { name }),
      ...(folder === undefined ? {} : { folder }),
      inputs: { files: others.length === 0 ? only : files },
      steps: [{ run: argv }],
      ...(output === '' ? {} : { output }),
    },
    { lineWidth: 0 },
  );
}

/** How a command's results come about: from a path that it is given, or from what it prints. */
export function resultsOf(argv: readonly string[]): 'file' | 'folder' | 'printed' {
  const names = argv.flatMap((word) => placeholdersIn(word));
  if (names.includes('outdir')) return 'folder';
  return names.includes('output') ? 'file' : 'printed';
}

/** Where the results of a command could go, in a folder of their own: a path for each of the files. */
export function suggestOutput(
  argv: readonly string[],
  inputs: readonly Input[],
  folder: string,
): string {
  const how = resultsOf(argv);
  if (how === 'file') {
    return `${folder}/${distinctName(inputs, ['{input.name}', '{input.dir}/{input.name}'])}`;
  }
  const name = distinctName(inputs, STEMS);
  return how === 'folder' ? `${folder}/${name}/` : `${folder}/${name}.txt`;
}
