import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { endLeftovers } from '../process/program.ts';
import { isAlive } from '../runner/liveness.ts';

const NAME = /^sluice-worker-(\d+)-\w+$/;

/**
 * A folder for what a worker works on, for the worker's own eyes. What workers that were killed on this machine have
 * left, processes and files, is ended and removed. Its name is the tag of all that the worker starts.
 */
export async function makeStateFolder(): Promise<{
  readonly folder: string;
  readonly tag: string;
}> {
  for (const name of await readdir(tmpdir())) {
    const [, pid] = NAME.exec(name) ?? [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await endLeftovers(`${name}.`);
    // It may be another user's.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {});
  }
  const folder = await mkdtemp(join(tmpdir(), `sluice-worker-${process.pid}-`));
  return { folder, tag: basename(folder) };
}
