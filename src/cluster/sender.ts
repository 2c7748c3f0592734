import { createHash, randomBytes } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { StepFailure } from '../runner/failure.ts';
import { type Letter, seal } from './letter.ts';
import type { Down, Up } from './messages.ts';
import { KEPT_MS } from './names.ts';
import { steadily } from './redis.ts';
import type { Trust } from './trust.ts';

/** Entries of a stream that wait to be read until a writer of messages, or of files, waits too. */
const MESSAGES_WAITING = 1000;
const FILES_WAITING = 128;
/** Whatever happens, a stream is cut to about so many entries. No writer that waits when it should gets there. */
const ENTRIES = 2500;
/** Characters of the messages in one entry, about; bytes of a file in one. */
const LETTER_CHARS = 32_768;
const CHUNK_BYTES = 131_072;
/** Characters of one message, at most: as UTF-8 they are less than a letter may have. */
const MESSAGE_CHARS = 80 << 20;
/** Characters that may wait here until whoever makes them is held back. */
const HELD_CHARS = 1 << 20;
const POLL_MS = 20;
/** With 100 streams that costs 4 ms, and saves a quarter to a third of the processor time of worker and runner. */
const POST_MS = 4;
/** After so many bytes, or letters, a writer asks how many entries wait: all writers of a stream together may be so much late. */
const ASK_BYTES = 16_384;
const ASK_LETTERS = 4;

/** This process. */
const WRITER = randomBytes(9).toString('base64url');

export interface SenderOptions {
  readonly redis: Redis;
  readonly trust: Trust | undefined;
  /** The key of the stream. */
  readonly stream: string;
  readonly take: string;
  /** Told when more is sent than goes out, and when that is over. */
  readonly onHeld?: (held: boolean) => void;
}

let posted = 0;
let post: Promise<void> | undefined;

/** When to write: at once, and then what all takings of a process say within POST_MS as one piece. */
function nextPost(): Promise<void> {
  post ??= untilPost().then(() => {
    posted = performance.now();
    post = undefined;
  });
  return post;
}

async function untilPost(): Promise<void> {
  const wait = posted + POST_MS - performance.now();
  // What is said within this turn goes along.
  if (wait > 0) await sleep(wait);
  else await Promise.resolve();
}

type Waiting = { readonly json: string } | { readonly path: string; readonly name: string };

/** Writes messages and files about one taking into a stream, in order. What comes while one is on its way goes along with the next. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #waiting: Waiting[] = [];
  #chars = 0;
  #held = false;
  #number = 0;
  /** What went out since it was asked how many entries wait. */
  #unasked = { bytes: 0, letters: 0 };
  #pump: Promise<void> | undefined;
  #failure: unknown;
  #stopped = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Throws StepFailure for a message that is too large. */
  send(message: Up | Down): void {
    const json = JSON.stringify(message);
    if (json.length > MESSAGE_CHARS) {
      throw new StepFailure(
        {
          message: `What is to be said through Redis has ${json.length >> 20} million characters: that is too much.`,
          hint: 'Put long texts into files.',
        },
        { retry: false },
      );
    }
    this.#chars += json.length;
    this.#put({ json });
  }

  /** Sends what is in a file when its turn comes, under a name. */
  sendFile(path: string, name: string): void {
    this.#put({ path, name });
  }

  /** Resolves when all is in Redis. Rejects, once, when a file could not be read; what came behind it is sent. */
  async sent(): Promise<void> {
    while (this.#pump !== undefined) await this.#pump;
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
  }

  /** Sends nothing more. */
  stop(): void {
    this.#stopped = true;
    this.#waiting.length = 0;
    this.#hold(false);
  }

  #put(waiting: Waiting): void {
    if (this.#stopped) return;
    this.#waiting.push(waiting);
    this.#hold(this.#chars > HELD_CHARS);
    this.#pump ??= this.#drain();
  }

  async #drain(): Promise<void> {
    await nextPost();
    while (this.#waiting.length > 0) {
      try {
        await this.#next();
      } catch (error) {
        this.#failure ??= error;
      }
    }
    this.#pump = undefined;
  }

  async #next(): Promise<void> {
    const [first] = this.#waiting;
    if (first === undefined || 'json' in first) {
      await this.#write(this.#batch(), undefined, MESSAGES_WAITING);
      return;
    }
    this.#waiting.shift();
    await this.#file(first.path, first.name);
  }

  /** Messages that go together, as JSON. */
  #batch(): string {
    const batch: string[] = [];
    let size = 0;
    while (size < LETTER_CHARS) {
      const [next] = this.#waiting;
      if (next === undefined || !('json' in next)) break;
      this.#waiting.shift();
      batch.push(next.json);
      size += next.json.length;
    }
    this.#chars -= size;
    this.#hold(this.#chars > HELD_CHARS / 2);
    return `[${batch.join(',')}]`;
  }

  async #file(path: string, name: string): Promise<void> {
    const hash = createHash('sha256');
    const file = await open(path);
    try {
      const { mode } = await stat(path);
      await this.#message({ type: 'file', name });
      for (;;) {
        const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0);
        if (bytesRead === 0) break;
        const chunk = buffer.subarray(0, bytesRead);
        hash.update(chunk);
        await this.#write(JSON.stringify([{ type: 'chunk' }]), chunk, FILES_WAITING);
      }
      await this.#message({ type: 'whole', sha256: hash.digest('hex'), mode: mode & 0o777 });
    } finally {
      await file.close();
    }
  }

  #message(message: Up | Down): Promise<void> {
    return this.#write(JSON.stringify([message]), undefined, MESSAGES_WAITING);
  }

  async #write(messages: string, data: Buffer | undefined, most: number): Promise<void> {
    const { redis, trust, stream, take } = this.#options;
    this.#number += 1;
    const letter: Letter = { take, writer: WRITER, number: this.#number, messages, data };
    const fields = seal(letter, stream, trust);
    this.#unasked.bytes += messages.length + (data?.length ?? 0);
    this.#unasked.letters += 1;
    const asks = this.#unasked.bytes >= ASK_BYTES || this.#unasked.letters >= ASK_LETTERS;
    await Promise.all([
      steadily(redis, () => redis.xadd(stream, 'MAXLEN', '~', ENTRIES, '*', ...fields)),
      // Whoever is to read it may be gone for good.
      (asks || this.#number === 1) && steadily(redis, () => redis.pexpire(stream, KEPT_MS)),
    ]);
    if (!asks) return;
    this.#unasked = { bytes: 0, letters: 0 };
    while (!this.#stopped && (await steadily(redis, () => redis.xlen(stream))) > most) {
      await sleep(POLL_MS);
    }
  }

  #hold(held: boolean): void {
    if (held === this.#held) return;
    this.#held = held;
    this.#options.onHeld?.(held);
  }
}
