import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { itemFraction } from '../../../src/protocol/progress.ts';
import { applyEvents, EMPTY_STATE } from '../../../src/protocol/state.ts';
import { makeWorkspace, ofType, sluice } from '../../support/sluice.ts';

const STREAMS = resolve('test/programs/streams.py');
const WORDS = 'one two three four five six seven eight nine ten eleven twelve';
const read = (folder: string, path: string): string => readFileSync(join(folder, path), 'utf8');

const stream = (role: string, options: string, more: string): string => `
    run: [python3, ${JSON.stringify(STREAMS)}, ${role}, diary-${role}]
    warm: true
    with: { ${options} }
    ${more}`;

/** One that gives, two that take its text as it comes, one that waits for it, and one that joins all. */
const graph = (options: { give?: string; quick?: string; more?: string } = {}): string => `
inputs: ["${WORDS}"]
steps:
  - name: give${stream('give', options.give ?? '', 'output: out/given.txt')}
  - name: quick
    from: give${stream('take', options.quick ?? '', 'output: out/quick.txt')}
  - name: slow
    from: give${stream('take', 'pace: 0.02', 'output: out/slow.txt')}
  - name: count
    from: give
    run: [python3, -c, 'import sys; print(len(open(sys.argv[1]).read().split()))', "{input}"]
    output: out/count.txt
  - name: own
    from: input
    run: [python3, -c, 'import sys; print(sys.argv[1][:3])', "{input}"]
    output: out/own.txt
  - name: join
    from: [quick, slow, count, input]
    run: [python3, ${JSON.stringify(resolve('test/programs/join.py'))}]
    warm: true
output: out/joined.txt
backoff: 100ms
${options.more ?? ''}
`;

test('steps that do not need each other run side by side, and one joins what they made', async () => {
  const folder = makeWorkspace({ 'b.batch.yaml': graph() });
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(0);
  expect(read(folder, 'out/quick.txt')).toBe(WORDS.toUpperCase());
  expect(read(folder, 'out/slow.txt')).toBe(WORDS.toUpperCase());
  expect(read(folder, 'out/count.txt').trim()).toBe('12');
  expect(read(folder, 'out/own.txt').trim()).toBe('one');
  expect(JSON.parse(read(folder, 'out/joined.txt'))).toEqual({
    quick: WORDS.toUpperCase(),
    slow: WORDS.toUpperCase(),
    count: '12',
    input: WORDS,
  });
  // The state knows which steps are under way together, and what is done never gets less.
  let most = 0;
  let fraction = 0;
  for (let index = 1; index <= events.length; index += 1) {
    const state = applyEvents(EMPTY_STATE, events.slice(0, index));
    const [item] = state.items;
    if (item === undefined) continue;
    most = Math.max(most, 1 + (item.feeding?.length ?? 0));
    const now = itemFraction(item, 6);
    expect(now).toBeGreaterThanOrEqual(fraction);
    fraction = now;
  }
  expect(most).toBeGreaterThanOrEqual(3);
  const steps = ofType(events, 'step');
  expect(steps.at(-1)).toMatchObject({ step: 5 });
  expect(steps.at(-1)?.beside).toBeUndefined();
  // Results say which steps led to them, and no other.
  const manifest = JSON.parse(
    read(folder, `.sluice/runs/${readdirSync(join(folder, '.sluice/runs'))[0]}/manifest.json`),
  ) as { results: { path: string; provenance: { steps: { name: string }[] } }[] };
  const led = (path: string): string[] | undefined =>
    manifest.results
      .find((result) => result.path === path)
      ?.provenance.steps.map(({ name }) => name);
  expect(led('out/slow.txt')).toEqual(['give', 'slow']);
  expect(led('out/joined.txt')).toEqual(['give', 'quick', 'slow', 'count', 'join']);
});

test('a step that fails ends those that need it; the others go on, and are not made again', async () => {
  const folder = makeWorkspace({
    'b.batch.yaml': graph({ quick: 'die: 3', more: 'retries: 1' }),
  });
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(0);
  expect(ofType(events, 'retry')).toHaveLength(1);
  const begun = (step: number): number =>
    ofType(events, 'step').filter((event) => event.step === step).length;
  expect([0, 1, 2, 3, 5].map(begun)).toEqual([1, 2, 1, 1, 1]);
  expect(existsSync(join(folder, 'out/joined.txt'))).toBe(true);
});

test('a step that refuses a text before it has taken any of it ends the attempt at once', async () => {
  const folder = makeWorkspace({
    'b.batch.yaml': graph({ give: 'pause: 2', quick: 'refuse: true', more: 'retries: 3' }),
  });
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(1);
  expect(ofType(events, 'end')).toMatchObject([
    { state: 'failed', failure: { message: 'The taker refuses.' } },
  ]);
  expect(ofType(events, 'retry')).toEqual([]);
  expect(ofType(events, 'text').filter(({ step }) => step === 0).length).toBeLessThan(12);
});

test.for([
  ['from: nobody', 'there is no step `nobody` before this one; did you mean'],
  ['from: last', '`last` is no step before this one'],
  ['from: [input, nobody]', 'a list goes with `uses`'],
])('%s is refused with its place', async ([line, message]) => {
  const folder = makeWorkspace({
    'b.batch.yaml': `
inputs: [a]
steps:
  - run: [cat, "{input}"]
    ${line}
  - run: [cat, "{input}"]
    name: last
`,
  });
  const { code, err } = await sluice(folder, ['run', 'b.batch.yaml']);
  expect(code).toBe(2);
  expect(err).toContain(message);
  expect(err).toMatch(/b\.batch\.yaml:5:/);
});

test('what a step keeps is found by the next run, until the item is done', async () => {
  const folder = makeWorkspace({
    'b.batch.yaml': `
inputs: [a]
steps:
  - run: [python3, ${JSON.stringify(resolve('test/programs/keeps.py'))}]
    warm: true
output: out/a.txt
`,
  });
  expect((await sluice(folder, ['run', 'b.batch.yaml'])).code).toBe(1);
  expect((await sluice(folder, ['run', 'b.batch.yaml'])).code).toBe(1);
  expect((await sluice(folder, ['run', 'b.batch.yaml'])).code).toBe(0);
  expect(read(folder, 'out/a.txt')).toBe('attempt 3');
  expect(readdirSync(join(folder, '.sluice/kept'))).toEqual([]);
});
