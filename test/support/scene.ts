import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import {
  openWorkbench,
  type Workbench,
  type WorkbenchOptions,
} from '../../scripts/vscode/workbench.mjs';
import { endRuns } from './end-runs.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

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
