import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.ts';
import { makeWorkspace, startSluice } from './sluice.ts';

/** A `sluice worker` of its own process. Ended with the test. */
export interface TestWorker {
  readonly pid: number;
  /** What it has printed. */
  readonly said: string;
  kill(signal: NodeJS.Signals): void;
  /** Resolves with its exit code. */
  readonly ended: Promise<number | undefined>;
}

/** Starts a worker and waits until it takes items. Without a queue its environment names one. */
export async function startWorker(
  queue: string,
  flags: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<TestWorker> {
  const folder = makeWorkspace({});
  const child = startSluice(
    folder,
    ['worker', ...(queue === '' ? [] : ['--queue', queue]), ...flags],
    env,
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const ended = child.then(({ exitCode }) => exitCode);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await eventually(() => said).toContain('takes items');
  return {
    pid: child.pid ?? 0,
    get said() {
      return said;
    },
    // What execa kills it kills for good after 5 s.
    kill: (signal) => void process.kill(child.pid ?? 0, signal),
    ended,
  };
}

/** The path of a fresh key that runs and workers may share. */
export function makeKey(): string {
  return join(makeWorkspace({ key: `${randomBytes(32).toString('base64')}\n` }), 'key');
}
