import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import {
  openWorkbench,
  type Workbench,
  type WorkbenchOptions,
} from '../../scripts/vscode/workbench.mjs';
import { layoutOf } from '../../src/runner/layout.ts';
import { isAlive, readInfo } from '../../src/runner/liveness.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const END_PATIENCE = 10_000;

/** A folder, and VS Code on it with the extension. */
export interface Scene {
  readonly folder: string;
  readonly window: Workbench;
}

/** Where a file of an example, or a program to spawn, is found. */
export function fileOf(...path: readonly string[]): string {
  return join(ROOT, ...path);
}

/** A folder with these files, which goes when the test is over, and the runs in it with it. */
function makeFolder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-e2e-')));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  onTestFinished(async () => {
    await endRuns(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return folder;
}

/** The real workbench on a folder with these files. All of it ends with the test, however that ends. */
export async function openScene(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: WorkbenchOptions = {},
): Promise<Scene> {
  const folder = makeFolder(files);
  const window = await openWorkbench({ workspace: folder, extensionPath: [ROOT], ...options });
  onTestFinished(() => window.close());
  return { folder, window };
}

/** Ends the runners of a folder, and so their programs: a run outlives whoever started it. */
async function endRuns(folder: string): Promise<void> {
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
