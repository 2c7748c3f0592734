import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Plan } from '../../../src/batch/plan.ts';
import type { Fact } from '../../../src/protocol/events.ts';
import { resumedSteering } from '../../../src/runner/steering.ts';
import { makeWorkspace, ofType, parseEvents, sluice, startSluice } from '../../support/sluice.ts';
import { opening, stateOf } from '../protocol/facts.ts';

/** A plan of items with these titles; `opening` names them `item 1` and so on. */
function planOf(titles: readonly string[], concurrency = 2): Plan {
  const items = titles.map((title, index) => ({ item: index + 1, title, values: {}, outputs: [] }));
  return { items, batch: { concurrency } } as unknown as Plan;
}

const titles = (total: number): string[] =>
  Array.from({ length: total }, (_, index) => `item ${index + 1}`);

const MOVED: readonly Fact[] = [
  ...opening(5),
  { type: 'start', item: 1, attempt: 1 },
  { type: 'queued', items: [5], first: true },
  { type: 'queued', items: [2] },
];

test('a queue goes on in its order, what was under way first', () => {
  const { order, paused, concurrency } = resumedSteering(planOf(titles(5)), stateOf(MOVED));
  expect(order).toEqual([1, 5, 3, 4, 2]);
  expect({ paused, concurrency }).toEqual({ paused: false, concurrency: 2 });
});

test('items are known by what they are, and new ones come last', () => {
  const changed = planOf(['new', 'item 2', 'item 3', 'item 5', 'item 1']);
  expect(resumedSteering(changed, stateOf(MOVED)).order).toEqual([5, 4, 3, 2, 1]);
  // The same text twice.
  const twice = stateOf([...opening(2), { type: 'queued', items: [1] }]);
  const same = { ...twice, items: twice.items.map((item) => ({ ...item, title: 'same' })) };
  expect(resumedSteering(planOf(['same', 'same', 'same']), same).order).toEqual([2, 1, 3]);
});

test('a changed concurrency stays, unless the batch file says another one since', () => {
  const steered = stateOf([...opening(2), { type: 'queue', state: 'paused', concurrency: 7 }]);
  expect(resumedSteering(planOf(titles(2)), steered)).toMatchObject({
    paused: true,
    concurrency: 7,
  });
  expect(resumedSteering(planOf(titles(2), 3), steered).concurrency).toBe(3);
});

/** Each starts the command line several times, on machines that are busy. */
const LONG = { timeout: 240_000 };

test('a paused, reordered and widened queue survives kill -9 of its runner', LONG, async () => {
  const folder = makeWorkspace({
    'b.batch.yaml': `
inputs: [a, b, c, d, e, f]
steps:
  - run: [sh, -c, "test -e go || sleep 60; echo $0", "{input}"]
output: out/{slug}.txt
`,
  });
  const first = startSluice(folder, ['run', 'b.batch.yaml', '--json']);
  let seen = '';
  await new Promise<void>((resolve) => {
    first.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.includes('"type":"step"')) resolve();
    });
  });
  const steer = async (...flags: string[]): Promise<unknown> => {
    const { code, out, err } = await sluice(folder, ['queue', ...flags, '--json']);
    expect(err).toBe('');
    expect(code).toBe(0);
    return JSON.parse(out);
  };
  await steer('--pause', '--first', '5');
  await steer('--last', '2');
  const steered = await steer('--concurrency', '3');
  expect(steered).toMatchObject({
    state: 'paused',
    concurrency: 3,
    active: [{ item: 1 }],
    queue: [{ item: 5 }, { item: 3 }, { item: 4 }, { item: 6 }, { item: 2 }],
  });
  // At once after the answer.
  process.kill(Number(/"pid":(\d+)/.exec(seen)?.[1]), 'SIGKILL');
  await first;

  const second = startSluice(folder, ['run', 'b.batch.yaml', '--json']);
  const noted = new Promise<void>((resolve) => {
    second.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes('"type":"note"')) resolve();
    });
  });
  await noted;
  expect(await steer()).toMatchObject({
    state: 'paused',
    concurrency: 3,
    active: [],
    queue: [{ item: 1 }, { item: 5 }, { item: 3 }, { item: 4 }, { item: 6 }, { item: 2 }],
  });
  writeFileSync(join(folder, 'go'), '');
  await steer('--resume');
  const events = parseEvents(String((await second).stdout));
  expect(ofType(events, 'start').map(({ item }) => item)).toEqual([1, 5, 3, 4, 6, 2]);
  expect(ofType(events, 'note')[0]?.message).toContain('this run begins paused');
  expect(events.at(-1)).toMatchObject({ type: 'finish', state: 'done' });
  expect((await sluice(folder, ['queue'])).err).toMatch(/^The run \S+ is over\.$/);
});

test(
  '`sluice queue` shows what is under way and what comes, and refuses what cannot be',
  LONG,
  async () => {
    const folder = makeWorkspace({
      'b.batch.yaml': `
inputs: [first song, second song]
steps:
  - run: [sleep, "60"]
    needs: { memory: 100TB }
concurrency: 2
`,
    });
    const run = startSluice(folder, ['run', 'b.batch.yaml', '--json']);
    await new Promise<void>((resolve) => {
      run.stdout?.on('data', (chunk: Buffer) => {
        if (chunk.includes('"type":"waits"')) resolve();
      });
    });
    const { out } = await sluice(folder, ['queue']);
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^\S+ {2}running {2}0\/2 {2}2 at once$/),
      '▸ 1  first song  0%',
      expect.stringMatching(
        /^· 2 {2}second song {2}waits for memory: 100000\.0 GB, [\d.]+ GB are free$/,
      ),
    ]);
    const refused = async (...flags: string[]): Promise<string> => {
      const { code, err } = await sluice(folder, ['queue', ...flags]);
      expect(code).toBe(2);
      return err;
    };
    expect(await refused('--first', '1')).toMatch(/^Item 1 is not in the queue of \S+\.$/);
    expect(await refused('--pause', '--resume')).toBe('--pause and --resume do not go together.');
    expect(await refused('--concurrency', '0')).toContain('whole number from 1 to 256');
    await sluice(folder, ['cancel']);
    await run;
  },
);

test('a run that is being cancelled is not steered any more', LONG, async () => {
  const folder = makeWorkspace({
    'b.batch.yaml': `
inputs: [a, b]
steps:
  - run: [sh, -c, "trap '' TERM; echo ready; while :; do sleep 1; done"]
`,
  });
  const run = startSluice(folder, ['run', 'b.batch.yaml', '--json']);
  let seen = '';
  const told = (what: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (seen.includes(what)) resolve();
      };
      run.stdout?.on('data', look);
      look();
    });
  run.stdout?.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
  });
  await told('"ready"');
  run.kill('SIGINT');
  await told('"cancelling"');
  await sluice(folder, ['queue', '--concurrency', '9', '--pause']);
  expect((await run).exitCode).toBe(130);
  expect(ofType(parseEvents(seen), 'queue').map(({ state }) => state)).toEqual(['cancelling']);
});
