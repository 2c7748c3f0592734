/** Why the queue cannot be used, and what to do about it. There is no password in the message. */
export class QueueError extends Error {
  override readonly name = 'QueueError';

  constructor(what: string, hint?: string) {
    super(hint === undefined ? what : `${what} ${hint}`);
  }
}
