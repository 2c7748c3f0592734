import { Cutter } from '../../src/engines/transcription/cut.ts';
import type { Speech, TranscriptionEngine } from '../../src/engines/transcription/engine.ts';
import { createMoonshine } from '../../src/engines/transcription/moonshine.ts';
import { FRAME, VoiceDetector } from '../../src/engines/transcription/vad.ts';
import { modelPath } from '../../src/models/store.ts';

/** The tests listen with Moonshine to what Sluice says. */
interface Ears {
  readonly engine: TranscriptionEngine;
  readonly detector: VoiceDetector;
}

let loaded: Promise<Ears> | undefined;

/** English speech as text. The samples are mono, at 16 kHz, of any length. */
export async function transcribe(samples: Float32Array): Promise<string> {
  loaded ??= load();
  const { engine, detector } = await loaded;
  const cutter = new Cutter({ longest: 20, enough: 10, first: 10, pause: 1 });
  detector.reset();
  const stretches: Speech[] = [];
  for (let at = 0; at < samples.length; at += FRAME) {
    const frame = new Float32Array(FRAME);
    frame.set(samples.subarray(at, at + FRAME));
    const probability = await detector.probability(frame);
    stretches.push(...cutter.push({ samples: frame, probability }));
  }
  const texts: string[] = [];
  for (const speech of [...stretches, ...cutter.end()]) {
    const hearing = engine.hear(speech, {});
    let next = await hearing.next();
    while (!next.done) next = await hearing.next();
    texts.push(next.value.text);
  }
  return texts.join(' ').replace(/\s+/g, ' ').trim();
}

async function load(): Promise<Ears> {
  return {
    engine: await createMoonshine(await modelPath('moonshine-tiny')),
    detector: await VoiceDetector.open((await modelPath('silero-vad')).path),
  };
}
