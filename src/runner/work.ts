import type { ItemPlan } from '../batch/plan.ts';
import type { Value } from './executor.ts';
import type { StepProvenance } from './history.ts';
import type { ItemKey } from './keys.ts';

/** What an item has come to: its attempts, and what its finished steps made. */
export interface Work {
  readonly plan: ItemPlan;
  attempt: number;
  /** Place of the present attempt among all attempts of the run. */
  order: number;
  /** The step to go on with: a retry does not make again what is made. */
  step: number;
  value: Value;
  steps: StepProvenance[];
  /** Something of it may lie among what is staged. */
  staged: boolean;
  /** While an attempt is under way. */
  controller: AbortController | undefined;
  /** While it waits for its next attempt. */
  timer: NodeJS.Timeout | undefined;
  key: ItemKey | undefined;
  /** Settles with the present attempt. */
  done: Promise<void>;
}

export function freshWork(plan: ItemPlan): Work {
  return {
    plan,
    attempt: 0,
    order: 0,
    step: 0,
    value: firstValue(plan),
    steps: [],
    staged: false,
    controller: undefined,
    timer: undefined,
    key: undefined,
    done: Promise.resolve(),
  };
}

/** What the first step is given. */
export function firstValue(plan: ItemPlan): Value {
  return plan.file === undefined ? { text: plan.text ?? '' } : { file: plan.file };
}
