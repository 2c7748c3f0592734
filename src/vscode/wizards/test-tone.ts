const RATE = 8000;
const PITCH = 440;
const LOUDNESS = 60;

/** A WAV file with a second of a tone, for a template that has no sound to convert yet. */
export function testTone(): Uint8Array {
  const wav = Buffer.alloc(44 + RATE);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(36 + RATE, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  // PCM, one channel, 8 bits a sample.
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(RATE, 24);
  wav.writeUInt32LE(RATE, 28);
  wav.writeUInt16LE(1, 32);
  wav.writeUInt16LE(8, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(RATE, 40);
  for (let at = 0; at < RATE; at += 1) {
    wav[44 + at] = 128 + Math.round(LOUDNESS * Math.sin((2 * Math.PI * PITCH * at) / RATE));
  }
  return wav;
}
