/**
 * Random numbers that a seed fixes: sfc32 of Chris Doty-Humphrey's PractRand, 2^128 states. `stream` gives
 * each of several searches its own numbers.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, stream = 0) {
    this.#a = seed | 0;
    this.#b = Math.floor(seed / 2 ** 32) | 0;
    this.#c = stream | 0;
    // The first ones still show the seed.
    for (let index = 0; index < 16; index += 1) this.next();
  }

  /** At least 0 and below 1, in steps of 2^-32. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  /** A whole number of at least 0 and below `count`. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }
}
