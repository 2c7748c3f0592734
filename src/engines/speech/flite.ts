import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EngineError } from '../error.ts';
import { boundLength } from '../language/bound.ts';
import { decodeWav } from '../sound/decode-wav.ts';
import { trimSilence } from '../sound/silence.ts';
import type { SpeakOptions, SpeechChunk, SpeechEngine } from './engine.ts';
import {
  type FliteAnswer,
  type FliteRequest,
  type FliteWorkerData,
  fliteWorker,
} from './flite-worker.ts';
import { assertEnglish, chooseVoice } from './voice.ts';

/** The voices inside flite.wasm, the best first; `kal` has 8 kHz, the others 16 kHz. */
export const FLITE_VOICES = ['slt', 'rms', 'awb', 'kal16', 'kal'] as const;

const LONGEST = 400;

/**
 * flite (http://cmuflite.org), small and fast, English only. It is a WebAssembly program, run in a
 * worker thread so that the event loop stays free and a cancelled text stops at once.
 *
 * @param path of flite.wasm
 */
export async function createFlite(path: string, sha256?: string): Promise<SpeechEngine> {
  const module = await WebAssembly.compile(await readFile(path));
  const folder = await mkdtemp(join(tmpdir(), 'sluice-flite-'));
  return new Flite({ module, folder }, sha256);
}

/** flite reads bytes: it would say those of other letters one by one. */
function toLatin(text: string): string {
  return text
    .replace(/[“”«»]/g, '"')
    .replace(/[–—]/g, ', ')
    .replace(/…/g, '...')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]+/g, ' ');
}

class Flite implements SpeechEngine {
  readonly name = 'flite';
  readonly model;
  readonly takes = { text: 'spelled', unit: 'sentence' } as const;
  readonly concurrency = 1;
  private readonly data: FliteWorkerData;
  private worker: Worker | undefined;

  constructor(data: FliteWorkerData, sha256?: string) {
    this.data = data;
    this.model = { name: 'flite', ...(sha256 !== undefined && { sha256 }) };
  }

  async *speak(text: string, options: SpeakOptions = {}): AsyncGenerator<SpeechChunk> {
    assertEnglish(this.name, options.language);
    const voice = chooseVoice(this.name, FLITE_VOICES, options.voice);
    const stretch = String(1 / (options.speed ?? 1));
    for (const piece of boundLength(toLatin(text), LONGEST)) {
      if (!/[A-Za-z0-9]/.test(piece)) continue;
      // A text without a space would be taken for a file's name.
      const args = ['-voice', voice, '--setf', `duration_stretch=${stretch}`, '-t', ` ${piece} `];
      const { wav, problem } = await this.ask({ args }, options.signal);
      if (!wav) throw new EngineError(`flite could not speak: ${problem}`);
      const { samples, sampleRate } = decodeWav(wav);
      yield { samples: trimSilence(samples, sampleRate), sampleRate, text: piece };
    }
  }

  async close(): Promise<void> {
    await this.stop();
    await rm(this.data.folder, { recursive: true, force: true });
  }

  private async ask(request: FliteRequest, signal: AbortSignal | undefined): Promise<FliteAnswer> {
    signal?.throwIfAborted();
    const worker = this.start();
    const answer = once(worker, 'message', { ...(signal && { signal }) });
    worker.postMessage(request);
    try {
      const [message] = await answer;
      return message;
    } catch (error) {
      // The thread may be in the middle of a sentence; a new one starts in milliseconds.
      await this.stop();
      signal?.throwIfAborted();
      throw error;
    }
  }

  private start(): Worker {
    this.worker ??= new Worker(`(${fliteWorker.toString()})()`, {
      eval: true,
      workerData: this.data,
      execArgv: ['--no-warnings'],
      env: {},
    });
    return this.worker;
  }

  private async stop(): Promise<void> {
    await this.worker?.terminate();
    this.worker = undefined;
  }
}
