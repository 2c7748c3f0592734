import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, ofType, sluice, startSluice } from '../../support/sluice.ts';

const ITEMS = 20;
const CONTENT = 'result of '.repeat(50);

/** Each item notes that it was made, then writes its result in two halves with a pause between. */
const MAKE = `
import { appendFileSync, openSync, writeSync, closeSync } from 'node:fs';
const [name, output] = process.argv.slice(2);
const file = openSync(output, 'w');
const content = ${JSON.stringify(CONTENT)} + name;
writeSync(file, content.slice(0, 100));
setTimeout(() => {
  writeSync(file, content.slice(100));
  closeSync(file);
  appendFileSync('made.txt', name + '\\n');
}, 40);
`;

const BATCH = `
inputs: { lines: names.txt }
steps:
  - run: [node, make.mjs, "{input}", "{output}"]
output: out/{input.stem}.txt
concurrency: 2
`;

const names = Array.from({ length: ITEMS }, (_, index) => `item${index + 1}`);

function results(folder: string): Map<string, string> {
  const out = join(folder, 'out');
  try {
    return new Map(readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')]));
  } catch {
    return new Map();
  }
}

/** Kills the runner that told these events, unless its run is over and it has gone. */
function killRunner(events: string): void {
  try {
    process.kill(Number(/"pid":(\d+)/.exec(events)?.[1]), 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

test.for(Array.from({ length: 10 }, (_, round) => round))(
  'a runner killed at a random moment (%i) loses nothing and leaves nothing half',
  async (round) => {
    const folder = makeWorkspace({
      'names.txt': names.join('\n'),
      'make.mjs': MAKE,
      'b.batch.yaml': BATCH,
    });
    const first = startSluice(folder, ['run', 'b.batch.yaml', '--json']);
    let seen = '';
    const begun = new Promise<void>((resolve) => {
      first.stdout?.on('data', (chunk: Buffer) => {
        seen += chunk.toString();
        if (seen.includes('\n')) resolve();
      });
    });
    await Promise.race([begun, first]);
    // Wherever in the run: the rounds are spread over it, and each is random in its part.
    await new Promise((resolve) => setTimeout(resolve, (round + Math.random()) * 110));
    killRunner(seen);
    await first;

    const before = results(folder);
    for (const [name, content] of before) {
      expect(content).toBe(`${CONTENT}${name.replace('.txt', '')}`);
    }
    const ended = new Set(
      [...seen.matchAll(/"type":"end","item":(\d+),"state":"done"/g)].map((match) =>
        Number(match[1]),
      ),
    );
    for (const item of ended) expect(before.has(`item${item}.txt`)).toBe(true);

    const second = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
    expect(second.err).toBe('');
    expect(second.code).toBe(0);
    const ends = ofType(second.events, 'end');
    expect(ends).toHaveLength(ITEMS);
    const skipped = ends.filter((end) => end.state === 'skipped').map((end) => end.item);
    expect(skipped.length).toBe(before.size);
    expect(results(folder).size).toBe(ITEMS);
    for (const [name, content] of results(folder)) {
      expect(content).toBe(`${CONTENT}${name.replace('.txt', '')}`);
    }
    // Nothing that stood in its place was made again.
    const made = readFileSync(join(folder, 'made.txt'), 'utf8').trim().split('\n');
    for (const item of skipped)
      expect(made.filter((name) => name === `item${item}`)).toHaveLength(1);
  },
);

test('items without a result are not done again when their run was interrupted', async () => {
  const folder = makeWorkspace({
    'names.txt': names.join('\n'),
    'b.batch.yaml': `
inputs: { lines: names.txt }
steps:
  - run: [sh, -c, "echo $0 >> done.txt; sleep 0.03", "{input}"]
`,
  });
  const first = startSluice(folder, ['run', 'b.batch.yaml', '--json']);
  let seen = '';
  await new Promise<void>((resolve) => {
    first.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      if ([...seen.matchAll(/"type":"end"/g)].length >= 5) resolve();
    });
  });
  killRunner(seen);
  await first;
  const second = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(second.code).toBe(0);
  const done = readFileSync(join(folder, 'done.txt'), 'utf8').trim().split('\n');
  expect(new Set(done).size).toBe(ITEMS);
  // Only what was under way at the kill may stand twice.
  expect(done.length).toBeLessThanOrEqual(ITEMS + 1);
  const third = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(ofType(third.events, 'end').every((end) => end.state === 'done')).toBe(true);
});
