import type { FastifyReply, FastifyRequest } from 'fastify';
import { decodeSound } from '../engines/sound/decode.ts';

import type { EncoderOptions, SoundEncoder } from '../engines/sound/encoder.ts';
import type { MonoSound } from '../engines/sound/mono.ts';
import { resample } from '../engines/sound/resample.ts';
import { wavEncoder } from '../engines/sound/wav.ts';
import type { RunEvent, Sound } from '../protocol/events.ts';
import type { ItemState, RunState } from '../protocol/state.ts';
import { RequestError } from './errors.ts';
import { rawAnswer } from './operation.ts';
import { LIVE_HEADERS, type RawAnswer } from './outlet.ts';
import { readInside, sendFile } from './result-files.ts';
import type { RunStream } from './run-stream.ts';
import { findStream, type Served } from './served.ts';

const MIMES = { mp3: 'audio/mpeg', wav: 'audio/wav' } as const;
type LiveFormat = keyof typeof MIMES;

/** What may wait for a client that plays as it reads, in bytes: the rest stays on disk meanwhile. */
const WAITING_BYTES = 256 << 10;
/**
 * Of MP3, in kbit/s and Hz. Browsers begin to play a stream once they have 32 kB of it: that is 1.6 seconds so, and 4 at
 * the rate of the files.
 */
const LIVE_BITRATE = 160;
const LIVE_RATE = 24_000;
/** What is missing of a sound, in seconds, that nobody hears. */
const NOTHING = 0.01;
/** A whole sound goes out in parts of so many seconds. */
const PART_SECONDS = 5;

export interface AskedSound {
  readonly run: string;
  readonly item: number;
  /** Without it MP3, or what a finished sound is. */
  readonly format?: LiveFormat | undefined;
}

/** Sends the sound of an item: as it is being made, or the file when it is made. Rejects with RequestError. */
export async function sendSound(
  served: Served,
  { run, item, format }: AskedSound,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const stream = await findStream(served, run);
  const state = stream.run.state.items[item - 1];
  if (state === undefined) throw new RequestError(404, 'The run has no such item.');
  const made = soundOf(state);
  if (state.ended !== undefined && made === undefined) {
    throw new RequestError(404, 'The item has made no sound.');
  }
  if (made !== undefined && (format === undefined || made.mime === MIMES[format])) {
    return sendFile(request, reply, served.workspace, made.path);
  }
  const raw = rawAnswer(reply);
  const chosen = format ?? 'mp3';
  raw.writeHead(200, { ...LIVE_HEADERS, 'content-type': MIMES[chosen], 'accept-ranges': 'none' });
  // The first sound may take a while; that it comes is known at once.
  raw.flushHeaders();
  if (request.method === 'HEAD') {
    raw.end();
    return reply;
  }
  await new LiveSound(raw, chosen, served.workspace).play(stream, item);
  return reply;
}

/** The sound that an item has made, once it is whole. */
function soundOf({ state, results }: ItemState) {
  const whole = state === 'done' || state === 'skipped';
  return whole ? results.find(({ mime }) => mime.startsWith('audio/')) : undefined;
}

/** One client that hears an item while it is being spoken, as fast as it reads. */
class LiveSound {
  readonly #raw: RawAnswer;
  readonly #format: LiveFormat;
  readonly #workspace: string;
  #encoder: SoundEncoder | undefined;
  /** Hz. */
  #rate = 0;
  /** Where in the item's sound the stream begins, in seconds: later for one who comes later. */
  #origin: number | undefined;
  /** Samples that were sent. */
  #sent = 0;
  #gone = false;
  #wake = (): void => {};

  constructor(raw: RawAnswer, format: LiveFormat, workspace: string) {
    this.#raw = raw;
    this.#format = format;
    this.#workspace = workspace;
    raw.on('drain', () => this.#wake());
    raw.on('error', () => {});
    raw.on('close', () => {
      this.#gone = true;
      this.#wake();
    });
  }

  /** Seconds that were sent. */
  get #seconds(): number {
    return this.#rate === 0 ? 0 : this.#sent / this.#rate;
  }

  /** Resolves when all of it was sent, or the client has left. */
  async play(stream: RunStream, item: number): Promise<void> {
    const parts = new Parts(item, () => this.#wake());
    const stop = stream.follow((events, state) => parts.take(events, state));
    try {
      while (!this.#gone && !parts.ended) {
        const part = parts.next();
        if (part === undefined) await this.#news();
        else await this.#sendPart(part);
      }
      if (!this.#gone) await this.#sendRest(parts.state);
      this.#raw.end();
    } catch {
      // A sound that broke off: the client is to know that it is not whole.
      this.#raw.destroy();
    } finally {
      stop();
      this.#encoder?.free();
    }
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async #sendPart(part: Sound): Promise<void> {
    const bytes = await readInside(this.#workspace, part.path).catch(() => undefined);
    // It goes when the item has ended: the whole sound has it then.
    if (bytes === undefined) return;
    const sound = await decodeSound(bytes);
    this.#origin ??= part.start;
    const { samples, sampleRate } = sound;
    const at = part.start - this.#origin;
    // Another attempt says again what was sent already.
    if (at + samples.length / sampleRate <= this.#seconds) return;
    const silence = Math.max(0, Math.round((at - this.#seconds) * sampleRate));
    await this.#send({ samples: new Float32Array(silence), sampleRate });
    await this.#send(sound);
  }

  /** What of the whole sound was not sent as a part. */
  async #sendRest(state: ItemState | undefined): Promise<void> {
    const made = state && soundOf(state);
    if (made === undefined) throw new Error('The item has made no sound.');
    const heard = (this.#origin ?? 0) + this.#seconds;
    // As a rule nothing: the whole is not read for it.
    if (made.seconds === undefined || heard < made.seconds - NOTHING) {
      await this.#sendFrom(heard, made.path);
    }
    const end = await this.#encoder?.finish();
    if (end !== undefined) this.#raw.write(end.bytes);
    this.#encoder = undefined;
  }

  async #sendFrom(second: number, path: string): Promise<void> {
    const { samples, sampleRate } = await decodeSound(await readInside(this.#workspace, path));
    const length = PART_SECONDS * sampleRate;
    const from = Math.round(second * sampleRate);
    for (let at = from; at < samples.length && !this.#gone; at += length) {
      await this.#send({ samples: samples.subarray(at, at + length), sampleRate });
    }
  }

  async #send({ samples, sampleRate }: MonoSound): Promise<void> {
    if (samples.length === 0) return;
    if (this.#encoder === undefined) {
      this.#rate = this.#format === 'wav' ? sampleRate : Math.max(LIVE_RATE, sampleRate);
      this.#encoder = await encoderFor(this.#format, this.#rate);
    }
    const fitting = resample(samples, sampleRate, this.#rate);
    const bytes = await this.#encoder.encode([fitting]);
    this.#sent += fitting.length;
    if (bytes.length > 0) this.#raw.write(bytes);
    while (this.#raw.writableLength > WAITING_BYTES && !this.#gone) await this.#news();
  }
}

async function encoderFor(format: LiveFormat, sampleRate: number): Promise<SoundEncoder> {
  const options: EncoderOptions = { sampleRate, channels: 1, bits: 16, tags: {} };
  if (format === 'wav') return wavEncoder({ ...options, endless: true });
  // The encoder of MP3 is a file of its own, loaded when it is needed.
  const { mp3Encoder } = await import('../engines/sound/compressed.ts');
  return mp3Encoder({ ...options, bitrate: LIVE_BITRATE });
}

/** The parts of an item's sound that are still to be sent. */
class Parts {
  readonly #item: number;
  readonly #onNews: () => void;
  readonly #waiting: Sound[] = [];
  /** Number of the latest part that is known. */
  #latest = -1;
  #state: ItemState | undefined;
  /** The run is over, also when its runner was killed and the item has no end. */
  #over = false;

  constructor(item: number, onNews: () => void) {
    this.#item = item;
    this.#onNews = onNews;
  }

  get state(): ItemState | undefined {
    return this.#state;
  }

  get ended(): boolean {
    return this.#over || this.#state?.ended !== undefined;
  }

  take(events: readonly RunEvent[], state: RunState): void {
    const first = this.#state === undefined;
    this.#state = state.items[this.#item - 1];
    this.#over = state.ended !== undefined;
    if (first) for (const sound of this.#state?.sounds ?? []) this.#add(sound);
    for (const event of events) {
      if (!('item' in event) || event.item !== this.#item) continue;
      if (event.type === 'sound') this.#add(event.sound);
      // Another attempt speaks from the beginning.
      else if (event.type === 'start' && event.attempt > 1) this.#latest = -1;
    }
    this.#onNews();
  }

  next(): Sound | undefined {
    return this.#waiting.shift();
  }

  #add(sound: Sound): void {
    if (sound.chunk <= this.#latest) return;
    this.#latest = sound.chunk;
    this.#waiting.push(sound);
  }
}
