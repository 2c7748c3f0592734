import type { OutputChannel } from 'vscode';
import { plainText } from '../protocol/escapes.ts';
import type { RunHandle } from '../runner/client.ts';
import type { Runs } from '../runner/runs.ts';
import { type Disposable, Disposables, disposable } from './disposables.ts';
import { LogReader } from './log-reader.ts';
import type { Vscode } from './vscode.ts';

/** The channel repaints about every 300 ms: more messages than this only cost. */
const FLUSH_DELAY = 100;
/** Bytes of a run's log that go to its channel, its end: nobody reads more there. */
const LOG_LIMIT = 16 << 20;
/** Channels of ended runs that are kept. */
const ENDED_KEPT = 5;
/** Characters of a run's name in that of its channel, which is also the name of a file. */
const NAME_LENGTH = 40;

interface Channel extends Disposable {
  readonly name: string;
  readonly output: OutputChannel;
  /** Resolves when all is in it that had happened when it was made. */
  readonly whole: Promise<void>;
}

/**
 * An output channel for each run: made when a run is under way or when its log is asked for, and written as
 * things happen, in order. Those of the runs that ended longest ago go.
 */
export class RunOutput implements Disposable {
  readonly #vscode: Vscode;
  readonly #runs: Runs;
  readonly #owned = new Disposables();
  /** By the run's id, the one that was asked for last at the end. */
  readonly #channels = new Map<string, Channel>();

  constructor(vscode: Vscode, runs: Runs) {
    this.#vscode = vscode;
    this.#runs = runs;
    for (const run of runs.live) this.#channelOf(run);
    this.#owned.add(
      runs.added.on((run) => {
        if (run.state.ended === undefined) this.#channelOf(run);
      }),
    );
    this.#owned.add(
      runs.changed.on(({ run }) => {
        if (run.state.ended !== undefined) this.#dropOld();
      }),
    );
    this.#owned.add(runs.removed.on((run) => this.#drop(run.id)));
  }

  /** Shows the channel of a run; the keyboard stays where it is. Resolves when it has all that happened. */
  async show(id: string): Promise<void> {
    const run = this.#runs.get(id);
    if (run === undefined) return;
    const channel = this.#channelOf(run);
    this.#channels.delete(id);
    this.#channels.set(id, channel);
    this.#dropOld();
    channel.output.show(true);
    await channel.whole;
  }

  dispose(): void {
    this.#owned.dispose();
    for (const id of [...this.#channels.keys()]) this.#drop(id);
  }

  #channelOf(run: RunHandle): Channel {
    const found = this.#channels.get(run.id);
    if (found !== undefined) return found;
    const channel = this.#open(run);
    this.#channels.set(run.id, channel);
    return channel;
  }

  #open(run: RunHandle): Channel {
    const name = this.#nameFor(run);
    const owned = new Disposables();
    const output = owned.add(this.#vscode.window.createOutputChannel(name));
    let buffer: string[] = [];
    let timer: NodeJS.Timeout | undefined;
    const flush = (): void => {
      clearTimeout(timer);
      timer = undefined;
      if (buffer.length > 0) output.append(`${buffer.join('\n')}\n`);
      buffer = [];
    };
    owned.add(disposable(flush));
    const log = owned.add(
      new LogReader({
        runs: this.#runs,
        run: run.id,
        t: this.#vscode.l10n.t,
        limit: LOG_LIMIT,
        write: (lines) => {
          buffer.push(...lines);
          timer ??= setTimeout(flush, FLUSH_DELAY);
        },
      }),
    );
    return { name, output, whole: log.whole.then(flush), dispose: () => owned.dispose() };
  }

  /** Channels are told apart by their names alone: another run of the same name has its time in it. */
  #nameFor({ state }: RunHandle): string {
    const words = plainText(state.run.name.replace(/\s/g, ' ')).replace(/ +/g, ' ');
    const short = words.slice(0, NAME_LENGTH).trim();
    const name = `Sluice: ${short}`;
    const taken = [...this.#channels.values()].some((channel) => channel.name === name);
    return taken ? `${name} (${new Date(state.started).toLocaleTimeString()})` : name;
  }

  #dropOld(): void {
    const ended = [...this.#channels.keys()].filter(
      (id) => this.#runs.get(id)?.state.ended !== undefined,
    );
    for (const id of ended.slice(0, -ENDED_KEPT)) this.#drop(id);
  }

  #drop(id: string): void {
    this.#channels.get(id)?.dispose();
    this.#channels.delete(id);
  }
}
