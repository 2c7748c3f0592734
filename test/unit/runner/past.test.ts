import { expect, test } from 'vitest';
import { runRecords } from '../../../src/runner/past.ts';
import { makeWorkspace, sluice } from '../../support/sluice.ts';

test('every run is in the history, the newest first', async () => {
  const folder = makeWorkspace({
    'good.batch.yaml': 'name: Good\ninputs: [a, b]\nsteps: [{ run: [node, -v] }]\n',
    'bad.batch.yaml': `
name: Bad
inputs: ["0", "3", "0"]
steps: [{ run: [node, -e, "process.exit(Number(process.argv[1]))", "{input}"] }]
`,
  });
  expect(await runRecords(folder)).toEqual([]);
  for (const name of ['good', 'bad', 'good']) await sluice(folder, ['run', `${name}.batch.yaml`]);
  const records = await runRecords(folder);
  expect(
    records.map(({ name, state, total, done, failed }) => [name, state, total, done, failed]),
  ).toEqual([
    ['Good', 'done', 2, 2, 0],
    ['Bad', 'failed', 3, 2, 1],
    ['Good', 'done', 2, 2, 0],
  ]);
  expect(new Set(records.map(({ id }) => id)).size).toBe(3);
  for (const { started } of records) expect(started).toBeGreaterThan(Date.now() - 600_000);
});
