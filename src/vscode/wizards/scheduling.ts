import { open } from 'node:fs/promises';
import { ALGORITHMS, type AlgorithmName } from '../../batch/uses/schedule.ts';
import { looksLikeProblem } from '../../engines/scheduling/looks-like.ts';
import type { Vscode } from '../vscode.ts';
import type { FileKind } from './asked-files.ts';
import type { Answer, Choice, Wizard } from './wizard.ts';

/** What the wizards about schedules ask. */

/** Of a file so much is read to see whether it has tasks, in bytes. */
const SNIFFED = 64 << 10;
const MOST_SECONDS = 86_400;

export function problems({ l10n }: Vscode): FileKind {
  return {
    endings: [
      'yaml',
      'yml',
      'json',
      'csv',
      'txt',
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
    ],
    icon: () => 'list-flat',
    which: l10n.t('Which tasks?'),
    none: l10n.t('No file with tasks in this workspace. New Batch… makes an example.'),
    fits: async (path) => looksLikeProblem(await beginningOf(path), path),
  };
}

async function beginningOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED), 0, SNIFFED, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The algorithms that get better with time; the others are done at once and know no chance. */
export const SEARCHES: readonly AlgorithmName[] = ['SA', 'TABU', 'GA', 'ACO', 'PSO'];

export function isSearch(algorithm: AlgorithmName): boolean {
  return SEARCHES.includes(algorithm);
}

export function algorithmChoices(
  { l10n, ThemeIcon }: Vscode,
  picked: readonly AlgorithmName[] = [],
): readonly Choice<AlgorithmName>[] {
  const about: Record<AlgorithmName, string> = {
    SA: l10n.t('simulated annealing: the best in most cases'),
    TABU: l10n.t('tabu search'),
    GA: l10n.t('genetic algorithm'),
    ACO: l10n.t('ant colony'),
    PSO: l10n.t('particle swarm'),
    MIN_MIN: l10n.t('rule: what can end first'),
    MAX_MIN: l10n.t('rule: what ends last of all that end first'),
    SUFFERAGE: l10n.t('rule: what would suffer most elsewhere'),
    HEFT: l10n.t('rule: for tasks that wait for each other'),
    ROUND_ROBIN: l10n.t('rule: the machines in turn'),
    FCFS: l10n.t('rule: first come, first served'),
  };
  return ALGORITHMS.map((name) => ({
    label: name,
    description: about[name],
    iconPath: new ThemeIcon(isSearch(name) ? 'graph-line' : 'zap'),
    picked: picked.includes(name),
    value: name,
  }));
}

/** Seconds of a search. */
export function askSeconds(
  { l10n }: Vscode,
  wizard: Wizard,
  prompt: string,
  value: number,
): Promise<Answer<string>> {
  return wizard.input({
    back: true,
    placeholder: l10n.t('Seconds'),
    prompt,
    value: String(value),
    check: async (typed) => {
      const seconds = Number(typed);
      const right = typed.trim() !== '' && seconds > 0 && seconds <= MOST_SECONDS;
      return right ? undefined : l10n.t('A number of seconds, {0} at most.', MOST_SECONDS);
    },
  });
}
