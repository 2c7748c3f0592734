import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const DIST = fileURLToPath(new URL('../../../dist', import.meta.url));

/** All that is loaded with a bundle at once: itself and what it imports, but for `import()`. */
function loaded(file: string, all = new Map<string, string>()): Map<string, string> {
  if (all.has(file)) return all;
  const text = readFileSync(file, 'utf8');
  all.set(file, text);
  for (const [, other] of text.matchAll(/^(?:import|export)\b[^'"]*["'](\.\/[^"']+)["'];$/gm)) {
    if (other !== undefined) loaded(join(dirname(file), other), all);
  }
  return all;
}

const speaksToRedis = (name: string): boolean =>
  [...loaded(join(DIST, name)).values()].some((text) => /XREAD|bullmq/.test(text));

test('what speaks to Redis is loaded only where there is a queue', () => {
  expect(speaksToRedis('cluster-runner.js')).toBe(true);
  expect(['runner.js', 'sluice.js', 'extension.js'].filter(speaksToRedis)).toEqual([]);
});
