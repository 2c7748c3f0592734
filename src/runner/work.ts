import type { ItemPlan } from '../batch/plan.ts';
import type { Value } from './executor.ts';
import type { StepProvenance } from './history.ts';
import type { ItemKey } from './keys.ts';

/** What a step has made, and of what. */
export interface Made {
  /** Not there when it has no result but what it did. */
  readonly value?: Value | undefined;
  /** The steps that led to it, itself included, in the order of the batch. */
  readonly steps: ReadonlyMap<number, StepProvenance>;
  /** It was left elsewhere: the value is a note that says where. */
  readonly left?: boolean | undefined;
}

/** What an item has come to: its attempts, and what its finished steps made. */
export interface Work {
  readonly plan: ItemPlan;
  attempt: number;
  /** Place of the present attempt among all attempts of the run. */
  order: number;
  /** What each step that is done has made: a retry does not make it again. */
  made: (Made | undefined)[];
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
    made: [],
    staged: false,
    controller: undefined,
    timer: undefined,
    key: undefined,
    done: Promise.resolve(),
  };
}

/** The item itself, as what a step may work on. */
export function itemValue(plan: ItemPlan): Value {
  return plan.file === undefined ? { text: plan.text ?? '' } : { file: plan.file };
}
