import type { StepPlan } from '../batch/plan.ts';
import type { Executor } from './executor.ts';
import { ProgramExecutor } from './program-step.ts';
import type { TextService } from './text-service.ts';
import { WarmExecutor } from './warm-step.ts';

/**
 * What does a step of a batch: a program an item, or one warm program for all of them. Tags of its processes
 * begin with `run`; `text` writes what a warm one asks for.
 */
export function executorFor(
  index: number,
  plan: StepPlan,
  run: string,
  text: TextService,
): Executor {
  const step = plan.batch.steps[index];
  if (step === undefined) throw new Error(`There is no step ${index}.`);
  const warm = step.uses !== undefined || step.warm;
  return warm
    ? new WarmExecutor(step, index, plan, run, text)
    : new ProgramExecutor(step, plan, run);
}
