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

/** A queue whose items end when they are told to, and those under way. */
function slow(items: readonly number[], concurrency: number) {
  const ends = new Map<number, () => void>();
  const queue = new Queue(
    items,
    concurrency,
    (item) => new Promise((resolve) => ends.set(item, resolve)),
    () => {},
  );
  queue.start();
  return {
    queue,
    active: () => [...ends.keys()],
    async end(item: number): Promise<void> {
      ends.get(item)?.();
      ends.delete(item);
      await Promise.resolve();
    },
  };
}

test('an item that is being ended leaves its place to one other, and not to two', async () => {
  const { queue, active, end } = slow([1, 2, 3], 1);
  queue.leave(1);
  queue.leave(1);
  queue.leave(3);
  expect(active()).toEqual([1, 2]);
  await end(1);
  expect(active()).toEqual([2]);
  await end(2);
  expect(active()).toEqual([3]);
});

test('a queue is widened and narrowed while it works, and begins nothing while it is held or paused', async () => {
  const { queue, active, end } = slow([1, 2, 3, 4, 5, 6], 1);
  queue.held = true;
  queue.concurrency = 3;
  expect(active()).toEqual([1]);
  queue.paused = true;
  queue.held = false;
  expect(active()).toEqual([1]);
  queue.paused = false;
  expect(active()).toEqual([1, 2, 3]);
  queue.concurrency = 1;
  await end(1);
  await end(2);
  expect(active()).toEqual([3]);
  await end(3);
  expect(active()).toEqual([4]);
});
