const RATE = 8000;
const HEADER = 44;

/** A WAV file of so many seconds: a tone that swells and fades twice a second, as words do. */
export function wav(seconds: number): Uint8Array<ArrayBuffer> {
  const samples = Int16Array.from({ length: Math.round(seconds * RATE) }, (_, index) => {
    const time = index / RATE;
    const swell =
      Math.abs(Math.sin(time * 2 * Math.PI)) * (0.4 + 0.6 * Math.abs(Math.sin(time / 3)));
    return Math.sin(time * 220 * 2 * Math.PI) * swell * 0x7000;
  });
  return wavOf(samples, 1, RATE);
}

/** A WAV file of these samples, those of the channels in turn. */
export function wavOf(
  samples: Int16Array,
  channels: number,
  rate: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER + samples.byteLength);
  const view = new DataView(bytes.buffer);
  const ascii = (at: number, text: string): void => {
    for (const [index, character] of [...text].entries()) {
      view.setUint8(at + index, character.charCodeAt(0));
    }
  };
  ascii(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  ascii(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * channels * rate, true);
  view.setUint16(32, 2 * channels, true);
  view.setUint16(34, 16, true);
  ascii(36, 'data');
  view.setUint32(40, samples.byteLength, true);
  for (const [index, sample] of samples.entries()) view.setInt16(HEADER + 2 * index, sample, true);
  return bytes;
}
