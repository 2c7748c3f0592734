import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Heard, Range } from './engine.ts';

/** A stretch of speech as it was heard, and the frame with which to go on behind it. */
export interface HeardStretch extends Heard, Range {
  readonly ranges: readonly Range[];
  readonly next: number;
}

const range = z.object({ start: z.number(), end: z.number() });
const stretch = range.extend({
  text: z.string(),
  words: z.array(range.extend({ text: z.string() })),
  language: z.string(),
  ranges: z.array(range),
  next: z.int().nonnegative(),
});

/**
 * What was heard of a recording so far, a line each in a file: an attempt or a run that comes later goes on behind it,
 * also when the process was killed. What another engine or model has heard counts for nothing.
 */
export class HeardLog {
  readonly #file: string | undefined;
  readonly heard: readonly HeardStretch[];

  private constructor(file: string | undefined, heard: readonly HeardStretch[]) {
    this.#file = file;
    this.heard = heard;
  }

  /** @param folder made when it is not there; without one nothing is kept */
  static async open(
    folder: string | undefined,
    by: { readonly engine: string; readonly name?: string; readonly sha256?: string },
  ): Promise<HeardLog> {
    if (folder === undefined) return new HeardLog(undefined, []);
    await mkdir(folder, { recursive: true });
    const file = join(folder, 'heard.jsonl');
    const head = JSON.stringify(by);
    const text = await readFile(file, 'utf8').catch(() => '');
    const [first, ...lines] = text.split('\n');
    if (first === head) {
      // The last line may be the half of one.
      const whole = lines.slice(0, -1);
      const heard = whole.map((line) => stretch.safeParse(parsed(line)).data);
      const bad = heard.indexOf(undefined);
      const good = heard.slice(0, bad < 0 ? undefined : bad).filter((one) => one !== undefined);
      await writeFile(file, [head, ...whole.slice(0, good.length), ''].join('\n'));
      return new HeardLog(file, good);
    }
    await writeFile(file, `${head}\n`);
    return new HeardLog(file, []);
  }

  async add(heard: HeardStretch): Promise<void> {
    if (this.#file !== undefined) await appendFile(this.#file, `${JSON.stringify(heard)}\n`);
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
