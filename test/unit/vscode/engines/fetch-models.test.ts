import { afterEach, beforeEach, expect, test } from 'vitest';
import { ModelStore } from '../../../../src/models/store.ts';
import { fetchModels } from '../../../../src/vscode/engines/fetch-models.ts';
import { isPermissive } from '../../../../src/vscode/engines/licences.ts';
import { TransferPace } from '../../../../src/vscode/engines/transfer-pace.ts';
import { makeWorld, type World } from '../../models/world.ts';
import { FakeWindow } from './fake-window.ts';

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.close());

/** The store of the world with another licence for one of its models. */
function licensed(id: string, licence: string, home?: string): ModelStore {
  const { context } = world.store();
  const models = context.catalogue.models.map((model) =>
    model.id === id ? { ...model, licence, ...(home !== undefined && { home }) } : model,
  );
  return new ModelStore({ ...context, catalogue: { ...context.catalogue, models } });
}

test('what is missing is fetched, with its size and licence and how far it is', async () => {
  const window = new FakeWindow();
  const store = world.store();
  expect(await fetchModels(window.module, store, ['voices', 'words'])).toBe(true);
  expect(await store.present('voices')).toBe(true);
  expect(window.progress[0]).toMatch(
    /^Fetching t \(14\.0 kB · MIT\): 1\/2: [\d.]+ kB of [\d.]+ kB/,
  );
  expect(window.messages).toEqual([]);
  window.progress.length = 0;
  expect(await fetchModels(window.module, store, ['voices', 'words'])).toBe(true);
  expect(window.progress).toEqual([]);
});

test('a fetch that is cancelled keeps what came, and goes on from there', async () => {
  const window = new FakeWindow();
  window.onProgress = (_, cancel) => cancel();
  const store = world.store();
  expect(await fetchModels(window.module, store, ['big'])).toBe(false);
  expect(window.messages).toEqual(['Sluice: what was fetched so far is kept for the next time.']);
  expect(await store.present('big')).toBe(false);
  window.onProgress = () => {};
  expect(await fetchModels(window.module, store, ['big'])).toBe(true);
});

test('a fetch that fails says why and what to do; the person may try again', async () => {
  const window = new FakeWindow();
  await world.registry.close();
  window.answers.push('Try Again', undefined);
  expect(await fetchModels(window.module, world.store(), ['words'])).toBe(false);
  expect(window.messages).toHaveLength(2);
  expect(window.messages[0]).toMatch(/^The model words could not be fetched\. .+\. .+/);
  expect(window.choices[0]).toEqual(['Try Again']);
});

test('a licence that is not free for every use is accepted first', async () => {
  const window = new FakeWindow();
  const store = licensed('words', 'CC-BY-NC-4.0');
  window.answers.push(undefined);
  expect(await fetchModels(window.module, store, ['words'])).toBe(false);
  expect(window.messages).toEqual(['t is not free for every use.']);
  expect(window.choices[0]).toEqual([
    { modal: true, detail: expect.stringContaining('CC-BY-NC-4.0') },
    'Accept and Fetch',
  ]);
  expect(window.progress).toEqual([]);
  window.answers.push('Accept and Fetch');
  expect(await fetchModels(window.module, store, ['words'])).toBe(true);
});

test('permissive licences are those that anybody may use for anything', () => {
  for (const licence of ['Apache-2.0', 'MIT', 'BSD-2-Clause', 'BSD-like (CMU)']) {
    expect(isPermissive(licence)).toBe(true);
  }
  for (const licence of [
    'CC-BY-NC-4.0',
    'GPL-3.0',
    'personal and research use',
    '',
    'MIT or not',
  ]) {
    expect(isPermissive(licence)).toBe(false);
  }
});

test('a transfer is told a few times a second, never backwards, with the time left once it is known', () => {
  const pace = new TransferPace();
  expect(pace.at(0, 1000, 0)).toEqual({ more: 0, left: '' });
  expect(pace.at(100, 1000, 100)).toBeUndefined();
  expect(pace.at(250, 1000, 1000)).toEqual({ more: 0.25, left: '' });
  expect(pace.at(500, 1000, 2000)).toEqual({ more: 0.25, left: '0:02' });
  expect(pace.at(400, 1000, 3000)?.more).toBe(0);
  expect(pace.at(1000, 1000, 3001)).toEqual({ more: 0.5, left: '0:00' });
});
