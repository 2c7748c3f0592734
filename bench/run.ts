/**
 * Runs the comparisons in this folder, all or those named: `node bench/run.ts ingest jobs`. Each is
 * a program of its own, so that none warms up or burdens another. Flags, such as `--quick`, are handed on to them.
 * Exit code 1 when one fails.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;
const all = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();
const given = process.argv.slice(2);
const flags = given.filter((argument) => argument.startsWith('--'));
const asked = given.filter((argument) => !flags.includes(argument));
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. There are: ${all.join(', ')}.`);
  process.exit(2);
}

for (const name of asked.length > 0 ? asked : all) {
  console.log(`\n=== ${name}`);
  const { status } = spawnSync(
    process.execPath,
    ['--expose-gc', join(folder, `${name}.ts`), ...flags],
    {
      stdio: 'inherit',
    },
  );
  if (status !== 0) process.exitCode = 1;
}
