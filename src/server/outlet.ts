import type { ServerResponse } from 'node:http';
import { KEEP_ALIVE, SSE_OPENING, STREAM_TYPES, type StreamFormat } from './frames.ts';

/** What may wait for one client, in bytes, before it is left behind. */
const WAITING_BYTES = 1 << 20;
/** A client that takes nothing for so long is sent away, in ms. */
const DEAF_MS = 120_000;

/** What is used of an answer: both versions of HTTP have it. */
export type RawAnswer = Pick<
  ServerResponse,
  'writeHead' | 'flushHeaders' | 'write' | 'end' | 'destroy' | 'on' | 'writableLength' | 'destroyed'
>;

/** What a proxy, or the browser, is told of every stream: pass it on as it comes, and keep nothing. */
export const LIVE_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** One client of a stream. What waits for it is bounded: when it is too slow, it is left behind. */
export class Outlet {
  readonly format: StreamFormat;
  readonly #raw: RawAnswer;
  readonly #onClose = new Set<() => void>();
  #onRoom: (() => void) | undefined;
  #written = performance.now();
  #behind = false;
  #closed = false;

  /** Sends the head of the answer. */
  constructor(raw: RawAnswer, format: StreamFormat) {
    this.format = format;
    this.#raw = raw;
    raw.on('drain', () => this.#drained());
    raw.on('close', () => this.#ended());
    // The client may go at any time; `close` follows.
    raw.on('error', () => {});
    if (raw.destroyed) this.#ended();
    else raw.writeHead(200, { ...LIVE_HEADERS, 'content-type': STREAM_TYPES[format] });
    if (format === 'sse') this.write(SSE_OPENING);
  }

  /** True once the client has left or was sent away. */
  get closed(): boolean {
    return this.#closed;
  }

  /** True while the client has not taken all that waited when something was left out. */
  get behind(): boolean {
    return this.#behind;
  }

  /** False when the bytes were left out: the client is too slow, or gone. */
  write(bytes: Uint8Array): boolean {
    if (this.#behind || this.#closed) return false;
    if (this.#raw.writableLength > WAITING_BYTES) {
      this.#behind = true;
      return false;
    }
    this.#raw.write(bytes);
    this.#written = performance.now();
    return true;
  }

  /** Told when a client that was left behind has taken all that waited for it. */
  onRoom(listener: () => void): void {
    this.#onRoom = listener;
  }

  /** Told once when the client has gone. */
  onClose(listener: () => void): void {
    if (this.#closed) listener();
    else this.#onClose.add(listener);
  }

  /** Ends the stream; what waits still goes out. */
  end(): void {
    if (!this.#closed) this.#raw.end();
  }

  destroy(): void {
    this.#raw.destroy();
  }

  /** Says something when nothing was said for `silence` ms. */
  keepAlive(silence: number): void {
    const quiet = performance.now() - this.#written;
    if (this.#raw.writableLength > 0 && quiet > DEAF_MS) this.destroy();
    else if (quiet >= silence && this.#raw.writableLength === 0)
      this.write(KEEP_ALIVE[this.format]);
  }

  #drained(): void {
    if (!this.#behind) return;
    this.#behind = false;
    this.#onRoom?.();
  }

  #ended(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const listener of this.#onClose) listener();
    this.#onClose.clear();
  }
}

/** All clients of streams. They are kept alive by the clock, whatever their streams do. */
export class Outlets {
  readonly #open = new Set<Outlet>();
  readonly #timer: NodeJS.Timeout;

  /** @param keepAlive no stream is silent for longer, in ms */
  constructor(keepAlive: number) {
    const look = keepAlive / 5;
    this.#timer = setInterval(() => {
      for (const outlet of this.#open) outlet.keepAlive(keepAlive - look);
    }, look);
  }

  open(raw: RawAnswer, format: StreamFormat = 'sse'): Outlet {
    const outlet = new Outlet(raw, format);
    this.#open.add(outlet);
    outlet.onClose(() => this.#open.delete(outlet));
    return outlet;
  }

  /** Clients at present. */
  get size(): number {
    return this.#open.size;
  }

  /** Ends every stream. */
  dispose(): void {
    clearInterval(this.#timer);
    for (const outlet of this.#open) outlet.end();
  }
}
