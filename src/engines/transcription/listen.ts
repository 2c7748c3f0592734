import { openSound } from '../sound/input.ts';
import { mixed } from '../sound/mono.ts';
import { joined, Resampler } from '../sound/resample.ts';
import { Cutter } from './cut.ts';
import { type CutLimits, HEARING_RATE, type Speech } from './engine.ts';
import { FRAME, type VoiceDetector } from './vad.ts';

/** So many seconds in which nobody speaks are told. */
const SILENCE = 10;

/** A stretch of speech, or of silence, and what is known of the recording when it is whole. */
export interface Listened {
  readonly speech: Speech | undefined;
  /** Where speech begins, or silence ends, in seconds. */
  readonly at: number;
  /** The frame with which to go on behind it. */
  readonly next: number;
  /** Share of the recording that was read, 0 to 1. */
  readonly fraction: number;
}

/**
 * The stretches of speech of a sound file of any length, and long silence, in order; at last its length in seconds. The
 * file is read as they are asked for.
 *
 * @param first the frame to begin with: `next` of the stretch behind which it is gone on
 */
export async function* listen(
  path: string,
  detector: VoiceDetector,
  limits: CutLimits,
  first: number,
  signal: AbortSignal,
): AsyncGenerator<Listened, number> {
  const cutter = new Cutter(limits, first);
  const sound = await openSound(path, signal);
  detector.reset();
  let frames = 0;
  let rest: Float32Array = new Float32Array();
  let told = 0;
  const frameAt = (second: number): number => Math.round((second * HEARING_RATE) / FRAME);
  let passed = cutter.passed;
  const listened = (speech: Speech): Listened => {
    passed = speech.end;
    return { speech, at: speech.start, next: frameAt(speech.end), fraction: told };
  };
  const silence = (): Listened[] => {
    if (cutter.passed - passed < SILENCE) return [];
    passed = cutter.passed;
    return [{ speech: undefined, at: passed, next: frameAt(passed), fraction: told }];
  };
  const hear = async (samples: Float32Array): Promise<Speech[]> => {
    frames += 1;
    if (frames <= first) return [];
    return cutter.push({ samples, probability: await detector.probability(samples) });
  };
  const resampler = new Resampler(1, sound.sampleRate, HEARING_RATE);
  const take = async function* (samples: Float32Array): AsyncGenerator<Listened> {
    const all = joined(rest, samples);
    let at = 0;
    for (; at + FRAME <= all.length; at += FRAME) {
      signal.throwIfAborted();
      yield* (await hear(all.slice(at, at + FRAME))).map(listened);
    }
    rest = all.slice(at);
  };
  try {
    for await (const { channels, fraction } of sound.blocks()) {
      told = fraction;
      yield* take(resampler.push([mixed(channels)])[0] ?? new Float32Array());
      yield* silence();
    }
  } finally {
    await sound.close();
  }
  yield* take(resampler.end()[0] ?? new Float32Array());
  const seconds = (frames * FRAME + rest.length) / HEARING_RATE;
  if (rest.length > 0) {
    const last = new Float32Array(FRAME);
    last.set(rest);
    yield* (await hear(last)).map(listened);
  }
  yield* cutter.end().map(listened);
  return seconds;
}
