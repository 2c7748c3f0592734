import { isAscii } from 'node:buffer';
import { LineSplitter } from '../process/lines.ts';
import { Utf8Decoder } from '../process/utf8.ts';
import { isColourOnly, isOnlyColoured, withoutColours } from '../protocol/escapes.ts';
import type { Progress } from '../protocol/events.ts';
import { RowFilter } from './bars.ts';
import { type Clock, systemClock } from './clock.ts';
import { Coalescer } from './coalesce.ts';
import { detectProgress } from './detect.ts';
import type { Memory } from './detector.ts';
import { detectOsc } from './osc.ts';
import { Phases } from './phases.ts';
import { Screen } from './screen.ts';
import { LineSearch } from './search.ts';

export interface OutputListener {
  /** Whole lines without ends, and without escapes but colours: those of one chunk together, never none. */
  onLines(lines: string[]): void;
  /** How far the program is, coalesced; its phases are told apart. */
  onProgress(progress: Progress): void;
  /** Called for each chunk. */
  onActivity?(): void;
}

export interface OutputOptions {
  readonly clock?: Clock;
  /** Shared by the streams of one program; empty at first. */
  readonly memory?: Memory;
}

/** One stream of a program. */
export interface Output {
  push(chunk: Uint8Array): void;
  /**
   * Tells what is left and lets go of all timers. Idempotent. Resolves when all is told, which is at once but for
   * programs that move the cursor.
   */
  end(): Promise<void>;
}

/** Ms of quiet after which an unfinished line is a prompt rather than the half of a line. */
const QUIET = 180;
/** Ms more, so that what came while this process was held up is read before that is decided. */
const CONFIRM = 20;
/** Ms where a full buffer rather than the program's will seems to have cut the line. */
const CUT_QUIET = 2000;
/** Bytes of the buffers of C libraries and pipes, or a multiple of it. */
const BUFFER = 4096;
/** Ms for each further part of one line, doubled until this: dots printed one by one. */
const LONGEST_QUIET = 5000;
/** Up to so many lines in a chunk are looked at one by one. */
const FEW = 32;
const LONGEST_STATUS = 1024;
/** How far apart two ways to say the same progress may be. */
const ROUNDED = 0.011;
/** Bytes of other text than ASCII decoded at once: 128 KiB of it are collected late as garbage. */
const PIECE = 32_768;

/** Ms between two looks at what a program paints: a frame. */
const FRAME = 16;

const ESC = '\x1b';
/** The same in one character of Latin-1. */
const CSI = '\x9b';

/** An escape at the end of a text that may go on as a colour, as a move, or as the terminal's progress. */
const CUT_ESCAPE = /\x1b(?:\[[\d;:]{0,64}|\](?:9(?:;(?:4(?:;[\d;]{0,8}\x1b?)?)?)?)?)?$/;
/** Characters of the longest of these. */
const LONGEST_ESCAPE = 80;
/** Moves of the cursor, but for those to the beginning of its row. */
const MOVES = /\x1b(?:\[[\d;]*[A-FHSTadefr]|\[\d+G|\[[su]|[78M])/;
/** To the beginning of the row, as `\r`. */
const TO_BEGIN = /\x1b\[[01]?G/g;
/** Text before the first move that is painted, too: moves are from where it ended. */
const BEFORE = 4096;

/** Bytes of one stream to lines and progress. */
export function createOutput(listener: OutputListener, options: OutputOptions = {}): Output {
  return new StreamOutput(listener, options);
}

class StreamOutput implements Output {
  readonly #listener: OutputListener;
  readonly #clock: Clock;
  readonly #decoder = new Utf8Decoder();
  readonly #splitter = new LineSplitter();
  readonly #phases = new Phases();
  readonly #search = new LineSearch();
  readonly #rows = new RowFilter();
  readonly #coalescer: Coalescer;
  readonly #memory: Memory;
  /** From the first move of the cursor on. */
  #screen: Screen | undefined;
  #cancelFrame: (() => void) | undefined;
  /** The end of what came before. */
  #before = '';
  /** The program tells the terminal its progress: what its lines say may be something else. */
  #told: number | undefined;
  /** The beginning of an escape that the next chunk goes on with. */
  #cut = '';
  #lastPush = 0;
  #bytes = 0;
  #isCut = false;
  #quiet = QUIET;
  #cancelQuiet: (() => void) | undefined;
  #ended = false;

  constructor(listener: OutputListener, { clock = systemClock, memory = {} }: OutputOptions) {
    this.#listener = listener;
    this.#clock = clock;
    this.#memory = memory;
    this.#coalescer = new Coalescer(clock, (progress) => listener.onProgress(progress));
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0 || this.#ended) return;
    this.#listener.onActivity?.();
    const isPlain = isAscii(chunk);
    const piece = isPlain ? chunk.length : PIECE;
    for (let from = 0; from < chunk.length; from += piece) {
      this.#feed(this.#decoder.push(chunk.subarray(from, from + piece), isPlain), isPlain);
    }
    this.#lastPush = this.#clock.now();
    this.#bytes += chunk.length;
    this.#isCut = chunk.length >= BUFFER || this.#bytes % BUFFER === 0;
    if (!isColourOnly(this.#splitter.tail)) this.#watch(this.#patience);
  }

  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelQuiet?.();
    this.#feed(this.#decoder.end(), false);
    const lines = [...this.#splitter.pushText(this.#cut), ...this.#splitter.end()];
    if (this.#screen === undefined) for (const line of lines) this.#look(line);
    this.#tell(lines, lines.join('\n'));
    const rows = this.#rows.take();
    if (rows.length > 0) this.#listener.onLines(rows);
    if (this.#screen !== undefined) await this.#leaveScreen(this.#screen);
    this.#coalescer.flush();
  }

  #feed(decoded: string, isPlain: boolean): void {
    let text = this.#cut === '' ? decoded : this.#cut + decoded;
    this.#cut = '';
    const escaped = text.includes(ESC) || (!isPlain && text.includes(CSI));
    if (escaped) text = this.#withoutCut(text);
    const moves = escaped && !isOnlyColoured(text);
    if (moves) text = this.#takeEscapes(text);
    const lines = this.#splitter.pushText(text);
    if (this.#screen === undefined) {
      this.#lookIn(text, lines, escaped);
      if (text !== '')
        this.#before = (text.length < BEFORE ? this.#before + text : text).slice(-BEFORE);
    } else {
      this.#screen.write(withoutColours(text));
      this.#watchScreen(this.#screen);
    }
    if (lines.length > 0) this.#quiet = QUIET;
    this.#tell(lines, moves ? text : '');
  }

  /** Text without an escape that is cut at its end: the next text goes on with it. */
  #withoutCut(text: string): string {
    const cut = CUT_ESCAPE.exec(text.slice(-LONGEST_ESCAPE))?.[0] ?? '';
    this.#cut = cut;
    return cut === '' ? text : text.slice(0, -cut.length);
  }

  /** Takes what other escapes than colours tell. Returns the text with those that are as good as a `\r` made one. */
  #takeEscapes(text: string): string {
    const plain = withoutColours(text);
    const told = detectOsc(plain);
    if (told !== undefined) {
      this.#told = told.fraction;
      this.#push(told);
    }
    const returned = text.replace(TO_BEGIN, '\r');
    if (this.#screen === undefined && MOVES.test(plain.replace(TO_BEGIN, '\r'))) {
      this.#screen = new Screen();
      this.#screen.write(this.#before);
    }
    return returned;
  }

  #lookIn(text: string, lines: readonly string[], coloured: boolean): void {
    if (lines.length > FEW) this.#lookInMany(text, lines, coloured);
    else this.#lookInFew(lines);
    const { tail, overwrites } = this.#splitter;
    // The half of another line could mean anything: `5/5` may go on with `tests passed`.
    if (overwrites && tail !== '' && tail.length <= LONGEST_STATUS) this.#look(tail, false);
  }

  #watchScreen(screen: Screen): void {
    this.#cancelFrame ??= this.#clock.after(FRAME, () => {
      this.#cancelFrame = undefined;
      this.#lookAtScreen(screen);
      // What was written while the model was loaded or painted.
      if (screen.isPainting) this.#watchScreen(screen);
    });
  }

  #lookAtScreen(screen: Screen): void {
    for (const { text, open } of screen.takeRows()) this.#look(text, !open);
  }

  async #leaveScreen(screen: Screen): Promise<void> {
    this.#cancelFrame?.();
    await screen.settled();
    for (const { text } of screen.takeRows()) this.#look(text);
    screen.dispose();
  }

  /** `moves` is what the lines were made from where that has other escapes than colours, but for the first one's beginning. */
  #tell(lines: string[], moves: string): void {
    if (lines.length === 0) return;
    const kept = this.#rows.filter(lines, moves);
    if (kept.length > 0) this.#listener.onLines(kept);
  }

  #look(line: string, complete = true): boolean {
    const progress = detectProgress(withoutColours(line), complete, this.#memory);
    if (progress === undefined) return false;
    if (this.#told === undefined || Math.abs(this.#told - (progress.fraction ?? 2)) <= ROUNDED) {
      this.#push(progress);
    }
    return true;
  }

  #isProgress(tail: string): boolean {
    return this.#screen === undefined ? this.#look(tail) : detectProgress(tail) !== undefined;
  }

  #push(progress: Progress): void {
    this.#coalescer.push(this.#phases.settle(progress));
  }

  #lookInFew(lines: readonly string[]): void {
    const { statuses } = this.#splitter;
    this.#search.learn(true);
    let next = 0;
    for (const [index, line] of lines.entries()) {
      for (; (statuses[next]?.line ?? Infinity) <= index; next += 1) {
        this.#look(statuses[next]?.text ?? '');
      }
      this.#look(line);
    }
    for (; next < statuses.length; next += 1) this.#look(statuses[next]?.text ?? '');
  }

  /** Many lines at once are searched as one text; the order of lines and statuses is near enough. */
  #lookInMany(text: string, lines: readonly string[], coloured: boolean): void {
    const { statuses } = this.#splitter;
    for (const status of statuses) if (status.line < lines.length) this.#look(status.text);
    const first = lines[0] ?? '';
    if (first.length <= LONGEST_STATUS && !this.#search.isDoubtful) this.#look(first);
    const starts = this.#search.find(text, coloured);
    const last = text.lastIndexOf('\n');
    let found = false;
    for (const start of starts) {
      if (start === 0 || start > last) continue;
      const line = text.slice(start, text.indexOf('\n', start)).replace(/\r+$/, '');
      found = this.#look(line.slice(line.lastIndexOf('\r') + 1)) || found;
    }
    this.#search.learn(found);
    for (const status of statuses) if (status.line === lines.length) this.#look(status.text);
  }

  get #patience(): number {
    return this.#isCut ? Math.max(this.#quiet, CUT_QUIET) : this.#quiet;
  }

  #watch(ms: number): void {
    this.#cancelQuiet ??= this.#clock.after(ms, () => {
      const pushed = this.#lastPush;
      const left = pushed + this.#patience - this.#clock.now();
      if (left > 0) {
        this.#cancelQuiet = undefined;
        this.#watch(left);
        return;
      }
      this.#cancelQuiet = this.#clock.after(CONFIRM, () => {
        this.#cancelQuiet = undefined;
        if (pushed === this.#lastPush) this.#takePrompt();
        else if (this.#splitter.tail !== '') this.#watch(this.#patience);
      });
    });
  }

  #takePrompt(): void {
    const { tail, overwrites } = this.#splitter;
    if (isColourOnly(tail) || this.#isProgress(tail) || overwrites) return;
    this.#quiet = Math.min(this.#quiet * 2, LONGEST_QUIET);
    const line = this.#splitter.takeTail();
    this.#tell([line], line);
  }
}
