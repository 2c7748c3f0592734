import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { RunnerInfo } from './address.ts';

/** Whether a process of this number runs. It may be another one than it was: see `isRunnerAlive`. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  if (process.platform !== 'linux') return true;
  try {
    // The state stands after the name, which is in brackets and may have any character in it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

/** Whether a runner is there: its process runs, and it listens, if it has said where. */
export async function isRunnerAlive(pid: number, socketFile: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const info = await readInfo(socketFile);
  if (info === undefined) return true;
  return new Promise((resolve) => {
    const socket = connect(info.address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Reads a runner's file in `sockets`; `undefined` when it is not there (yet) or broken. */
export async function readInfo(path: string): Promise<RunnerInfo | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as RunnerInfo;
  } catch {
    return undefined;
  }
}
