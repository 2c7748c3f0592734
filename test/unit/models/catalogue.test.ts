import { expect, test } from 'vitest';
import { CATALOGUE } from '../../../src/models/catalogue.ts';
import { lockName, packagesOf } from '../../../src/models/context.ts';
import { modelStore } from '../../../src/models/store.ts';

const { models, packages } = CATALOGUE;

test('every file has a sha256, and as many bytes as its parts', () => {
  for (const file of models.flatMap((model) => model.files)) {
    expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(file.parts.reduce((sum, part) => sum + part.bytes, 0)).toBe(file.bytes);
  }
});

test('ids are there once, and a model that is a file has one', () => {
  expect(new Set(models.map((model) => model.id)).size).toBe(models.length);
  for (const model of models) if (model.kind === 'file') expect(model.files).toHaveLength(1);
});

test('the bytes of every package are known, and of no other', () => {
  const used = packagesOf(models.flatMap((model) => model.files));
  expect(used.toSorted()).toEqual(Object.keys(packages).toSorted());
});

test('models that share a package share a lock', () => {
  const locks = new Map<string, string>();
  for (const model of models) {
    for (const name of packagesOf(model.files)) {
      expect(locks.get(name) ?? lockName(model)).toBe(lockName(model));
      locks.set(name, lockName(model));
    }
  }
});

test('the sha256 of a folder is that of its list of files', async () => {
  const [voices] = await modelStore({ SLUICE_MODELS: '/nowhere' }).list(['kokoro-voices']);
  expect(voices?.sha256).toBe('85c31b6238f3f80fdcbd561459f0dd888cedd579d0550e923e584d3ad386a7fa');
});
