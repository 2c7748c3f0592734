import type { Channels } from './resample.ts';

/** Parts that an outline has: as many as Result says. */
const PARTS = 400;
/** Parts while the length is not known: so many that each of the outline has several of them. */
const FINE = PARTS * 16;

/** The outline of a sound, made while it passes: for each part of its length its lowest and its highest sample. */
export class Peaks {
  readonly #low = new Float32Array(FINE);
  readonly #high = new Float32Array(FINE);
  /** Samples in a fine part; doubled when the sound gets longer than the parts hold. */
  #each = 1;
  #length = 0;

  push(channels: Channels): void {
    const length = channels[0]?.length ?? 0;
    while (this.#length + length > this.#each * FINE) this.#double();
    for (const samples of channels) {
      for (let index = 0; index < length; index += 1) {
        const part = Math.floor((this.#length + index) / this.#each);
        const sample = samples[index] ?? 0;
        if (sample < (this.#low[part] ?? 0)) this.#low[part] = sample;
        if (sample > (this.#high[part] ?? 0)) this.#high[part] = sample;
      }
    }
    this.#length += length;
  }

  /** As `peaks` of a Result has it. Empty for no sound. */
  toBase64(): string {
    const fine = Math.ceil(this.#length / this.#each);
    const parts = Math.min(PARTS, fine);
    const bytes = Buffer.alloc(parts * 2);
    for (let part = 0; part < parts; part += 1) {
      const begin = Math.floor((part * fine) / parts);
      const end = Math.floor(((part + 1) * fine) / parts);
      bytes.writeInt8(scaled(Math.min(...this.#low.subarray(begin, end))), part * 2);
      bytes.writeInt8(scaled(Math.max(...this.#high.subarray(begin, end))), part * 2 + 1);
    }
    return bytes.toString('base64');
  }

  /** Each part takes in the one behind it. */
  #double(): void {
    for (const [values, better] of [
      [this.#low, Math.min],
      [this.#high, Math.max],
    ] as const) {
      for (let part = 0; part < FINE / 2; part += 1) {
        values[part] = better(values[2 * part] ?? 0, values[2 * part + 1] ?? 0);
      }
      values.fill(0, FINE / 2);
    }
    this.#each *= 2;
  }
}

function scaled(sample: number): number {
  return Math.max(-127, Math.min(127, Math.round(sample * 127)));
}
