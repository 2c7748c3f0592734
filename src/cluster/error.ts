import { StepFailure } from '../runner/failure.ts';

/** Why the queue cannot be used. The message says what happened and holds no password. */
export class QueueError extends StepFailure {
  constructor(message: string, hint?: string) {
    super({ message, ...(hint === undefined ? {} : { hint }) });
  }
}
