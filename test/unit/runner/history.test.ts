import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { History } from '../../../src/runner/history.ts';
import { makeWorkspace, ofType, sluice } from '../../support/sluice.ts';

/** 500 progress updates, 200 lines, one result. */
const NOISY = `
import { writeFileSync } from 'node:fs';
for (let n = 1; n <= 500; n += 1) {
  process.stderr.write('\\r' + n + '/500');
  if (n % 5 === 0) console.log('line', n);
  if (n % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
}
writeFileSync(process.argv[2], 'done');
`;

test('an item costs at most 3 writes to the history, whatever its progress', async () => {
  const folder = makeWorkspace({
    'noisy.mjs': NOISY,
    'b.batch.yaml': `
inputs: [a, b, c, d, e]
steps:
  - run: [node, noisy.mjs, "{output}"]
output: out/{slug}.txt
`,
  });
  // SQLite itself counts, by triggers, every row that any process writes.
  mkdirSync(join(folder, '.sluice'));
  const path = join(folder, '.sluice/history.db');
  new History(path).close();
  const db = new DatabaseSync(path);
  db.exec('CREATE TABLE writes (what TEXT, run TEXT, item INTEGER)');
  for (const [table, item] of [
    ['items', 'NEW.item'],
    ['results', 'NEW.item'],
  ]) {
    for (const verb of ['INSERT', 'UPDATE']) {
      db.exec(
        `CREATE TRIGGER count_${table}_${verb} AFTER ${verb} ON ${table} BEGIN
           INSERT INTO writes VALUES ('${verb} ${table}', NEW.run, ${item}); END`,
      );
    }
  }
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(0);
  expect(ofType(events, 'progress').length).toBeGreaterThan(20);
  const rows = db.prepare('SELECT item, count(*) AS n FROM writes GROUP BY item').all();
  db.close();
  expect(rows).toHaveLength(5);
  for (const row of rows) expect(row['n']).toBeLessThanOrEqual(3);
});
