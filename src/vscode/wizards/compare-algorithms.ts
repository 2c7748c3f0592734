import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Memento } from 'vscode';
import { stringify } from 'yaml';
import { slug } from '../../batch/placeholders.ts';
import type { AlgorithmName } from '../../batch/uses/schedule.ts';
import type { Starter } from '../starter.ts';
import { requireTrust } from '../trust.ts';
import type { Vscode } from '../vscode.ts';
import { type AskedFiles, askFiles, filesCalledOn, nameOver } from './asked-files.ts';
import { batchFileOf, writeNew } from './new-files.ts';
import { askName } from './questions.ts';
import { algorithmChoices, askSeconds, isSearch, problems, SEARCHES } from './scheduling.ts';
import { keep, Wizard } from './wizard.ts';

const REMEMBERED = 'sluice.compareAlgorithms';
const MOST_SEEDS = 100;

interface Choices {
  readonly algorithms: readonly AlgorithmName[];
  /** How many seeds for each search: 1, 2 and so on. */
  readonly seeds: number;
  readonly seconds: number;
}

/** What the person chose. */
export interface Comparing extends Choices {
  readonly name: string;
  readonly files: AskedFiles;
}

/**
 * Asks for tasks and algorithms, writes a batch with an item for each algorithm and seed, and runs it: the panel shows
 * the curves in one drawing, and their means. `called` is what the command was called with: a file, or nothing.
 */
export async function compareAlgorithms(
  vscode: Vscode,
  starter: Starter,
  memory: Memento,
  called: readonly unknown[],
): Promise<void> {
  if (!(await requireTrust(vscode))) return;
  const files = await filesCalledOn(vscode, called, problems(vscode));
  const before = memory.get<Choices>(REMEMBERED) ?? {
    algorithms: [...SEARCHES, 'MIN_MIN'],
    seeds: 3,
    seconds: 10,
  };
  const comparing = files && (await ask(vscode, files, before));
  if (comparing === undefined) return;
  const { algorithms, seeds, seconds } = comparing;
  await memory.update(REMEMBERED, { algorithms, seeds, seconds });
  const batch = vscode.Uri.file(await writeComparison(comparing, vscode.l10n.t));
  await vscode.window.showTextDocument(batch, { preserveFocus: true });
  await starter.start(batch);
}

/** Writes the batch file and its rows. Answers its path; rejects with code EEXIST when a file stands there already. */
export async function writeComparison(
  comparing: Comparing,
  t: Vscode['l10n']['t'],
): Promise<string> {
  const { name, files, seconds } = comparing;
  const about = t('An item for each row of the table. Change both and run this again.');
  const batch = {
    name,
    inputs: { rows: rowsFileOf(name), file: files.patterns[0] },
    steps: [
      {
        uses: 'schedule',
        with: { algorithm: '{row.algorithm}', seed: '{row.seed}', time_limit: seconds },
      },
    ],
    output: `out/${slug(name)}/{row.algorithm}-{row.seed}.csv`,
    concurrency: availableParallelism(),
  };
  const rows = searchesOf(comparing).map(({ algorithm, seed }) =>
    [isSearch(algorithm) ? `${algorithm} ${seed}` : algorithm, algorithm, seed].join(','),
  );
  const file = batchFileOf(name);
  await writeNew(files.folder, {
    [rowsFileOf(name)]: `${['name,algorithm,seed', ...rows].join('\n')}\n`,
    [file]: `# ${about}\n${stringify(batch, { lineWidth: 0 })}`,
  });
  return join(files.folder, file);
}

/** Every algorithm with every seed; a rule knows no chance, and comes once. */
function searchesOf({ algorithms, seeds }: Pick<Choices, 'algorithms' | 'seeds'>) {
  return algorithms.flatMap((algorithm) =>
    Array.from({ length: isSearch(algorithm) ? seeds : 1 }, (_, index) => ({
      algorithm,
      seed: index + 1,
    })),
  );
}

function rowsFileOf(name: string): string {
  return `${slug(name)}.csv`;
}

async function ask(
  vscode: Vscode,
  given: AskedFiles,
  before: Choices,
): Promise<Comparing | undefined> {
  const { l10n } = vscode;
  const wizard = new Wizard(vscode, l10n.t('Compare Algorithms'));
  let files = given;
  let { algorithms, seeds, seconds } = before;
  let name = '';
  const which = async () =>
    keep(await askFiles(vscode, wizard, given.folder, problems(vscode)), (value) => {
      files = value;
    });
  const answered = await wizard.ask([
    ...(given.inputs.length > 0 ? [] : [which]),
    async () =>
      keep(
        await wizard.pickMany({
          placeholder: l10n.t('Which algorithms?'),
          choices: algorithmChoices(vscode, algorithms),
        }),
        (value) => {
          algorithms = value;
        },
      ),
    async () =>
      keep(
        await wizard.input({
          placeholder: l10n.t('Seeds'),
          prompt: l10n.t('How many times each search? Each time with other random numbers.'),
          value: String(seeds),
          check: async (typed) =>
            /^\d+$/.test(typed.trim()) && Number(typed) >= 1 && Number(typed) <= MOST_SEEDS
              ? undefined
              : l10n.t('A whole number from {0} to {1}.', 1, MOST_SEEDS),
        }),
        (value) => {
          seeds = Number(value);
        },
      ),
    async () => {
      const count = searchesOf({ algorithms, seeds }).filter(({ algorithm }) =>
        isSearch(algorithm),
      ).length;
      const rounds = Math.ceil(count / availableParallelism());
      const prompt = l10n.t(
        'Seconds of each search. There are {0}, {1} at once: {2} times as long in all.',
        count,
        availableParallelism(),
        rounds,
      );
      return keep(await askSeconds(vscode, wizard, prompt, seconds), (value) => {
        seconds = Number(value);
      });
    },
    async () => {
      const filesOf = (wanted: string): readonly string[] => [
        batchFileOf(wanted),
        rowsFileOf(wanted),
      ];
      const suggestion = l10n.t('Comparison on {0}', nameOver(files, l10n.t('several')));
      return keep(await askName(vscode, wizard, files.folder, suggestion, filesOf), (value) => {
        name = value;
      });
    },
  ]);
  return answered ? { name, files, algorithms, seeds, seconds } : undefined;
}
