import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { npmOptions } from '../../../src/models/npm-config.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-npmrc-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function files(user: string, global = ''): Promise<NodeJS.ProcessEnv> {
  await writeFile(join(folder, 'user'), user);
  await writeFile(join(folder, 'global'), global);
  return {
    npm_config_userconfig: join(folder, 'user'),
    NPM_CONFIG_GLOBALCONFIG: join(folder, 'global'),
  };
}

test('the environment comes before the user file, and that before the global one', async () => {
  const env = await files(
    'registry=http://user.test/\nproxy = http://proxy.test:8080',
    'registry=http://global.test/\nstrict-ssl=false\n',
  );
  expect(npmOptions(env)).toMatchObject({
    registry: 'http://user.test/',
    proxy: 'http://proxy.test:8080',
    strictSSL: false,
  });
  expect(npmOptions({ ...env, npm_config_registry: 'http://env.test/' })).toMatchObject({
    registry: 'http://env.test/',
  });
});

test('scoped registries and credentials are handed on, with the environment filled in', async () => {
  const env = await files(
    [
      '; a comment',
      '@team:registry = "http://team.test/npm/"',
      `//team.test/npm/:_authToken=\${TEAM_TOKEN}`,
      `//other.test/:_authToken=\${MISSING?}`,
    ].join('\r\n'),
  );
  const options = npmOptions({ ...env, TEAM_TOKEN: 'abc' }) as Record<string, unknown>;
  expect(options['@team:registry']).toBe('http://team.test/npm/');
  expect(options['//team.test/npm/:_authToken']).toBe('abc');
  expect(options['//other.test/:_authToken']).toBe('');
});

test('certificates are read from cafile, one by one', async () => {
  const certificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
  await writeFile(join(folder, 'ca.pem'), `${certificate}\n# next\n${certificate}\n`);
  const env = await files(`cafile=${join(folder, 'ca.pem')}\n`);
  expect(npmOptions(env).ca).toEqual([certificate, certificate]);
});

test('without settings the library keeps its own registry', async () => {
  const options = npmOptions(await files(''));
  expect(options).not.toHaveProperty('registry');
  expect(options).toMatchObject({ strictSSL: true, offline: false });
});
