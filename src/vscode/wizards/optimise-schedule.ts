import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Memento } from 'vscode';
import { stringify } from 'yaml';
import { slug } from '../../batch/placeholders.ts';
import type { AlgorithmName } from '../../batch/uses/schedule.ts';
import type { Starter } from '../starter.ts';
import { requireTrust } from '../trust.ts';
import type { Vscode } from '../vscode.ts';
import { type AskedFiles, askFiles, filesCalledOn, filesInput, nameOver } from './asked-files.ts';
import { distinctName, STEMS } from './input-files.ts';
import { batchFileOf, writeNew } from './new-files.ts';
import { askName } from './questions.ts';
import { algorithmChoices, askSeconds, isSearch, problems } from './scheduling.ts';
import { keep, type Way, Wizard } from './wizard.ts';

const REMEMBERED = 'sluice.optimiseSchedule';

interface Choices {
  readonly algorithm: AlgorithmName;
  readonly seconds: number;
}

/** What the person chose. */
export interface Optimising extends Choices {
  readonly name: string;
  readonly files: AskedFiles;
}

/**
 * Asks for tasks and how to schedule them, writes a batch file that can be read and changed, and runs it. `called` is
 * what the command was called with: files, or nothing.
 */
export async function optimiseSchedule(
  vscode: Vscode,
  starter: Starter,
  memory: Memento,
  called: readonly unknown[],
): Promise<void> {
  if (!(await requireTrust(vscode))) return;
  const files = await filesCalledOn(vscode, called, problems(vscode));
  const before = memory.get<Choices>(REMEMBERED) ?? { algorithm: 'SA', seconds: 10 };
  const optimising = files && (await ask(vscode, files, before));
  if (optimising === undefined) return;
  const { algorithm, seconds } = optimising;
  await memory.update(REMEMBERED, { algorithm, seconds });
  const batch = vscode.Uri.file(await writeOptimising(optimising, vscode.l10n.t));
  await vscode.window.showTextDocument(batch, { preserveFocus: true });
  await starter.start(batch);
}

/** Writes the batch file. Answers its path; rejects with code EEXIST when a file stands there already. */
export async function writeOptimising(
  { name, files, algorithm, seconds }: Optimising,
  t: Vscode['l10n']['t'],
): Promise<string> {
  const about = t('Change this file and run it again: what is made already is kept.');
  const search = { algorithm, time_limit: seconds, starts: availableParallelism() };
  const batch = {
    name,
    inputs: { files: filesInput(files) },
    steps: [{ uses: 'schedule', with: isSearch(algorithm) ? search : { algorithm } }],
    output: `out/${slug(name)}/${distinctName(files.inputs, STEMS)}.csv`,
  };
  const file = batchFileOf(name);
  await writeNew(files.folder, { [file]: `# ${about}\n${stringify(batch, { lineWidth: 0 })}` });
  return join(files.folder, file);
}

async function ask(
  vscode: Vscode,
  given: AskedFiles,
  before: Choices,
): Promise<Optimising | undefined> {
  const { l10n } = vscode;
  const wizard = new Wizard(vscode, l10n.t('Optimise Schedule'));
  let files = given;
  let { algorithm, seconds } = before;
  let name = '';
  const which = async () =>
    keep(await askFiles(vscode, wizard, given.folder, problems(vscode)), (value) => {
      files = value;
    });
  const how = async (): Promise<Way> => {
    const answer = await wizard.pick({
      placeholder: l10n.t('Which algorithm?'),
      first: algorithm,
      choices: algorithmChoices(vscode),
    });
    const way = keep(answer, (value) => {
      algorithm = value;
    });
    if (way !== 'on' || !isSearch(algorithm)) return way;
    const prompt = l10n.t(
      'How long is it to search? It can be stopped earlier, with the best so far.',
    );
    const time = await askSeconds(vscode, wizard, prompt, seconds);
    if (time === 'back') return how();
    return keep(time, (value) => {
      seconds = Number(value);
    });
  };
  const answered = await wizard.ask([
    ...(given.inputs.length > 0 ? [] : [which]),
    how,
    async () => {
      const filesOf = (wanted: string): readonly string[] => [batchFileOf(wanted)];
      const suggestion = l10n.t('Schedule of {0}', nameOver(files, l10n.t('several')));
      return keep(await askName(vscode, wizard, files.folder, suggestion, filesOf), (value) => {
        name = value;
      });
    },
  ]);
  return answered ? { name, files, algorithm, seconds } : undefined;
}
