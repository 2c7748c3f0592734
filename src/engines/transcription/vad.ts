import { InferenceSession, Tensor } from 'onnxruntime-node';
import { EngineError } from '../error.ts';
import { HEARING_RATE } from './engine.ts';

/** Samples that are judged at once: 32 ms. */
export const FRAME = 512;
/** The end of the frame before goes in front of each. */
const CONTEXT = 64;
const STATE = 2 * 128;

/**
 * Silero VAD v6 (https://github.com/snakers4/silero-vad): the probability of speech in each frame. Frames of one
 * recording come in order; `reset` before another one.
 */
export class VoiceDetector {
  readonly #session: InferenceSession;
  readonly #rate = new Tensor('int64', BigInt64Array.of(BigInt(HEARING_RATE)), []);
  #state: Tensor = new Tensor('float32', new Float32Array(STATE), [2, 1, 128]);
  readonly #input = new Float32Array(CONTEXT + FRAME);

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** @param path of the ONNX file */
  static async open(path: string): Promise<VoiceDetector> {
    // A frame is so little work that a second thread only costs.
    const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 } as const;
    return new VoiceDetector(await InferenceSession.create(path, options));
  }

  reset(): void {
    this.#state = new Tensor('float32', new Float32Array(STATE), [2, 1, 128]);
    this.#input.fill(0);
  }

  /** 0 to 1, for FRAME samples at HEARING_RATE. */
  async probability(frame: Float32Array): Promise<number> {
    this.#input.copyWithin(0, FRAME);
    this.#input.set(frame, CONTEXT);
    const input = new Tensor('float32', this.#input, [1, this.#input.length]);
    const { output, stateN } = await this.#session.run({
      input,
      state: this.#state,
      sr: this.#rate,
    });
    if (!(output?.data instanceof Float32Array) || stateN === undefined) {
      throw new EngineError('the voice detector answered nothing', { retry: false });
    }
    this.#state = stateN;
    return output.data[0] ?? 0;
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}
