import { type FileHandle, open } from 'node:fs/promises';

/** The log goes to disk at least so often, and whenever a block is full. */
const DISK_MS = 500;
const BLOCK_BYTES = 256 << 10;
/** With more blocks than these on their way, the sources should hold back. */
const BLOCKS = 3;

/**
 * Lines appended to a file off the hot path, in blocks that are used again and again: a flood of
 * lines leaves no garbage but the lines themselves.
 */
export class LogFile {
  readonly #file: FileHandle;
  readonly #onPressure: (high: boolean) => void;
  readonly #onBroken: (error: Error) => void;
  readonly #free: Buffer<ArrayBuffer>[] = [];
  #block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  #used = 0;
  #busy = 0;
  #high = false;
  #broken = false;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    file: FileHandle,
    onPressure: (high: boolean) => void,
    onBroken: (error: Error) => void,
  ) {
    this.#file = file;
    this.#onPressure = onPressure;
    this.#onBroken = onBroken;
  }

  /**
   * @param onPressure told `true` when lines come faster than the disk takes them, then `false`
   * @param onBroken told once when the disk takes no more; what comes then is dropped
   */
  static async open(
    path: string,
    onPressure: (high: boolean) => void,
    onBroken: (error: Error) => void,
  ): Promise<LogFile> {
    return new LogFile(await open(path, 'a', 0o600), onPressure, onBroken);
  }

  append(line: string): void {
    if (this.#broken) return;
    // A character takes at most 3 bytes.
    if (this.#used + line.length * 3 + 1 > this.#block.length) {
      this.flush();
      if (line.length * 3 + 1 > this.#block.length) {
        this.#write(Buffer.from(`${line}\n`));
        return;
      }
    }
    this.#used += this.#block.write(line, this.#used);
    this.#used += this.#block.write('\n', this.#used);
    this.#timer ??= setTimeout(() => this.flush(), DISK_MS);
  }

  /** Begins to write what was appended. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#used === 0) return;
    const full = this.#block;
    const bytes = full.subarray(0, this.#used);
    this.#block = this.#free.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
    this.#used = 0;
    this.#write(bytes, full);
  }

  /** Resolves when what was appended is written. */
  async written(): Promise<void> {
    this.flush();
    await this.#writing;
  }

  /** Writes what is left and closes the file. */
  async close(): Promise<void> {
    await this.written();
    await this.#file.close();
  }

  /** @param block to be used again when it is written */
  #write(bytes: Buffer, block?: Buffer<ArrayBuffer>): void {
    this.#busy += 1;
    if (this.#busy > BLOCKS) this.#press(true);
    this.#writing = this.#writing.then(async () => {
      try {
        if (!this.#broken) await this.#file.appendFile(bytes);
      } catch (error) {
        this.#broken = true;
        this.#onBroken(error as Error);
      }
      this.#busy -= 1;
      if (block !== undefined && this.#free.length < BLOCKS) this.#free.push(block);
      if (this.#busy <= 1) this.#press(false);
    });
  }

  #press(high: boolean): void {
    if (high === this.#high) return;
    this.#high = high;
    this.#onPressure(high);
  }
}
