import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { Writable } from 'node:stream';
import { type Child, type ChildListener, type ChildOptions, failedChild } from './child.ts';
import { findProgram } from './failure.ts';

type Pty = typeof import('@lydell/node-pty');

/** Wide, so that programs which break lines at the edge rarely do; they ask for the size once. */
const COLUMNS = 200;
const ROWS = 50;
/** Ctrl+D: what ends the input on a terminal. */
const END_OF_INPUT = '\x04';

const SIGNALS = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name as NodeJS.Signals]),
);

let loaded: Pty | string | undefined;

/** The package, or why there is none: it is optional, and made for some systems only. */
function load(): Pty | string {
  try {
    loaded ??= createRequire(import.meta.url)('@lydell/node-pty') as Pty;
  } catch {
    loaded = `No pseudo-terminal on ${process.platform}-${process.arch}: output may come late.`;
  }
  return loaded;
}

/**
 * Starts a program on a pseudo-terminal, where it writes as it does for a person: at once, both
 * streams in one, with `\r\n` and escapes. What is written to `stdin` is echoed in the output.
 * Returns why where no pseudo-terminal is to be had.
 */
export function startOnTerminal(options: ChildOptions, listener: ChildListener): Child | string {
  const pty = load();
  if (typeof pty === 'string') return pty;
  const { program, args, cwd, env } = options;
  const isWindows = process.platform === 'win32';
  // A missing program would only be seen as an exit code of the fork.
  if (!isWindows && findProgram(program, cwd, env) === undefined) {
    return failedChild(
      Object.assign(new Error(`spawn ${program} ENOENT`), { code: 'ENOENT' }),
      listener,
    );
  }
  let terminal: import('@lydell/node-pty').IPty;
  try {
    terminal = pty.spawn(program, [...args], {
      name: 'xterm-256color',
      cols: COLUMNS,
      rows: ROWS,
      cwd,
      env: { ...env },
      ...(isWindows ? {} : { encoding: null }),
    });
  } catch (error) {
    // The system has only so many.
    return `No pseudo-terminal, so output may come late: ${error instanceof Error ? error.message : String(error)}`;
  }
  // With `encoding: null` chunks are bytes, which the types do not say.
  terminal.onData((chunk: string | Uint8Array) => {
    listener.onOut(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  });
  terminal.onExit(({ exitCode, signal }) => {
    const name = signal === undefined ? undefined : SIGNALS.get(signal);
    listener.onExit(name === undefined ? exitCode : null, name ?? null);
    listener.onClose();
  });
  if (options.stdin === 'ignore') terminal.write(END_OF_INPUT);
  const stdin = new Writable({
    write(chunk: Buffer, _encoding, done) {
      terminal.write(chunk.toString());
      done();
    },
    final(done) {
      terminal.write(END_OF_INPUT);
      done();
    },
  });
  return {
    pid: terminal.pid,
    stdin: options.stdin === 'pipe' ? stdin : undefined,
    pause: () => terminal.pause(),
    resume: () => terminal.resume(),
    // `onExit` follows by itself: a terminal closes when its leader has ended.
    destroy: () => undefined,
  };
}
