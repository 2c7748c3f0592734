import { PLACEHOLDER_MEANINGS, PLACEHOLDERS } from './placeholders.ts';
import { valueAt } from './reading.ts';
import type { Step } from './schema.ts';
import { OWN_PLACEHOLDERS } from './uses.ts';

/** What of a step says which placeholders it takes. */
export type StepKind = Pick<Partial<Step>, 'uses' | 'warm' | 'shell'>;

/**
 * The names of the placeholders that a text of a batch file may have.
 *
 * @param path where the text stands in the file
 * @param step the step that it belongs to
 * @param columns `row.COLUMN` for each column of the inputs' rows
 */
export function placeholdersAt(
  path: readonly PropertyKey[],
  step: StepKind | undefined,
  columns: readonly string[],
): readonly string[] {
  const known = [...PLACEHOLDERS, ...columns];
  const inOutput = known.filter((name) => !['input', 'output', 'outdir'].includes(name));
  const key = path[0] === 'steps' ? path[2] : path[0];
  switch (key) {
    case 'output':
      return inOutput;
    case 'inputs':
      return path[1] === 'text' || path[1] === 'file' ? columns : [];
    case 'with':
      // A warm step is told its input and output by the protocol.
      if (step?.warm === true) return inOutput;
      return step?.uses === undefined
        ? known
        : [...known, ...Object.keys(OWN_PLACEHOLDERS[step.uses] ?? {})];
    case 'run':
    case 'env':
    case 'cwd':
      // One process serves all items; and a shell has variables.
      if (step?.warm === true || step?.uses !== undefined) return [];
      return key === 'run' && step?.shell === true ? [] : known;
    default:
      return [];
  }
}

/** The step that a path of a file leads through. The file may be half typed: the step may be anything. */
export function stepAt(path: readonly PropertyKey[], value: unknown): StepKind | undefined {
  if (path[0] !== 'steps' || path.length < 2) return undefined;
  const step = valueAt(value, path.slice(0, 2));
  return typeof step === 'object' && step !== null ? step : undefined;
}

/** What a placeholder stands for; `undefined` for one that is not there. Markdown of our own. */
export function placeholderMeaning(name: string, step: StepKind | undefined): string | undefined {
  if (name.startsWith('row.')) return "The row's value in this column.";
  const own = step?.uses === undefined ? undefined : OWN_PLACEHOLDERS[step.uses];
  const meanings: Readonly<Record<string, string>> = { ...PLACEHOLDER_MEANINGS, ...own };
  return Object.hasOwn(meanings, name) ? meanings[name] : undefined;
}
