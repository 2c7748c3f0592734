import type { Writable } from 'node:stream';
import type { Failure } from '../protocol/events.ts';
import { lineBuffering } from './buffering.ts';
import type { Child, ChildListener } from './child.ts';
import { type Ending, endFamily, groupLives } from './ending.ts';
import { isWithin, TAG_VARIABLE } from './environment.ts';
import { startFailure } from './failure.ts';
import { startOnPipes } from './pipes.ts';
import { isShy, unattended } from './shy.ts';
import { sweepLater } from './sweep.ts';
import { startOnTerminal } from './terminal.ts';

export { endLeftovers } from './ending.ts';

export interface ProgramOptions {
  readonly program: string;
  readonly args: readonly string[];
  /** Absolute path of the folder that it runs in. */
  readonly cwd: string;
  /** The whole environment: see `childEnvironment`. The tag is added to it. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: 'ignore' | 'pipe';
  /**
   * `true` runs it on a pseudo-terminal, which makes any program live and merges its streams into
   * `onOut`; without the optional package it runs on pipes and `note` says so. `'auto'` gives one to
   * programs that hide their progress on a pipe, where `mayMerge` allows it; all others stay on pipes, and C
   * programs are asked, by the library of GNU stdbuf where there is one, to write each line at once.
   */
  readonly pty?: boolean | 'auto';
  /** Nobody needs its streams apart, nor the bytes of its output as they are. */
  readonly mayMerge?: boolean;
  /** Names this program and all that it starts, for `endLeftovers`, which takes a prefix of it. */
  readonly tag: string;
}

export interface ProgramListener {
  /** Called as bytes come; the chunk may be kept. */
  onOut(chunk: Uint8Array): void;
  onErr(chunk: Uint8Array): void;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it did not start. */
  readonly failure?: Failure;
}

export interface Program {
  /** `undefined` when it did not start. */
  readonly pid: number | undefined;
  /** With `stdin: 'pipe'`. Its errors are taken care of: a program need not read all. */
  readonly stdin?: Writable;
  /** Something that a person should know about how it runs. */
  readonly note?: string;
  /**
   * Never rejects. Comes when the program ended, its output is read to the end, and whoever it
   * left in its group or at its pipes is ended, too.
   */
  readonly exited: Promise<Exit>;
  /** Stops reading, so that the program waits once the pipe is full. */
  pause(): void;
  resume(): void;
  /**
   * Ends it and all that it started: SIGTERM, `delay` ms (2000), SIGKILL. Resolves when none of
   * them is alive, after `exited`. May be called again, with a shorter delay too.
   */
  stop(options?: { readonly delay?: number }): Promise<void>;
}

/** How long those who outlive a program may go on writing to its pipes, in ms. */
const GRACE = 1000;
/** How long those who outlive a program have between SIGTERM and SIGKILL, in ms. */
const LEFTOVER_DELAY = 500;

/** Asks cargo for its bar where there is no terminal; it needs to know how wide. */
const SHOWN_ON_PIPES = { CARGO_TERM_PROGRESS_WHEN: 'always', CARGO_TERM_PROGRESS_WIDTH: '100' };

/** Tells apart programs with the same tag, such as two attempts at one step. */
let started = 0;

/**
 * Starts a program without waiting and without a shell. Never throws for a program that cannot be
 * started: `exited` then has a `failure` with its name and what to do.
 */
export function startProgram(options: ProgramOptions, listener: ProgramListener): Program {
  const { program, args, cwd, pty = false, stdin = 'ignore' } = options;
  started += 1;
  const tag = `${options.tag}:${process.pid}.${started}`;
  const isOffered =
    pty === 'auto' &&
    options.mayMerge === true &&
    stdin === 'ignore' &&
    // On Windows a pseudo-terminal repaints all that a program prints.
    process.platform !== 'win32' &&
    isShy(program, cwd, options.env);
  const env = {
    ...options.env,
    ...(pty === 'auto' ? { ...lineBuffering(options.env), ...SHOWN_ON_PIPES } : {}),
    ...(isOffered ? unattended(options.env) : {}),
    [TAG_VARIABLE]: tag,
  };
  const { promise: exited, resolve: settle } = Promise.withResolvers<Exit>();
  let exit: Exit | undefined;
  let settled = false;
  let closed = false;
  let grace: NodeJS.Timeout | undefined;
  let ending: Ending | undefined;

  const finish = (): void => {
    if (settled || !closed || exit === undefined) return;
    settled = true;
    clearTimeout(grace);
    settle(exit);
  };
  const leader = (): number | undefined => {
    const { pid } = child;
    // After the exit the number is its own only while somebody is in its group.
    return pid === undefined || (exit !== undefined && !groupLives(pid)) ? undefined : pid;
  };
  const end = (delay: number): Ending => {
    ending ??= endFamily({ leader, hasTag: (other) => isWithin(other, tag) }, delay);
    return ending;
  };
  /** For a pipe held by somebody whom the system does not show: nothing more is read from it. */
  const closeSoon = (): void => {
    clearTimeout(grace);
    if (!closed) grace = setTimeout(() => child.destroy(), GRACE);
  };
  /** Ends those who are left; their ends of the pipes close, and all that they wrote is read. */
  const endRest = async (): Promise<void> => {
    child.resume();
    await end(LEFTOVER_DELAY).done;
    closeSoon();
  };

  const childListener: ChildListener = {
    onOut: (chunk) => listener.onOut(chunk),
    onErr: (chunk) => listener.onErr(chunk),
    onError(error) {
      exit = { code: null, signal: null, failure: startFailure(error, program, cwd, env) };
    },
    onExit(code, signal) {
      exit = { code, signal };
      if (!closed && ending === undefined) grace = setTimeout(() => void endRest(), GRACE);
    },
    onClose() {
      closed = true;
      clearTimeout(grace);
      if (ending === undefined && leader() === undefined) {
        if (child.pid !== undefined) sweepLater(tag);
        finish();
      } else {
        void end(LEFTOVER_DELAY).done.then(finish);
      }
    },
  };

  const childOptions = { program, args, cwd, env, stdin };
  const terminal =
    pty === true || isOffered ? startOnTerminal(childOptions, childListener) : undefined;
  const child: Child =
    terminal === undefined || typeof terminal === 'string'
      ? startOnPipes(childOptions, childListener)
      : terminal;

  return {
    pid: child.pid,
    ...(child.stdin === undefined ? {} : { stdin: child.stdin }),
    ...(typeof terminal === 'string' && pty === true ? { note: terminal } : {}),
    exited,
    pause: () => child.pause(),
    resume: () => child.resume(),
    async stop({ delay = 2000 } = {}) {
      if (!settled && child.pid !== undefined) {
        ending?.hurry(delay);
        child.resume();
        await end(delay).done;
        closeSoon();
      }
      await exited;
    },
  };
}
