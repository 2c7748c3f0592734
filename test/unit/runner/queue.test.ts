import { expect, test } from 'vitest';
import { Queue } from '../../../src/runner/queue.ts';

test('an item that is put back while its work is ending begins again after that', async () => {
  const said: string[] = [];
  let times = 0;
  const idle = Promise.withResolvers<void>();
  const queue: Queue = new Queue(
    [1],
    2,
    async () => {
      times += 1;
      said.push(`begin ${times}`);
      if (times === 1) queue.add([1], 'first');
      const own = times;
      await Promise.resolve();
      said.push(`end ${own}`);
    },
    () => {
      said.push('idle');
      idle.resolve();
    },
  );
  queue.start();
  await idle.promise;
  expect(said).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'idle']);
});
