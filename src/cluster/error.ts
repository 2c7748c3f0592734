/** Why the queue cannot be used. The message says what happened, the hint what to do; neither has a password. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
