import { mkdir, rm } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { makesFolder, type Plan } from '../batch/plan.ts';
import { isTaken } from '../batch/sources.ts';
import type { Work } from './work.ts';

/** Where results are made, before they go to their place. */
export class Staging {
  /** Absolute path of the folder that holds what is staged. */
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * A fresh path for a step to make its result at, named like its target; a folder ends with a separator.
   * Empty when neither a target nor another step wants the result.
   */
  async stage(batch: Plan['batch'], work: Work, step: number): Promise<string> {
    const definition = batch.steps[step];
    if (definition === undefined) throw new Error(`There is no step ${step}.`);
    const target = work.plan.outputs[step];
    if (target === undefined && !isTaken(batch, step)) return '';
    work.staged = true;
    const folder = target?.endsWith(sep) ?? makesFolder(definition);
    const parent = this.#parent(work.plan.item, step);
    await rm(parent, { recursive: true, force: true });
    const path = join(parent, target === undefined ? 'result' : basename(target));
    await mkdir(folder ? path : parent, { recursive: true });
    return folder ? path + sep : path;
  }

  /** Removes what an item has staged. */
  async discard(item: number, steps: number): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      await rm(this.#parent(item, step), { recursive: true, force: true });
    }
  }

  #parent(item: number, step: number): string {
    return join(this.folder, `${item}-${step}`);
  }
}
