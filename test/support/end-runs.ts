import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { layoutOf } from '../../src/runner/layout.ts';
import { isAlive, readInfo } from '../../src/runner/liveness.ts';

const END_PATIENCE = 10_000;

/** Ends the runners of a folder, and so their programs: a run outlives whoever started it. */
export async function endRuns(folder: string): Promise<void> {
  const { sockets } = layoutOf(folder);
  for (const name of await readdir(sockets).catch(() => [])) {
    const info = await readInfo(join(sockets, name));
    if (info === undefined || !isAlive(info.pid)) continue;
    process.kill(info.pid, 'SIGTERM');
    for (const end = Date.now() + END_PATIENCE; isAlive(info.pid); await delay(50)) {
      if (Date.now() > end) process.kill(info.pid, 'SIGKILL');
    }
  }
}
