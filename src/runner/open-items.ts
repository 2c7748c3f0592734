import type { Plan } from '../batch/plan.ts';
import { executorFor } from './executors.ts';
import type { ItemExecutor } from './item-executor.ts';
import type { Journal } from './journal.ts';
import { LocalItems } from './local-items.ts';
import type { TextService } from './text-service.ts';

/** What the items of a run are done with. */
export interface ItemsContext {
  /** Of the run. */
  readonly id: string;
  readonly plan: Plan;
  /** The run that this one goes on with. */
  readonly resumes: string | undefined;
  readonly journal: Journal;
  /** Writes what a step asks its host for. */
  readonly text: TextService;
}

type OpenItems = (context: ItemsContext) => Promise<ItemExecutor>;

/** Where a runner has the steps of its items done. */
export interface Workplace {
  /** The address of the queue whose workers do it, without a password. */
  readonly queue?: string;
  readonly openItems: OpenItems;
  /** Lets go of it, when all events of the run have been told. */
  close(): Promise<void>;
}

const openLocalItems: OpenItems = ({ id, plan, text }) => {
  const { concurrency = 1 } = plan.batch;
  const stepPlan = { ...plan, total: plan.items.length, concurrency };
  const executors = plan.batch.steps.map((_, index) => executorFor(index, stepPlan, id, text));
  return Promise.resolve(new LocalItems(plan.batch, executors, plan.memory));
};

/** Steps are done on this machine. */
export const here: Workplace = { openItems: openLocalItems, close: () => Promise.resolve() };
