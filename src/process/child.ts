import type { Writable } from 'node:stream';

/** What a started child tells its owner. All are called from the event loop, never at once. */
export interface ChildListener {
  onOut(chunk: Uint8Array): void;
  onErr(chunk: Uint8Array): void;
  onExit(code: number | null, signal: NodeJS.Signals | null): void;
  /** All of its output is read: comes once, after `onExit` or `onError`. */
  onClose(): void;
  /** It did not start. */
  onError(error: NodeJS.ErrnoException): void;
}

/** A child on pipes or on a pseudo-terminal. */
export interface Child {
  readonly pid: number | undefined;
  readonly stdin: Writable | undefined;
  pause(): void;
  resume(): void;
  /** Gives up on output that is not read yet. `onClose` follows. */
  destroy(): void;
}

export interface ChildOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: 'ignore' | 'pipe';
}

/** A child that did not start, as the owner is told soon. */
export function failedChild(reason: unknown, listener: ChildListener): Child {
  const error = reason instanceof Error ? reason : new Error(String(reason));
  setImmediate(() => {
    listener.onError(error);
    listener.onClose();
  });
  const nothing = (): void => undefined;
  return { pid: undefined, stdin: undefined, pause: nothing, resume: nothing, destroy: nothing };
}
