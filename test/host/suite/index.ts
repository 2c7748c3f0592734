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
  const failed: { test: string; message: string }[] = [];
  const stats = await new Promise<Mocha.Stats | undefined>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats));
    runner.on('fail', (test, { message }: Error) =>
      failed.push({ test: test.fullTitle(), message }),
    );
  });
  const report = process.env['SLUICE_TEST_REPORT'];
  if (report !== undefined)
    writeFileSync(report, JSON.stringify({ passed: stats?.passes ?? 0, failed }));
  const failures = stats?.failures ?? 1;
  if (failures > 0) throw new Error(`${failures} tests failed.`);
}
