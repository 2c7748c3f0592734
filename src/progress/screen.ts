import type { Terminal } from '@xterm/headless';

/** As the pseudo-terminal that programs get: see `process/terminal.ts`. */
const COLUMNS = 200;
const ROWS = 50;
/** Characters that wait to be painted; of more, only the last ones are. */
const MOST = 262_144;
const KEPT = 65_536;

/** A row of the screen that changed. */
export interface Row {
  readonly text: string;
  /** Whether the cursor stands behind it, so that more of it may come. */
  readonly open: boolean;
}

/**
 * What a program that moves the cursor paints, read from a model of a terminal. The model is loaded when the first
 * one is made, and paints a little later than it is written to.
 */
export class Screen {
  #terminal: Terminal | undefined;
  #waiting = '';
  #painting: Promise<void> | undefined;
  #shown = new Set<string>();

  write(text: string): void {
    this.#waiting += text;
    // A flood is not painted whole: what stands on the screen is overwritten anyway.
    if (this.#waiting.length > MOST) this.#waiting = `\r${this.#waiting.slice(-KEPT)}`;
    this.#painting ??= this.#paint().finally(() => {
      this.#painting = undefined;
    });
  }

  get isPainting(): boolean {
    return this.#painting !== undefined;
  }

  /** Resolves when all that was written is painted. */
  async settled(): Promise<void> {
    while (this.#painting !== undefined) await this.#painting;
  }

  /** The rows that were not there at the last call, from the lowest to the highest: programs put what is whole on top. */
  takeRows(): Row[] {
    const terminal = this.#terminal;
    if (terminal === undefined) return [];
    const buffer = terminal.buffer.active;
    const rows: Row[] = [];
    for (let y = 0; y < ROWS; y += 1) {
      const line = buffer.getLine(buffer.baseY + y);
      const text = line?.translateToString(true) ?? '';
      const above = line?.isWrapped === true ? rows.pop() : undefined;
      const open = y === buffer.cursorY && buffer.cursorX >= text.length;
      rows.push({ text: (above?.text ?? '') + text, open });
    }
    const before = this.#shown;
    this.#shown = new Set(rows.map(({ text }) => text));
    return rows.filter(({ text }) => text !== '' && !before.has(text)).reverse();
  }

  dispose(): void {
    this.#terminal?.dispose();
    this.#terminal = undefined;
    this.#waiting = '';
  }

  async #paint(): Promise<void> {
    this.#terminal ??= await createTerminal();
    const terminal = this.#terminal;
    while (this.#waiting !== '') {
      const text = this.#waiting;
      this.#waiting = '';
      await new Promise<void>((resolve) => terminal.write(text, resolve));
    }
  }
}

async function createTerminal(): Promise<Terminal> {
  // A CommonJS package: Node gives it as the default, a bundle may give its names.
  const module: typeof import('@xterm/headless') & {
    readonly default?: typeof import('@xterm/headless');
  } = await import('@xterm/headless');
  const { Terminal: Model } = module.default ?? module;
  return new Model({
    cols: COLUMNS,
    rows: ROWS,
    scrollback: 0,
    allowProposedApi: true,
    // On a pipe a line's end is `\n` alone.
    convertEol: true,
  });
}
