import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

/** What VS Code calls in its extension host. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, color: true });
  const folder = import.meta.dirname;
  for (const name of readdirSync(folder).sort()) {
    if (name.endsWith('.test.mjs')) mocha.addFile(join(folder, name));
  }
  await mocha.loadFilesAsync();
  const stats = await new Promise<Mocha.Stats | undefined>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats));
  });
  const report = process.env['SLUICE_TEST_REPORT'];
  if (report !== undefined) writeFileSync(report, JSON.stringify({ stats }));
  const failures = stats?.failures ?? 1;
  if (failures > 0) throw new Error(`${failures} tests failed.`);
}
