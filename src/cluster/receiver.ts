import type { Redis } from 'ioredis';
import { bytesOf, type Letter, unseal } from './letter.ts';
import { steadily } from './redis.ts';
import type { Trust } from './trust.ts';

/** One reading waits so long for something new. */
const BLOCK_MS = 2000;
const COUNT = 64;
/** What is worked up is taken out of the stream so soon, in ms. */
const REMOVE_MS = 5;
/** Bytes that may be read and not worked up: all that a stream may hold, or what waits could block what comes. */
const UNDONE_BYTES = 64 << 20;

/** What reads letters. Those of one taking come in order, each when the one before is worked up. */
export interface Reader {
  read(letter: Letter): Promise<void> | void;
  /** Whether more may come of this taking. */
  knows(take: string): boolean;
  /** Letters of this taking were lost. */
  lost(take: string): void;
  /** Something came that nobody who may has signed, or that is no letter. It was thrown away. */
  unknown(): void;
  /** Nothing can be read any more: Redis refuses it. */
  broken(error: Error): void;
}

export interface ReceiverOptions {
  /** A connection of its own: reading blocks it. */
  readonly blocking: Redis;
  readonly redis: Redis;
  readonly trust: Trust | undefined;
  readonly stream: string;
}

interface Taking {
  /** The last number of each writer. */
  readonly numbers: Map<string, number>;
  /** Settles when all letters so far are worked up. */
  done: Promise<void>;
}

/**
 * Reads the letters in a stream, and takes those out that are worked up: what stands in a stream was not read, so
 * that a reader who was away, or another one in its place, gets what it missed.
 */
export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #reader: Reader;
  readonly #takings = new Map<string, Taking>();
  #undone = 0;
  #count = 0;
  /** Letters that are worked up and stand in the stream. */
  #done: string[] = [];
  #removal: NodeJS.Timeout | undefined;
  #held = false;
  #wake: () => void = () => {};
  #closed = false;
  #reading: Promise<void>;

  constructor(options: ReceiverOptions, reader: Reader) {
    this.#options = options;
    this.#reader = reader;
    this.#reading = this.#read().catch((error: Error) => {
      if (!this.#closed) reader.broken(error);
    });
  }

  /** How many letters were read. */
  get count(): number {
    return this.#count;
  }

  /** How many stand in the stream: not read, or not worked up. */
  unread(): Promise<number> {
    const { redis, stream } = this.#options;
    return steadily(redis, () => redis.xlen(stream));
  }

  hold(held: boolean): void {
    this.#held = held;
    this.#wake();
  }

  /** Forgets a taking: nothing more comes of it. */
  forget(take: string): void {
    this.#takings.delete(take);
  }

  /** Reads no more. The connection that it reads on is closed. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#wake();
    const { blocking } = this.#options;
    const isLost = blocking.status === 'reconnecting';
    blocking.disconnect();
    // What was said on one that is lost never gets an answer.
    if (!isLost) await this.#reading;
    this.#removeDone();
  }

  async #read(): Promise<void> {
    const { blocking, stream } = this.#options;
    let last = '0';
    while (!this.#closed) {
      await this.#room();
      const reply = await steadily(blocking, () =>
        blocking.xreadBuffer('COUNT', COUNT, 'BLOCK', BLOCK_MS, 'STREAMS', stream, last),
      );
      for (const [id, fields] of entriesOf(reply)) {
        last = id;
        this.#take(id, fields);
      }
    }
  }

  /** Resolves when more may be read. */
  async #room(): Promise<void> {
    while (!this.#closed && (this.#held || this.#undone > UNDONE_BYTES)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #take(id: string, fields: readonly Buffer[]): void {
    const { trust, stream } = this.#options;
    const letter = unseal(fields, stream, trust);
    if (letter === undefined) {
      this.#reader.unknown();
      this.#remove(id);
      return;
    }
    const size = bytesOf(fields);
    this.#undone += size;
    this.#count += 1;
    const taking = this.#takings.get(letter.take) ?? {
      numbers: new Map<string, number>(),
      done: Promise.resolve(),
    };
    this.#takings.set(letter.take, taking);
    const done = taking.done
      .then(() => this.#work(letter, taking))
      .catch(() => {})
      .then(() => {
        this.#remove(id);
        this.#undone -= size;
        // Anybody may make takings up.
        if (taking.done === done && !this.#reader.knows(letter.take)) this.forget(letter.take);
        this.#wake();
      });
    taking.done = done;
  }

  /** Takes a letter out of the stream, with all others that are worked up soon. */
  #remove(id: string): void {
    this.#done.push(id);
    this.#removal ??= setTimeout(() => this.#removeDone(), REMOVE_MS);
  }

  #removeDone(): void {
    const { redis, stream } = this.#options;
    const ids = this.#done;
    clearTimeout(this.#removal);
    this.#removal = undefined;
    this.#done = [];
    if (ids.length > 0) steadily(redis, () => redis.xdel(stream, ...ids)).catch(() => {});
  }

  async #work(letter: Letter, { numbers }: Taking): Promise<void> {
    const { take, writer, number } = letter;
    // Who begins to read in the middle begins with what is there.
    const expected = (numbers.get(writer) ?? number - 1) + 1;
    // It was written twice, when the connection was lost in between; or somebody plays an old one again.
    if (number < expected) return;
    numbers.set(writer, number);
    if (number > expected) this.#reader.lost(take);
    else await this.#reader.read(letter);
  }
}

type Entry = readonly [id: string, fields: readonly Buffer[]];

function entriesOf(reply: unknown): Entry[] {
  const [stream] = (reply ?? []) as readonly [Buffer, readonly [Buffer, Buffer[]][]][];
  return (stream?.[1] ?? []).map(([id, fields]) => [id.toString(), fields]);
}
