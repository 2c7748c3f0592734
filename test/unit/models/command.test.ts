import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeRegistry, fakeRegistry } from './fake-registry.ts';

const SCRIPT = `
  const { modelsCommand } = await import(${JSON.stringify(join(import.meta.dirname, '../../../src/cli/models.ts'))});
  await modelsCommand().parseAsync(process.argv.slice(1), { from: 'user' });
`;

let folder: string;
let registry: FakeRegistry;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-models-'));
  registry = await fakeRegistry();
});
afterEach(async () => {
  await registry.close();
  await rm(folder, { recursive: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function models(...args: string[]): Promise<Ended> {
  const env = {
    ...process.env,
    SLUICE_MODELS: folder,
    SLUICE_MODEL_SOURCES: 'npm',
    npm_config_registry: registry.url,
    npm_config_cache: folder,
  };
  return new Promise((resolve) => {
    const given = ['--input-type=module', '-e', SCRIPT, '--', ...args];
    execFile(process.execPath, given, { env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

test('list shows every model as a table and as JSON', async () => {
  const table = await models('list');
  expect(table.code).toBe(0);
  expect(table.out).toMatch(/^ID +FOR +SIZE +LICENCE +STATE +PLACE\n/);
  expect(table.out).toMatch(/^tinyllama +writes text +322\.6 MB +Apache-2\.0 +- /m);
  const json = JSON.parse((await models('list', '--json')).out);
  expect(json.folder).toBe(folder);
  expect(json.models[0]).toMatchObject({ id: 'tinyllama', state: 'absent', bytes: 322_591_712 });
});

test('an unknown id leaves with 2 and names the nearest one, before anything is fetched', async () => {
  for (const action of ['pull', 'verify', 'remove']) {
    const ended = await models(action, 'flite', 'kokoro-voice');
    expect(ended.code).toBe(2);
    expect(ended.err).toContain('Did you mean kokoro-voices?');
  }
  expect(registry.requests).toEqual([]);
});

test('a model that cannot be fetched leaves with 1 and says why', async () => {
  const ended = await models('pull', 'flite');
  expect(ended.code).toBe(1);
  expect(ended.err).toMatch(
    /The model flite could not be fetched\. npm: 127\.0\.0\.1:\d+ answered HTTP 404/,
  );
});

test('verify and remove of what is not here', async () => {
  expect(await models('verify')).toMatchObject({ code: 0, out: 'No model is here.\n' });
  expect(await models('verify', 'flite')).toMatchObject({ code: 1, out: 'flite: not here\n' });
  expect(await models('remove', 'flite')).toMatchObject({ code: 0, out: 'flite was not here\n' });
});
