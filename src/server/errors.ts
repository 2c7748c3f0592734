import type { z } from 'zod';
import { explain } from '../batch/explain.ts';
import { BatchError, type Problem } from '../batch/problem.ts';

/** A request that is not done, with what to tell whoever asked. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: number;
  readonly hint: string | undefined;

  constructor(status: number, message: string, hint?: string) {
    super(message);
    this.status = status;
    this.hint = hint;
  }
}

/** The answer to a request that is not done. */
export interface ErrorAnswer {
  readonly error: string;
  readonly hint?: string;
  /** What is wrong in a batch, and where. */
  readonly problems?: readonly Problem[];
}

/** What a thing that was thrown is told as. What nobody foresaw says nothing of itself: it goes to the log. */
export function answerTo(error: unknown): { status: number; answer: ErrorAnswer } {
  if (error instanceof BatchError) {
    const message = error.problems.map((problem) => problem.message).join(' ');
    return { status: 422, answer: { error: message, problems: error.problems } };
  }
  if (error instanceof RequestError) {
    const { status, message, hint } = error;
    return { status, answer: { error: message, ...(hint === undefined ? {} : { hint }) } };
  }
  const status = statusOf(error);
  if (status === undefined) {
    return { status: 500, answer: { error: 'The server failed at this. Its log says why.' } };
  }
  return { status, answer: { error: (error as Error).message } };
}

/** What is wrong with a body, a query or a path. */
export function badRequest(where: string, error: z.ZodError): RequestError {
  const [issue] = error.issues;
  return new RequestError(400, `${where}: ${issue === undefined ? 'not valid' : explain(issue)}.`);
}

/** The status of an error of fastify itself that is the client's doing, such as a body that is no JSON. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500
    ? statusCode
    : undefined;
}
