import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.close());

async function expectWhole(): Promise<void> {
  const { path } = await world.store().path('big');
  expect(await readFile(path)).toEqual(world.big);
}

test('a connection that is cut is gone on with: no byte is sent twice', async () => {
  world.registry.cuts.push(100_000, 50_000);
  await expectWhole();
  expect(world.registry.sent).toBe(world.bigDownload);
  expect(world.registry.tarballRequests()).toHaveLength(4);
  expect(world.registry.tarballRequests()[1]).toMatch(/bytes=100000-$/);
});

test('a later process goes on where an aborted one stopped', async () => {
  world.registry.stalls.push(200_000);
  const controller = new AbortController();
  const onProgress = (done: number) => {
    if (done >= 200_000) controller.abort(new Error('enough'));
  };
  const { signal } = controller;
  await expect(world.store().path('big', { onProgress, signal })).rejects.toThrow('enough');
  expect((await world.store().list(['big']))[0]?.state).toBe('partial');
  await expectWhole();
  expect(world.registry.sent).toBe(world.bigDownload);
});

test('a connection that goes silent is given up and gone on with', async () => {
  world.registry.stalls.push(120_000);
  await expectWhole();
  expect(world.registry.sent).toBe(world.bigDownload);
});

test('a server without ranges sends everything again', async () => {
  world.registry.ranges = false;
  world.registry.cuts.push(100_000);
  await expectWhole();
  expect(world.registry.sent).toBe(world.bigDownload + 100_000);
});

test('a file that changed on the server in between is fetched from its beginning', async () => {
  world.registry.cuts.push(100_000);
  const store = world.store({ SLUICE_MODEL_SOURCES: 'hub' });
  const { signal, abort } = controls();
  const onProgress = (done: number) => {
    if (done >= 100_000) abort();
  };
  await store.path('big', { onProgress, signal }).catch(() => undefined);
  world.registry.etag = '"two"';
  await store.path('big');
  expect(world.registry.sent).toBe(world.big.length + 100_000);
  await expectWhole();
});

test('a beginning that was damaged on the disk is thrown away', async () => {
  world.registry.stalls.push(100_000);
  const { signal, abort } = controls();
  const onProgress = (done: number) => {
    if (done >= 100_000) abort();
  };
  await world
    .store()
    .path('big', { onProgress, signal })
    .catch(() => undefined);
  const part = join(world.root, '.partial', 'big-1@1.0.0.part');
  const file = await open(part, 'r+');
  await file.write(Buffer.alloc(1_000, 1), 0, 1_000, 50_000);
  await file.close();
  expect((await stat(part)).size).toBe(100_000);
  await expectWhole();
});

test('server errors are tried again, and given up when they last', async () => {
  world.registry.statuses.push(503, 500);
  await expectWhole();
  await world.store().remove('big');
  world.registry.statuses.push(...Array.from({ length: 5 }, () => 502));
  const failed = world.store({ SLUICE_MODEL_SOURCES: 'npm' }).path('big');
  await expect(failed).rejects.toThrow(/npm: 127\.0\.0\.1:\d+ answered HTTP 502/);
});

function controls(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
