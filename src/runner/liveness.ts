import { readFile } from 'node:fs/promises';
import type { RunnerInfo } from './address.ts';

/** Whether a process of this number exists. It may be another one than it was: connect to be sure. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Reads `runner.json`; `undefined` when it is not there (yet) or broken. */
export async function readInfo(path: string): Promise<RunnerInfo | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as RunnerInfo;
  } catch {
    return undefined;
  }
}
