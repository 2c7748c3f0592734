import { EngineError } from '../error.ts';
import type { SpeakOptions, SpeechEngine } from './engine.ts';

/** A voice that has failed with so many texts in a row is not asked any more. */
const HOPELESS = 2;

/** A text as sound; without samples it could not be spoken. */
export interface Spoken {
  readonly sound?: { readonly samples: Float32Array; readonly sampleRate: number };
  /** What a person should know about how it was spoken. */
  readonly note?: string;
}

/** Speaks text after text, and goes on when a voice fails: what has been heard cannot be taken back. */
export class SteadyVoice {
  readonly #engine: SpeechEngine;
  readonly #other: () => Promise<SpeechEngine | undefined>;
  #stand: Promise<SpeechEngine | undefined> | undefined;
  #failures = 0;
  #spoken = 0;

  /** @param other makes another engine, once one is needed */
  constructor(engine: SpeechEngine, other: () => Promise<SpeechEngine | undefined>) {
    this.#engine = engine;
    this.#other = other;
  }

  get hasSpoken(): boolean {
    return this.#spoken > 0;
  }

  /**
   * Tries twice, then with the other engine. Throws the signal's reason, and what is wrong with the request
   * itself as long as nothing has been spoken.
   */
  async speak(text: string, options: SpeakOptions): Promise<Spoken> {
    let problem: unknown;
    for (let tries = 0; tries < 2 && this.#failures < HOPELESS; tries += 1) {
      try {
        const sound = await wholeOf(this.#engine, text, options);
        this.#failures = 0;
        this.#spoken += 1;
        return sound === undefined ? {} : { sound };
      } catch (error) {
        options.signal?.throwIfAborted();
        problem = error;
        if (!(error instanceof EngineError) || error.retry !== false) continue;
        if (this.#spoken === 0) throw error;
        break;
      }
    }
    this.#failures += 1;
    const why = problem === undefined ? '' : `: ${messageOf(problem)}`;
    const { name } = this.#engine;
    try {
      this.#stand ??= this.#other();
      const stand = await this.#stand;
      // A voice belongs to its engine.
      const sound = stand && (await wholeOf(stand, text, { ...options, voice: undefined }));
      if (stand !== undefined && sound !== undefined) {
        this.#spoken += 1;
        return { sound, note: `${stand.name} speaks in place of ${name}${why}` };
      }
    } catch (error) {
      options.signal?.throwIfAborted();
      return { note: `“${shortly(text)}” could not be spoken${why}; ${messageOf(error)}` };
    }
    return { note: `“${shortly(text)}” could not be spoken${why}` };
  }
}

/** All of a text's sound; undefined when the engine finds nothing to say in it. */
async function wholeOf(engine: SpeechEngine, text: string, options: SpeakOptions) {
  const parts: Float32Array[] = [];
  let sampleRate = 0;
  for await (const chunk of engine.speak(text, options)) {
    options.signal?.throwIfAborted();
    parts.push(chunk.samples);
    sampleRate = chunk.sampleRate;
  }
  if (parts.length === 0) return undefined;
  return { samples: joined(parts), sampleRate };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function shortly(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60).replace(/[\ud800-\udbff]$/, '')}…`;
}
