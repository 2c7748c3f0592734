import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { planBatch } from '../../../src/batch/expand.ts';
import type { Plan } from '../../../src/batch/plan.ts';
import { BatchError } from '../../../src/batch/problem.ts';
import { makeWorkspace } from '../../support/sluice.ts';

export interface World {
  readonly folder: string;
  plan(): Promise<Plan>;
  /** Why it cannot be planned; empty when it can. */
  problems(): Promise<string[]>;
}

/** A workspace with a batch file at `at` and more files. */
export function world(
  batch: string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
  at = 'a.batch.yaml',
): World {
  const folder = makeWorkspace({ ...files, [at]: batch });
  mkdirSync(join(folder, '.sluice'), { recursive: true });
  const plan = (): Promise<Plan> => planBatch(join(folder, at), folder);
  return {
    folder,
    plan,
    async problems() {
      try {
        await plan();
        return [];
      } catch (error) {
        if (!(error instanceof BatchError)) throw error;
        return error.message.replaceAll(folder, '<workspace>').split('\n');
      }
    },
  };
}

export const STEPS = 'steps: [{ run: [x] }]\n';
