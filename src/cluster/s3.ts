import { setTimeout as sleep } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import { plainText } from '../protocol/escapes.ts';
import type { Failure } from '../protocol/events.ts';
import { StepFailure } from '../runner/failure.ts';
import type { StorageAddress } from './storage-address.ts';

/** Storage that does not answer is asked again after so many ms, then after twice as many each time, up to so many. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** So long, in all, without success. */
const PATIENCE_MS = 300_000;
/** How much of an answer in XML is read. */
const ANSWER_CHARS = 65_536;

export interface Request {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly query?: string;
  readonly body?: Blob | string;
  /** Of the body: the storage compares it. */
  readonly sha256?: string;
}

/** Who asks. */
export interface Asker {
  readonly signal: AbortSignal;
  /** Told once when the storage does not do it yet, with why. */
  onTrouble(message: string): void;
}

/** It may go better when it is asked again. */
class Trouble extends Error {}

/** The storage does not do it. */
export class Refused extends StepFailure {
  readonly code: string;

  constructor(code: string, failure: Failure) {
    super(failure);
    this.code = code;
  }
}

/** Requests to storage that speaks S3. */
export class S3 {
  readonly #address: StorageAddress;
  readonly #client: AwsClient;
  readonly #patience: number;

  /** @param patience how long storage that does not answer is asked, in ms */
  constructor(address: StorageAddress, patience = PATIENCE_MS) {
    const { region, credentials } = address;
    this.#address = address;
    this.#client = new AwsClient({ ...credentials, region, service: 's3', retries: 0 });
    this.#patience = patience;
  }

  /** Where it is, for people. */
  get shown(): string {
    const { bucket, prefix, endpoint } = this.#address;
    return `s3://${bucket}/${prefix} at ${endpoint}`;
  }

  /**
   * Asks until there is an answer. Rejects with StepFailure when that is no, with the reason of the signal, or as
   * `take` does.
   *
   * @param key of an object; empty for the bucket
   * @param take reads a good answer; asked again when the connection is lost meanwhile
   */
  async ask<T>(
    key: string,
    request: Request,
    { signal, onTrouble }: Asker,
    take: (answer: Response) => Promise<T>,
  ): Promise<T> {
    const end = performance.now() + this.#patience;
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      try {
        return await this.once(key, request, signal, take);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof Trouble)) throw error;
        const { message } = error;
        if (performance.now() + wait > end) {
          const hint = 'See that the storage runs and can be reached, then run the batch again.';
          throw new StepFailure({ message, hint });
        }
        if (wait === FIRST_WAIT_MS) onTrouble(`${message} It is asked again.`);
        await sleep(wait, undefined, { signal });
      }
    }
  }

  /** Asks once. Rejects with StepFailure or another Error, whose messages are for people. */
  async once<T>(
    key: string,
    request: Request,
    signal: AbortSignal,
    take: (answer: Response) => Promise<T>,
  ): Promise<T> {
    try {
      const answer = await this.#fetch(key, request, signal);
      if (answer.ok) return await take(answer);
      throw this.#refused(answer.status, elementOf(await textOf(answer), 'Code'));
    } catch (error) {
      const { name, message, cause } = error as Error & { cause?: NodeJS.ErrnoException };
      // So fetch says that a connection cannot be made, or broke; or that `signal` was of a time limit.
      if (!(error instanceof TypeError) && name !== 'TimeoutError') throw error;
      const why = cause?.code ?? cause?.message ?? message;
      throw new Trouble(`The storage ${this.shown} cannot be reached: ${why}.`);
    }
  }

  #fetch(key: string, request: Request, signal: AbortSignal): Promise<Response> {
    const { method, query, body, sha256 } = request;
    const { endpoint, bucket } = this.#address;
    const path = [bucket, ...(key === '' ? [] : key.split('/'))].map(encodeURIComponent).join('/');
    const url = `${endpoint}/${path}${query === undefined ? '' : `?${query}`}`;
    return this.#client.fetch(url, {
      method,
      signal,
      // What is signed for this place is for no other.
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
      ...(sha256 === undefined ? {} : { headers: { 'X-Amz-Content-Sha256': sha256 } }),
    });
  }

  #refused(status: number, code: string | undefined): Error {
    if (code === 'BadDigest' || code === 'XAmzContentSHA256Mismatch') {
      return new Trouble(`A file came damaged to ${this.shown}: its checksum is wrong.`);
    }
    if (status >= 500 || status === 429) {
      return new Trouble(`The storage ${this.shown} is in trouble: ${code ?? status}.`);
    }
    const known = code ?? (status === 301 ? 'PermanentRedirect' : 'no reason');
    const message = `The storage ${this.shown} refuses: ${known} (${status}).`;
    const hint = hintFor(known, this.#address.bucket);
    return new Refused(known, { message, ...(hint === undefined ? {} : { hint }) });
  }
}

/** What to do about an error: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function hintFor(code: string, bucket: string): string | undefined {
  switch (code) {
    case 'InvalidAccessKeyId':
    case 'SignatureDoesNotMatch':
    case 'InvalidToken':
    case 'ExpiredToken':
      return 'Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, which may have expired.';
    case 'AccessDenied':
      return `Its key may not do this: a worker needs s3:PutObject in s3://${bucket}, a run s3:GetObject.`;
    case 'NoSuchBucket':
      return `Make it: aws s3 mb s3://${bucket}`;
    case 'AuthorizationHeaderMalformed':
    case 'PermanentRedirect':
      return 'Set AWS_REGION to the region of the bucket.';
    case 'RequestTimeTooSkewed':
      return 'Set the clock of this machine.';
    default:
      return undefined;
  }
}

/** The text in the first element of a name. Answers of S3 are flat where it counts. */
export function elementOf(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]{1,1024})</${name}>`).exec(xml)?.[1];
  return text === undefined ? undefined : plainText(text);
}

/** The beginning of an answer. */
export async function textOf(answer: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > ANSWER_CHARS) break;
  }
  return text;
}
