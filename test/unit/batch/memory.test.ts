import { describe, expect, test } from 'vitest';
import { size } from '../../../src/batch/size.ts';
import { STEP_MEMORY } from '../../../src/batch/uses.ts';
import { CATALOGUE } from '../../../src/models/catalogue.ts';
import { world } from './plan.ts';

test.for([
  ['6GB', 6e9],
  ['500 MB', 5e8],
  ['1.5GiB', 1.5 * 2 ** 30],
  ['2TiB', 2 ** 41],
  ['0MB', 0],
] as const)('%s is %d bytes', ([text, bytes]) => {
  expect(size.parse(text)).toBe(bytes);
});

test.for(['', '6', '6G', 'GB', '-1GB', '1,5GB', '6 gb', 6, 0, null])('%j is no size', (value) => {
  expect(size.safeParse(value).success).toBe(false);
});

describe('what a batch needs', () => {
  const needs = async (steps: string): Promise<object> =>
    (await world(`inputs: [a]\nsteps: ${steps}\n`).plan()).memory;

  test('is the most that one of its programs takes, for each item', async () => {
    expect(
      await needs(
        '[{ run: [x], needs: { memory: 2GB } }, { run: [y], needs: { memory: 6GB } }, { run: [z] }]',
      ),
    ).toEqual({ once: 0, each: 6e9 });
  });

  test('is all that its warm steps take, once', async () => {
    expect(
      await needs(
        '[{ run: [x], warm: true, needs: { memory: 2GB } }, { uses: speak, with: { engine: kokoro } }]',
      ),
    ).toEqual({ once: 3.1e9, each: 0 });
  });

  test('is what the batch file says, where an engine says otherwise', async () => {
    const given = 'uses: speak, with: { engine: kokoro }';
    expect(await needs(`[{ ${given}, needs: { memory: 0MB } }]`)).toEqual({ once: 0, each: 0 });
    expect(await needs('[{ uses: speak }, { run: [x] }]')).toEqual({ once: 0, each: 0 });
  });
});

test('an engine needs what the catalogue says of its model', () => {
  const memory = (id: string): number | undefined =>
    CATALOGUE.models.find((model) => model.id === id)?.memory;
  expect(STEP_MEMORY.write?.({ engine: 'local' })).toBe(memory('tinyllama'));
  expect(STEP_MEMORY.write?.({ engine: 'local', model: 'mine.gguf' })).toBeUndefined();
  expect(STEP_MEMORY.speak?.({ engine: 'kokoro' })).toBe(memory('kokoro-fp32'));
  expect(STEP_MEMORY.speak?.({ engine: 'kokoro', model: 'kokoro-q8' })).toBe(memory('kokoro-q8'));
  expect(STEP_MEMORY.speak?.({ engine: 'openai' })).toBeUndefined();
});

test('a need that is none is told at its place', async () => {
  const step = (needs: string): string =>
    `inputs: [a]\nsteps:\n  - run: [x]\n    needs: ${needs}\n`;
  expect(await world(step('{ memory: 6G }')).problems()).toEqual([
    'a.batch.yaml:4:22: `memory` must be a size such as 500MB, 6GB or 1.5GiB.',
  ]);
  expect(await world(step('{ memory: 6 }')).problems()).toEqual([
    'a.batch.yaml:4:22: `memory` must be text, not a number.',
  ]);
  expect(await world(step('{ memry: 6GB }')).problems()).toContain(
    'a.batch.yaml:4:14: Unknown key `memry`. Did you mean `memory`?',
  );
});
