import { describe, expect, it } from 'vitest';
import { spellOut } from '../../../src/engines/language/spell-out.ts';
import { toUtterances } from '../../../src/engines/language/utterances.ts';
import { resample } from '../../../src/engines/sound/resample.ts';
import { chooseSpeechEngine } from '../../../src/engines/speech/choose.ts';
import type { SpeechEngine } from '../../../src/engines/speech/engine.ts';
import { transcribe } from '../../support/moonshine.ts';
import { wordErrorRate } from '../../support/word-errors.ts';

const TEXT = `The cell is the smallest unit of life. On 3 May 2024, Dr. Smith paid $3.50 for a book
  of 120 pages. Water boils at 100 °C. Can you tell me how long the meeting will last?`;

async function heard(engine: SpeechEngine, voice: string): Promise<string> {
  const pieces: Float32Array[] = [];
  for (const utterance of toUtterances(TEXT, { markdown: false, ...engine.takes })) {
    for await (const { samples, sampleRate } of engine.speak(utterance.text, { voice })) {
      pieces.push(resample(samples, sampleRate, 16_000), new Float32Array(4000));
    }
  }
  const all = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return transcribe(all);
}

/** What a voice says is understood by a listener who does not know the text. */
describe('recognised', { timeout: 120_000 }, () => {
  it.each(['slt', 'rms'])('flite, %s', async (voice) => {
    const engine = await chooseSpeechEngine({ engine: 'flite' });
    const text = await heard(engine, voice);
    await engine.close();
    expect(wordErrorRate(spellOut(TEXT), spellOut(text)), text).toBeLessThan(0.2);
  });

  it.each(['kokoro-fp32', 'kokoro-q8'])('%s', async (model) => {
    const engine = await chooseSpeechEngine({ engine: 'kokoro', model });
    const text = await heard(engine, 'af_heart');
    await engine.close();
    expect(wordErrorRate(spellOut(TEXT), spellOut(text)), text).toBeLessThan(0.12);
  });
});
