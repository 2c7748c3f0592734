import type { ItemHeader } from '../protocol/events.ts';
import type { MemoryNeeds } from './memory.ts';
import { placeholdersIn, type Values } from './placeholders.ts';
import type { Batch, Step } from './schema.ts';

/** An item with everything that is known before it runs. */
export interface ItemPlan extends ItemHeader {
  readonly text?: string;
  /** Absolute path of the input file. */
  readonly file?: string;
  /** What its placeholders stand for, but for `input`, `output` and `outdir` of a running step. */
  readonly values: Values;
  /** For each step, the absolute path of its result, where it has one. A folder ends with a separator. */
  readonly outputs: readonly (string | undefined)[];
}

export interface Plan {
  readonly batch: Batch;
  /** Absolute path. */
  readonly batchFile: string;
  /** Absolute path of the folder that the batch's own paths are relative to. */
  readonly folder: string;
  readonly workspace: string;
  readonly name: string;
  readonly items: readonly ItemPlan[];
  readonly memory: MemoryNeeds;
  /** The items' numbers in the batch, when they are not all of it. */
  readonly only?: readonly number[];
}

/** What a step is done with, whatever the item. */
export type StepPlan = Pick<Plan, 'batch' | 'folder' | 'workspace' | 'name'> & {
  /** Number of items of the run. */
  readonly total: number;
  /** Items that may be under way at once. */
  readonly concurrency: number;
};

/** Whether a step's arguments, or its shell's text by a variable, name a placeholder. */
export function usesPlaceholder(step: Step, name: string): boolean {
  if (step.shell && String(step.run).includes(shellVariable(name))) return true;
  return stepTexts(step).some(({ text }) => placeholdersIn(text).includes(name));
}

/** The built-in steps that make several files. Not in uses.ts: the runner does without its schemas. */
const FOLDER_STEPS: ReadonlySet<Step['uses']> = new Set(['separate']);

/** Whether a step's result is a folder, whatever its `output` ends with. */
export function makesFolder(step: Step): boolean {
  return step.uses === undefined ? usesPlaceholder(step, 'outdir') : FOLDER_STEPS.has(step.uses);
}

/** The variable in which a shell has a placeholder's value. */
export function shellVariable(name: string): string {
  return `SLUICE_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}

/** Every text of a step in which placeholders are filled in, and where it stands in the step. */
export function stepTexts(step: Step): { text: string; path: PropertyKey[] }[] {
  const list = (path: PropertyKey[], value: unknown): { text: string; path: PropertyKey[] }[] => {
    if (typeof value === 'string') return [{ text: value, path }];
    if (Array.isArray(value)) return value.flatMap((one, index) => list([...path, index], one));
    if (typeof value === 'object' && value !== null) {
      return Object.entries(value).flatMap(([key, one]) => list([...path, key], one));
    }
    return [];
  };
  return [
    ...(step.shell ? [] : list(['run'], step.run)),
    ...list(['with'], step.with),
    ...list(['env'], step.env),
    ...list(['cwd'], step.cwd),
  ];
}
