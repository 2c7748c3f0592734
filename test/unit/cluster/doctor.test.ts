import { expect, test } from 'vitest';
import { checkQueue } from '../../../src/cluster/check.ts';
import { needsPackages } from '../../support/debian.ts';
import { startRedis } from '../../support/redis.ts';
import { makeWorkspace, sluice } from '../../support/sluice.ts';
import { startWorker } from '../../support/worker.ts';

needsPackages('redis-server', 'redis-tools');

test('the doctor looks at Redis: its version, what it keeps, what it does when it is full, who works there', async () => {
  const redis = await startRedis();
  const look = () => checkQueue(redis.url, undefined);
  const version = /redis_version:(\S+)/.exec(redis.ask('INFO', 'server'))?.[1];
  expect(await look()).toEqual({
    ok: true,
    detail: `Redis ${version} at ${redis.url}; keeps no data when it is restarted; 0 workers, 0 items at once`,
  });
  await startWorker(redis.url, ['-c', '3']);
  redis.ask('CONFIG', 'SET', 'save', '900 1');
  expect((await look()).detail).toMatch(
    /keeps its data but for the last minutes; 1 worker, 3 items at once/,
  );
  redis.ask('CONFIG', 'SET', 'appendonly', 'yes');
  expect((await look()).detail).toMatch(/; keeps its data;/);
  redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
  expect(await look()).toMatchObject({
    ok: false,
    detail: expect.stringMatching(/maxmemory-policy allkeys-lru it throws jobs away/),
    fix: 'redis-cli CONFIG SET maxmemory-policy noeviction',
  });
});

test('a queue that is not there is a required check that fails', async () => {
  const flags = ['doctor', '--json', '--queue', 'redis://127.0.0.1:1'];
  const { code, out } = await sluice(makeWorkspace({}), flags);
  expect(code).toBe(1);
  const checks = out.split('\n').map((line) => JSON.parse(line) as { name: string });
  expect(checks.find(({ name }) => name === 'Queue')).toMatchObject({
    ok: false,
    level: 'required',
    detail: expect.stringMatching(/cannot be reached: .*ECONNREFUSED/),
  });
});
