import type { Event, EventEmitter, Pseudoterminal, Terminal } from 'vscode';
import { plainText } from '../protocol/escapes.ts';
import type { RunHandle } from '../runner/client.ts';
import type { Runs } from '../runner/runs.ts';
import { type Disposable, Disposables, disposable } from './disposables.ts';
import { LogReader } from './log-reader.ts';
import { plain } from './plain.ts';
import type { Vscode } from './vscode.ts';

/** A terminal paints once a frame, and takes few long texts more easily than many short ones. */
const FLUSH_DELAY = 32;
/** Bytes of a run's log that are shown, its end: a terminal keeps about a thousand lines. */
const LOG_LIMIT = 4 << 20;
const CTRL_C = '\x03';

/** Logs of runs in terminals: with the colours of programs, and nothing else that a terminal would obey. */
export class LogTerminals implements Disposable {
  readonly #vscode: Vscode;
  readonly #runs: Runs;
  readonly #open = new Map<string, Terminal>();

  constructor(vscode: Vscode, runs: Runs) {
    this.#vscode = vscode;
    this.#runs = runs;
  }

  /** Shows the log of a run, in the terminal that has it already where there is one. */
  show(run: RunHandle): void {
    const terminal = this.#open.get(run.id) ?? this.#create(run);
    this.#open.set(run.id, terminal);
    terminal.show();
  }

  dispose(): void {
    for (const terminal of this.#open.values()) terminal.dispose();
  }

  #create(run: RunHandle): Terminal {
    const { ThemeIcon, window } = this.#vscode;
    const pty = new LogTerminal(this.#vscode, this.#runs, run, () => this.#open.delete(run.id));
    return window.createTerminal({
      name: plain(plainText(`Sluice: ${run.state.run.name}`)),
      iconPath: new ThemeIcon('output'),
      isTransient: true,
      pty,
    });
  }
}

class LogTerminal implements Pseudoterminal {
  readonly onDidWrite: Event<string>;
  readonly onDidClose: Event<void>;
  readonly #vscode: Vscode;
  readonly #runs: Runs;
  readonly #run: RunHandle;
  readonly #owned = new Disposables();
  readonly #write: EventEmitter<string>;
  readonly #close: EventEmitter<void>;

  constructor(vscode: Vscode, runs: Runs, run: RunHandle, closed: () => void) {
    this.#vscode = vscode;
    this.#runs = runs;
    this.#run = run;
    this.#owned.add(disposable(closed));
    this.#write = this.#owned.add(new vscode.EventEmitter());
    this.#close = this.#owned.add(new vscode.EventEmitter());
    this.onDidWrite = this.#write.event;
    this.onDidClose = this.#close.event;
  }

  open(): void {
    const { t } = this.#vscode.l10n;
    let buffer: string[] = [dim(t('q or Ctrl-C closes this log. The run goes on.'))];
    let timer: NodeJS.Timeout | undefined;
    const flush = (): void => {
      timer = undefined;
      this.#write.fire(`${buffer.join('\r\n')}\r\n`);
      buffer = [];
    };
    const log = new LogReader({
      runs: this.#runs,
      run: this.#run.id,
      t,
      limit: LOG_LIMIT,
      colours: true,
      write: (lines) => {
        buffer.push(...lines);
        timer ??= setTimeout(flush, FLUSH_DELAY);
      },
    });
    this.#owned.add(disposable(() => clearTimeout(timer)));
    this.#owned.add(log);
  }

  /** VS Code closes it: the person did, or it was asked to. */
  close(): void {
    this.#owned.dispose();
  }

  handleInput(data: string): void {
    if (data === 'q' || data === CTRL_C) this.#close.fire();
  }
}

function dim(text: string): string {
  return `\x1b[2m${text}\x1b[22m`;
}
