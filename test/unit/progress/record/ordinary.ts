/**
 * Looks for progress in what ordinary programs print: compilers, test runners, servers, lists. There is none in it.
 * `node test/unit/progress/record/ordinary.ts` looks at every line of all of them, of which the unit tests take those
 * that are everywhere; with `--samples` it also keeps some kB of each for them.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mistaken, ORDINARY, outputOf, prepare, ROOT } from './ordinary-programs.ts';

const SAMPLES = join(import.meta.dirname, '..', 'ordinary');
const SAMPLE = 6000;

const folder = mkdtempSync(join(tmpdir(), 'sluice-ordinary-'));
const keeps = process.argv.includes('--samples');
let bytes = 0;
try {
  prepare(folder);
  if (keeps) mkdirSync(SAMPLES, { recursive: true });
  for (const program of ORDINARY) {
    const output = await outputOf(program, folder);
    const { lines, told } = mistaken(output);
    bytes += output.length;
    if (lines.length + told > 0) process.exitCode = 1;
    console.log(`${program.name}: ${output.length} bytes, ${lines.length} wrong, ${told} told`);
    for (const line of lines.slice(0, 40)) console.log(`    ${line.slice(0, 160)}`);
    if (keeps && program.isPrivate !== true) keep(program.name, output.toString());
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${(bytes / 1e6).toFixed(1)} MB`);

function keep(name: string, text: string): void {
  const middle = text.indexOf('\n', Math.max(0, text.length / 2 - SAMPLE / 2)) + 1;
  const some = text
    .slice(middle, middle + SAMPLE)
    .replaceAll(ROOT, '/project')
    .replaceAll(folder, '/tmp/ordinary');
  writeFileSync(join(SAMPLES, `${name}.txt`), some);
}
