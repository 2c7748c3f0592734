import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { needsPackages } from '../support/debian.ts';
import { eventually } from '../support/eventually.ts';
import { filesWith } from '../support/files-with.ts';
import { startRedis } from '../support/redis.ts';
import { eventsOf, logLinesOf } from '../support/run-files.ts';
import { fileOf, openScene } from '../support/scene.ts';
import { ofType } from '../support/sluice.ts';
import { outputsOf, panelOf, runBatchFile } from '../support/window.ts';
import { makeKey, startWorker } from '../support/worker.ts';

needsPackages('redis-server', 'redis-tools');

const PASSWORD = 'queue-hunter2-0123456789';
const BATCH = `
name: Far
inputs: [one, two, three, four]
steps: [{ run: [python3, count.py, "{input}", "60", "0.15"] }]
output: out/{slug}.txt
`;

test('a window has its runs done by workers, and finds them again when it was closed', async () => {
  const redis = await startRedis({ password: PASSWORD });
  const key = makeKey();
  const { folder, window } = await openScene(
    {
      'far.batch.yaml': BATCH,
      'count.py': readFileSync(fileOf('test/programs/count.py'), 'utf8'),
    },
    { settings: { 'sluice.queue': redis.url, 'sluice.queueKey': key } },
  );
  await window.command('Sluice: Set Queue Password');
  const input = window.page.locator('.quick-input-widget input[type="password"]');
  await input.fill(PASSWORD);
  await input.press('Enter');
  await window.statusBar('the password is kept').waitFor();

  const environment = { SLUICE_QUEUE: redis.url.replace('//', `//:${PASSWORD}@`) };
  const flags = ['--trust', key, '--allow-run'];
  await startWorker('', [...flags, '-c', '2'], environment);
  await runBatchFile(window, 'far.batch.yaml');
  const panel = await panelOf(window);
  const run = panel.run('Far');
  // Two are under way, and those that wait show as waiting, here and in the queue.
  await eventually(() => panel.items('running').count()).toBe(2);
  expect(await panel.items('queued').count()).toBe(2);
  await run.getByText('1 worker, 2 waiting').waitFor();

  await window.reload();
  await eventually(() => ofType(eventsOf(folder), 'end').length, 60_000).toBe(4);
  const found = (await panelOf(window)).run('Far');
  await found.getByText('4 of 4').waitFor();
  expect(ofType(eventsOf(folder), 'finish').map(({ state }) => state)).toEqual(['done']);
  expect(readdirSync(join(folder, 'out')).sort()).toEqual(
    ['four', 'one', 'three', 'two'].map((name) => `${name}.txt`),
  );
  const lines = readFileSync(join(folder, 'out/one.txt'), 'utf8').trim().split('\n');
  expect(lines).toHaveLength(60);
  expect(logLinesOf(folder)).toHaveLength(240);

  expect(filesWith(PASSWORD, folder)).toEqual([]);
  expect(filesWith(PASSWORD, window.server.userDataDir)).toEqual([]);
  expect(outputsOf(window).join()).not.toContain(PASSWORD);
});

test('a queue that is not there is said, and nothing is started', async () => {
  const { folder, window } = await openScene(
    { 'far.batch.yaml': BATCH },
    { settings: { 'sluice.queue': 'redis://127.0.0.1:1' } },
  );
  await runBatchFile(window, 'far.batch.yaml');
  await window.page
    .locator('.notification-toast')
    .getByText(/far\.batch\.yaml cannot run: Redis at redis:\/\/127\.0\.0\.1:1 cannot be reached/)
    .waitFor();
  expect(ofType(eventsOf(folder), 'run')).toEqual([]);
});
