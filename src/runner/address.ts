import { randomBytes } from 'node:crypto';
import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** How to reach the runner of a run. */
export interface RunnerInfo {
  readonly id: string;
  readonly pid: number;
  /** Path of a Unix socket, or name of a Windows pipe. */
  readonly address: string;
  /** Said by a client in its first request. */
  readonly token: string;
  readonly batch: string;
  readonly name: string;
  readonly started: number;
}

/**
 * A new address for a runner: a socket in a folder that only this user may enter, or a named pipe on
 * Windows. Socket paths are limited to about 100 bytes, hence not in the workspace.
 */
export async function newAddress(): Promise<string> {
  const name = randomBytes(9).toString('base64url');
  if (process.platform === 'win32') return `\\\\.\\pipe\\sluice-${name}`;
  const folder = await privateFolder();
  return join(folder, `${name}.sock`);
}

async function privateFolder(): Promise<string> {
  const runtime = process.env['XDG_RUNTIME_DIR'];
  const folder =
    runtime !== undefined && runtime.length < 60
      ? join(runtime, 'sluice')
      : join(tmpdir().length < 60 ? tmpdir() : '/tmp', `sluice-${userInfo().uid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  // In a shared folder somebody else may have made it first.
  if (!found.isDirectory() || found.uid !== userInfo().uid || (found.mode & 0o077) !== 0) {
    throw new Error(
      `${folder} is not a private folder of this user, so no socket is put there. Remove it and try again.`,
    );
  }
  return folder;
}
