import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Family, findFamily, type ProcessTable, readProcesses } from './processes.ts';

/** How long a process may stay after SIGKILL: only one that hangs in the kernel does. */
const KILL_PATIENCE = 10_000;

/** Ms in which those who look for their families gather: cancelling a run ends many at once. */
const GATHER = 5;

let gathering: Promise<ProcessTable> | undefined;

/** The processes as they are later than now: one look serves all who ask until then. */
function lookAtProcesses(): Promise<ProcessTable> {
  gathering ??= sleep(GATHER).then(() => {
    gathering = undefined;
    return readProcesses();
  });
  return gathering;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended meanwhile.
  }
}

/** Whether anybody is in a process group. Always false on Windows, which has none. */
export function groupLives(leader: number): boolean {
  if (process.platform === 'win32') return false;
  try {
    process.kill(-leader, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function taskkill(pid: number): Promise<void> {
  return new Promise((resolve) => {
    execFile('taskkill', ['/pid', String(pid), '/T', '/F'], () => resolve());
  });
}

export interface Ending {
  /** Resolves when nobody of the family is alive, with how many were ended. */
  readonly done: Promise<number>;
  /** Brings SIGKILL forward to `delay` ms from now. */
  hurry(delay: number): void;
}

/**
 * Ends a family of processes: SIGTERM, `delay` ms, SIGKILL until nobody is left. Windows has no
 * SIGTERM: the tree below the leader is ended at once.
 */
export function endFamily(family: Family, delay: number): Ending {
  let deadline = performance.now() + delay;
  let wake = new AbortController();
  const nap = async (ms: number): Promise<void> => {
    wake = new AbortController();
    await sleep(ms, undefined, { signal: wake.signal }).catch(() => undefined);
  };
  const find = async (): Promise<number[]> => {
    try {
      return findFamily(await lookAtProcesses(), family);
    } catch {
      // No `/proc` or no `ps`: the group is still known.
      const leader = family.leader?.();
      return leader === undefined || !groupLives(leader) ? [] : [-leader];
    }
  };

  async function end(): Promise<number> {
    if (process.platform === 'win32') {
      const leader = family.leader?.();
      if (leader === undefined) return 0;
      await taskkill(leader);
      return 1;
    }
    const ended = new Set(await find());
    for (const pid of ended) {
      signal(pid, 'SIGTERM');
      // A stopped process gets it only when it goes on.
      signal(pid, 'SIGCONT');
    }
    let members = [...ended];
    for (let pause = 5; members.length > 0; pause = Math.min(pause * 2, 100)) {
      const left = deadline - performance.now();
      if (left < -KILL_PATIENCE) break;
      for (const pid of left <= 0 ? members : []) {
        ended.add(pid);
        signal(pid, 'SIGKILL');
      }
      await nap(left > 0 ? Math.min(pause, left) : 5);
      members = await find();
      // While a process starts another program its environment cannot be read: look twice.
      if (members.length === 0) members = await find();
    }
    return ended.size;
  }

  return {
    done: end(),
    hurry(shorter) {
      deadline = Math.min(deadline, performance.now() + shorter);
      wake.abort();
    },
  };
}

/**
 * Ends the processes that a killed runner left: those with a tag that begins with `tagPrefix`, and
 * what they started. SIGTERM, 2 s, SIGKILL. Resolves with how many there were. End the prefix with
 * a separator, or `run-1` ends `run-10` too. Never ends the caller nor its ancestors. On Windows,
 * where the environment of a process cannot be read, it finds none.
 */
export function endLeftovers(tagPrefix: string): Promise<number> {
  return endFamily({ hasTag: (tag) => tag.startsWith(tagPrefix) }, 2000).done;
}
