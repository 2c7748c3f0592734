import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { type Child, type ChildListener, type ChildOptions, failedChild } from './child.ts';
import { findProgram } from './failure.ts';

/*
 * execa knows how to run scripts and `.cmd` files on Windows, and quotes for `cmd.exe`. On Unix it
 * adds nothing that is used here, and costs 0.5 to 0.8 ms a child (docs/progress.md), as much as
 * the start itself: a batch of thousand short programs would take nearly twice as long.
 */
const windows = process.platform === 'win32' ? await import('execa') : undefined;

function start(options: ChildOptions): ChildProcess {
  const { program, args, cwd, env, stdin } = options;
  if (windows === undefined) {
    // Its own group, so that a signal to the terminal reaches the runner alone, which ends children.
    const stdio: StdioOptions = [stdin, 'pipe', 'pipe'];
    return spawn(locate(options), args, { cwd, env, stdio, detached: true, argv0: program });
  }
  const child = windows.execa(program, args, {
    cwd,
    env,
    extendEnv: false,
    stdin,
    buffer: false,
    reject: false,
    cleanup: false,
    windowsHide: true,
  });
  // Its events are used; with `reject: false` only a fault of execa itself could come.
  child.catch(() => undefined);
  return child.nodeChildProcess;
}

/** Where programs were found: a long PATH is searched once, and not by each child while we wait for it. */
const located = new Map<string, string>();

function locate({ program, cwd, env }: ChildOptions): string {
  if (program.includes('/')) return program;
  const key = [env['PATH'], cwd, program].join('\0');
  const known = located.get(key);
  if (known !== undefined) return known;
  const path = findProgram(program, cwd, env);
  // Not found: the start itself says so.
  if (path === undefined) return program;
  located.set(key, path);
  return path;
}

/** Starts a program on pipes. Errors of starting come through `onError`. */
export function startOnPipes(options: ChildOptions, listener: ChildListener): Child {
  let child: ChildProcess;
  try {
    child = start(options);
  } catch (error) {
    // Too long arguments, a NUL in one of them, and whatever else is no matter of the event loop.
    return failedChild(error, listener);
  }
  const { stdout, stderr, stdin } = child;
  let running = false;
  child.once('spawn', () => {
    running = true;
  });
  child.on('error', (error: NodeJS.ErrnoException) => {
    // After the start it only says that a signal could not be sent.
    if (running) return;
    listener.onError(error);
    listener.onClose();
  });
  child.once('exit', (code, signal) => {
    if (running) listener.onExit(code, signal);
  });
  child.once('close', () => {
    if (running) listener.onClose();
  });
  stdout?.on('data', (chunk: Buffer) => listener.onOut(chunk));
  stderr?.on('data', (chunk: Buffer) => listener.onErr(chunk));
  // A reset pipe ends the stream; `close` follows.
  stdout?.on('error', () => undefined);
  stderr?.on('error', () => undefined);
  // A program need not read all of its input.
  stdin?.on('error', () => undefined);
  return {
    pid: child.pid,
    stdin: stdin ?? undefined,
    pause() {
      stdout?.pause();
      stderr?.pause();
    },
    resume() {
      stdout?.resume();
      stderr?.resume();
    },
    destroy() {
      stdout?.destroy();
      stderr?.destroy();
      stdin?.destroy();
    },
  };
}
