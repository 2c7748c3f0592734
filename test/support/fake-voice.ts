import type { ServerResponse } from 'node:http';
import { wavEncoder } from '../../src/engines/sound/wav.ts';

/** Hz. */
export const VOICE_RATE = 8000;

/** Answers a text with a tone as an endpoint that speaks does; `pace` is the seconds that a character takes. */
export async function answerSound(
  response: ServerResponse,
  text: string,
  pace = 0.01,
): Promise<void> {
  const tone = Float32Array.from({ length: text.length * pace * VOICE_RATE }, (_, index) =>
    Math.sin(index / 3),
  );
  const encoder = wavEncoder({ sampleRate: VOICE_RATE, channels: 1, bits: 16, tags: {} });
  const bytes = Buffer.from(await encoder.encode([tone]));
  for (const patch of (await encoder.finish()).patches) bytes.set(patch.bytes, patch.at);
  response.writeHead(200, { 'content-type': 'audio/wav' }).end(bytes);
}
