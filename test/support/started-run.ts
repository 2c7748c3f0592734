import { onTestFinished } from 'vitest';
import type { RunEvent } from '../../src/protocol/events.ts';
import { endRuns } from './end-runs.ts';
import { parseEvents, startSluice } from './sluice.ts';

/** A run that goes on while the test does things to it. Ended with the test. */
export interface StartedRun {
  /** All of them so far. */
  events(): RunEvent[];
  /** As Ctrl-C does. */
  interrupt(): void;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | undefined>;
}

/** Starts a run in a folder by arguments that have `--json`. */
export function startRun(folder: string, args: readonly string[]): StartedRun {
  const child = startSluice(folder, args);
  let seen = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    seen += text;
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await endRuns(folder);
  });
  return {
    events: () => parseEvents(seen.slice(0, seen.lastIndexOf('\n') + 1)),
    interrupt: () => void child.kill('SIGINT'),
    ended: child.then(({ exitCode }) => exitCode),
  };
}
