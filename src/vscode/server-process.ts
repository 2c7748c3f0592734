import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ControlAnswer, ControlLine } from '../cli/serve-control.ts';
import { builtFile, type QueueOptions } from '../runner/start.ts';

/** How long a server may take to end by itself, in ms. */
const PATIENCE = 5000;
/** Lines of its log that say why it ended. */
const LAST_LINES = 5;

export interface ServerProcessOptions {
  /** Absolute path. */
  readonly folder: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly token: string;
  /** More environment for the steps of runs: settings and secrets. */
  readonly env: Readonly<Record<string, string>>;
  /** The queue whose workers do the items of runs, where one is chosen. */
  readonly queue: QueueOptions | undefined;
  /** Told each line of its log. */
  readonly log: (line: string) => void;
}

/**
 * `sluice serve` as a process of this window: its load is none of the extension host's, and it ends when the window
 * ends, however that happens, since its standard input does. Its runs go on.
 */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #lastLines: string[] = [];
  #answered: ((answer: ControlAnswer) => void)[] = [];
  #ended = false;
  /** Resolves when it is gone. */
  readonly ended: Promise<void>;
  /** Where it listens. */
  origin = '';

  private constructor({ folder, port, log }: ServerProcessOptions) {
    const args = ['serve', '--controlled', '--workspace', folder, '--port', String(port)];
    this.#child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', builtFile('sluice.js'), ...args],
      {
        cwd: folder,
        stdio: ['pipe', 'pipe', 'pipe'],
        windowsHide: true,
        // In an extension host the program is Electron; this makes it Node.
        env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      },
    );
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.#ended = true;
        resolve();
      };
      this.#child.once('close', end);
      this.#child.once('error', (error) => {
        this.#lastLines.push(error.message);
        end();
      });
    });
    // It may be gone when something is said to it.
    this.#child.stdin?.on('error', () => {});
    const { stdout, stderr } = this.#child;
    if (stderr !== null) {
      createInterface({ input: stderr }).on('line', (line) => {
        this.#lastLines.push(line);
        this.#lastLines.splice(0, this.#lastLines.length - LAST_LINES);
        log(line);
      });
    }
    if (stdout !== null) {
      createInterface({ input: stdout }).on('line', (line) => {
        this.#answered.shift()?.(JSON.parse(line) as ControlAnswer);
      });
    }
  }

  /** Rejects with what it said when it does not come to listen. */
  static async start(options: ServerProcessOptions): Promise<ServerProcess> {
    const server = new ServerProcess(options);
    const { token, env, queue } = options;
    const answer = await server.#ask({ type: 'begin', token, env, queue });
    if (answer.type === 'listening') server.origin = answer.origin;
    return server;
  }

  /** A new link that opens the page once. */
  async link(): Promise<string> {
    const answer = await this.#ask({ type: 'link' });
    return answer.type === 'link' ? answer.url : '';
  }

  /** Lets browsers come by one more origin: the one that a proxy of the window gives it. */
  answerTo(origin: string): void {
    this.#say({ type: 'answerTo', origin });
  }

  /** Ends it, and resolves when it is gone. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE);
    await this.ended;
    clearTimeout(timer);
  }

  #say(line: ControlLine): void {
    this.#child.stdin?.write(`${JSON.stringify(line)}\n`);
  }

  /** Answers come in the order of the questions. */
  async #ask(line: ControlLine): Promise<ControlAnswer> {
    const answer = new Promise<ControlAnswer>((resolve) => this.#answered.push(resolve));
    this.#say(line);
    const answered = await Promise.race([answer, this.ended]);
    if (answered === undefined) throw new Error(this.#lastLines.join('\n'));
    return answered;
  }
}
