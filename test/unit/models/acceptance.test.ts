import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NotAcceptedError } from '../../../src/models/error.ts';
import { ModelStore } from '../../../src/models/store.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.close());

/** The store of the world, where `words` must be accepted in these words. */
function store(notice: string, env: NodeJS.ProcessEnv = {}): ModelStore {
  const { context } = world.store(env);
  const models = context.catalogue.models.map((model) =>
    model.id === 'words' ? { ...model, notice } : model,
  );
  return new ModelStore({ ...context, catalogue: { ...context.catalogue, models } });
}

test('a model with a notice is neither fetched nor used before a person accepts it', async () => {
  const closed = store('For research only.');
  await expect(closed.path('words')).rejects.toThrow(NotAcceptedError);
  await expect(closed.path('words')).rejects.toMatchObject({
    message: expect.stringContaining('For research only.'),
    hint: expect.stringContaining('sluice models pull words --accept-licence'),
    retry: false,
  });
  expect(world.registry.requests).toEqual([]);
  expect((await closed.list(['words']))[0]?.notice).toBe('For research only.');

  await closed.accept('words');
  expect((await closed.path('words')).path).toBe(join(world.root, 'words', 'words.json'));
  // Another process of another day knows it, too.
  expect(await store('For research only.').accepted('words')).toBe(true);
  expect((await closed.list(['words']))[0]).not.toHaveProperty('notice');
});

test('other words have to be accepted anew, also where the model is there', async () => {
  await store('Old words.').accept('words');
  await store('Old words.').path('words');
  await expect(store('New words.').path('words')).rejects.toThrow('New words.');
});

test('the environment accepts for a machine without a person, and remembers nothing', async () => {
  const open = store('Words.', { SLUICE_ACCEPT_LICENCES: 'other, words' });
  await open.path('words');
  await expect(store('Words.').path('words')).rejects.toThrow(NotAcceptedError);
});

test('a damaged record accepts nothing, and is mended by accepting', async () => {
  await mkdir(world.root, { recursive: true });
  await writeFile(join(world.root, '.accepted.json'), '{"words": ');
  expect(await store('Words.').accepted('words')).toBe(false);
  await store('Words.').accept('words');
  expect(await store('Words.').accepted('words')).toBe(true);
  const record = JSON.parse(await readFile(join(world.root, '.accepted.json'), 'utf8'));
  expect(record.words).toMatchObject({ notice: 'Words.', at: expect.stringMatching(/^\d{4}-/) });
});

test('a model without a notice needs no accepting', async () => {
  expect(await world.store().accepted('big')).toBe(true);
  await world.store().accept('big');
  await expect(readFile(join(world.root, '.accepted.json'))).rejects.toThrow('ENOENT');
});
