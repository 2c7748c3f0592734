import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { z } from 'zod';
import { EngineError } from '../../error.ts';
import { boundLength } from '../../language/bound.ts';
import { trimSilence } from '../../sound/silence.ts';
import type { SpeakOptions, SpeechChunk, SpeechEngine } from '../engine.ts';
import { assertEnglish, chooseVoice } from '../voice.ts';
import { Lexicon } from './lexicon.ts';
import { createNeuralG2p } from './neural-g2p.ts';
import { sentenceToPhonemes } from './phonemes.ts';

/** Hz. */
const SAMPLE_RATE = 24_000;
const STYLE_WIDTH = 256;
/** What the model takes at once; each voice has one style for each length up to it. */
const MOST_PHONEMES = 510;
/** Characters at once: about 11 s of speech, so that a cancel need not wait long. */
const LONGEST = 180;
const DEFAULT_VOICE = 'af_heart';

/** Paths of what Kokoro needs. */
export interface KokoroFiles {
  /** The ONNX model, fp32 or q8. */
  readonly model: string;
  /** A folder with VOICE.bin: float32 [510, 256], a style for each number of phonemes. */
  readonly voices: string;
  readonly tokenizer: string;
  /** CMUdict as JSON: a word in capitals to its ARPAbet. */
  readonly dictionary: string;
  readonly g2p: string;
}

export interface KokoroOptions {
  /** For the provenance. */
  readonly model?: { readonly name: string; readonly sha256?: string };
  /** Threads for one sentence; as many as there are cores when left out. */
  readonly threads?: number | undefined;
}

const tokenizerFile = z.object({
  model: z.object({ vocab: z.record(z.string(), z.int()) }),
});
const dictionaryFile = z.record(z.string(), z.array(z.string()));

/**
 * Kokoro 82M (https://huggingface.co/hexgrad/Kokoro-82M) on ONNX Runtime: English, 54 voices,
 * 24 kHz. Throws an `EngineError` when a file cannot be read or is not what it should be.
 */
export async function createKokoro(
  files: KokoroFiles,
  options: KokoroOptions = {},
): Promise<SpeechEngine> {
  const [tokenizer, dictionary, g2p, voices] = await Promise.all([
    readFile(files.tokenizer, 'utf8'),
    readFile(files.dictionary, 'utf8'),
    readFile(files.g2p, 'utf8'),
    readdir(files.voices),
  ]);
  const { vocab } = tokenizerFile.parse(JSON.parse(tokenizer)).model;
  const lexicon = new Lexicon(dictionaryFile.parse(JSON.parse(dictionary)), createNeuralG2p(g2p));
  const session = await InferenceSession.create(files.model, {
    intraOpNumThreads: options.threads ?? availableParallelism(),
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    // A thread that waits for another one by spinning takes the core of the engine that writes.
    // One whose core is shared gets less of the work: https://onnxruntime.ai/docs/performance/tune-performance/threading.html
    extra: { session: { intra_op: { allow_spinning: '0' }, dynamic_block_base: '4' } },
  });
  const names = voices
    .filter((name) => name.endsWith('.bin'))
    .map((name) => basename(name, '.bin'));
  return new Kokoro({ files, session, lexicon, vocab, voices: names.sort() }, options.model);
}

interface KokoroParts {
  readonly files: KokoroFiles;
  readonly session: InferenceSession;
  readonly lexicon: Lexicon;
  readonly vocab: Readonly<Record<string, number>>;
  readonly voices: readonly string[];
}

class Kokoro implements SpeechEngine {
  readonly name = 'kokoro';
  readonly model;
  readonly takes = { text: 'spelled', unit: 'sentence' } as const;
  readonly concurrency = 1;
  private readonly parts: KokoroParts;
  private readonly styles = new Map<string, Float32Array>();

  constructor(parts: KokoroParts, model: KokoroOptions['model']) {
    this.parts = parts;
    this.model = model ?? { name: basename(parts.files.model) };
  }

  async *speak(text: string, options: SpeakOptions = {}): AsyncGenerator<SpeechChunk> {
    assertEnglish(this.name, options.language);
    const voice = chooseVoice(this.name, [DEFAULT_VOICE, ...this.parts.voices], options.voice);
    const styles = await this.loadVoice(voice);
    for (const piece of this.pieces(text)) {
      options.signal?.throwIfAborted();
      const samples = await this.run(piece.phonemes, styles, options.speed ?? 1);
      yield {
        samples: trimSilence(samples, SAMPLE_RATE),
        sampleRate: SAMPLE_RATE,
        text: piece.text,
      };
    }
  }

  async close(): Promise<void> {
    await this.parts.session.release();
  }

  private *pieces(text: string, longest = LONGEST): Generator<{ text: string; phonemes: string }> {
    for (const piece of boundLength(text, longest)) {
      const phonemes = sentenceToPhonemes(piece, this.parts.lexicon);
      if (phonemes.length > MOST_PHONEMES) yield* this.pieces(piece, Math.ceil(piece.length / 2));
      else if (phonemes !== '') yield { text: piece, phonemes };
    }
  }

  private async run(phonemes: string, styles: Float32Array, speed: number): Promise<Float32Array> {
    const ids = [...phonemes].flatMap((phoneme) => this.parts.vocab[phoneme] ?? []);
    const row = Math.min(ids.length, MOST_PHONEMES - 1);
    const style = styles.slice(row * STYLE_WIDTH, (row + 1) * STYLE_WIDTH);
    const input = BigInt64Array.from([0, ...ids, 0], BigInt);
    const { waveform } = await this.parts.session.run({
      input_ids: new Tensor('int64', input, [1, input.length]),
      style: new Tensor('float32', style, [1, STYLE_WIDTH]),
      speed: new Tensor('float32', Float32Array.of(speed), [1]),
    });
    if (waveform?.data instanceof Float32Array) return waveform.data;
    throw new EngineError('the Kokoro model answered no waveform', {
      hint: 'Its file may be of another kind. Remove it, and it is fetched again.',
      retry: false,
    });
  }

  private async loadVoice(voice: string): Promise<Float32Array> {
    const loaded = this.styles.get(voice);
    if (loaded) return loaded;
    const bytes = Uint8Array.from(await readFile(join(this.parts.files.voices, `${voice}.bin`)));
    if (bytes.length !== MOST_PHONEMES * STYLE_WIDTH * 4) {
      throw new EngineError(`the file of voice \`${voice}\` is damaged`, {
        hint: 'Remove the voices of Kokoro, and they are fetched again.',
        retry: false,
      });
    }
    const styles = new Float32Array(bytes.buffer);
    this.styles.set(voice, styles);
    return styles;
  }
}
