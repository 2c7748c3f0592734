import { freemem } from 'node:os';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { machineMemory } from '../../../src/process/free-memory.ts';
import { type Answer, MemoryGuard } from '../../../src/runner/memory.ts';
import { makeWorkspace, ofType, sluice } from '../../support/sluice.ts';

/** A machine whose memory and time are turned by hand. */
function machine(free: number, total = 16) {
  const turned = { free, now: 0 };
  const memory = { free: () => turned.free, total };
  return { turned, guard: (once: number, each: number) => guardOf(once, each) };

  function guardOf(once: number, each: number): MemoryGuard {
    return new MemoryGuard({ once, each }, memory, () => turned.now);
  }
}

const waits = (answer: Answer): boolean => 'waits' in answer;

describe('what items need together', () => {
  test('is free, also while those under way have not taken theirs', () => {
    const guard = machine(10).guard(0, 4);
    expect([guard.ask(), guard.ask(), guard.ask()].map(waits)).toEqual([false, false, true]);
    guard.release();
    expect(waits(guard.ask())).toBe(false);
  });

  test('of warm steps is taken once', () => {
    const guard = machine(10).guard(6, 2);
    expect(guard.ask()).toEqual({});
    expect(guard.ask()).toEqual({});
    expect(guard.ask()).toEqual({ waits: { for: 'memory', needs: 2, free: 0 } });
    const warm = machine(10).guard(6, 0);
    expect(warm.matters).toBe(true);
    expect(warm.ask()).toEqual({});
    expect(warm.matters).toBe(false);
  });

  test('is measured again: other programs take and give', () => {
    const { turned, guard } = machine(10);
    const some = guard(0, 4);
    some.ask();
    turned.free = 3;
    expect(some.ask()).toEqual({ waits: { for: 'memory', needs: 4, free: 3 } });
    some.release();
    turned.free = 12;
    expect([some.ask(), some.ask(), some.ask()].map(waits)).toEqual([false, false, false]);
  });

  test('that is more than the machine has lets an item begin alone, at once', () => {
    const guard = machine(10, 16).guard(0, 20);
    expect(guard.ask()).toEqual({ short: { for: 'memory', needs: 20, free: 10 } });
    expect(waits(guard.ask())).toBe(true);
  });

  test('that others hold makes an item wait for a minute, and then it begins alone', () => {
    const { turned, guard } = machine(3, 16);
    const patient = guard(0, 4);
    expect(waits(patient.ask())).toBe(true);
    turned.now = 59_999;
    expect(waits(patient.ask())).toBe(true);
    turned.now = 60_000;
    expect(patient.ask()).toEqual({ short: { for: 'memory', needs: 4, free: 3 } });
    turned.now = 1e9;
    expect(waits(patient.ask())).toBe(true);
  });

  test('never is more than there was, unless one item is alone; and never do all wait for ever', () => {
    const sizes = fc.integer({ min: 0, max: 10 });
    fc.assert(
      fc.property(
        sizes,
        sizes,
        fc.array(fc.oneof(sizes, fc.constantFrom('ask', 'end', 'minute')), { maxLength: 60 }),
        (once, each, moves) => {
          const { turned, guard } = machine(8, 12);
          const some = guard(once, each);
          let items = 0;
          let most = turned.free;
          for (const move of moves) {
            if (typeof move === 'number') turned.free = move;
            else if (move === 'minute') turned.now += 60_000;
            else if (move === 'end') {
              if (items > 0) some.release();
              items = Math.max(0, items - 1);
            } else {
              most = Math.max(most, turned.free);
              const answer = some.ask();
              if (waits(answer)) continue;
              items += 1;
              if (!('short' in answer) && items > 1)
                expect(once + items * each).toBeLessThanOrEqual(most);
              if ('short' in answer) expect(items).toBe(1);
            }
          }
          for (; items > 0; items -= 1) some.release();
          if (!waits(some.ask())) return;
          turned.now += 60_000;
          expect(waits(some.ask())).toBe(false);
        },
      ),
    );
  });
});

test("the machine's memory is what the system says, or less in a container", () => {
  expect(machineMemory.free()).toBeGreaterThan(0);
  expect(machineMemory.free()).toBeLessThanOrEqual(freemem() * 1.2);
  expect(machineMemory.total).toBeGreaterThan(machineMemory.free() * 0.8);
});

/** Items under way at each start. */
function widths(events: Parameters<typeof ofType>[0]): number[] {
  let width = 0;
  const found: number[] = [];
  for (const { type } of events) {
    if (type === 'start') found.push(++width);
    if (type === 'end') width -= 1;
  }
  return found;
}

function batch(memory: string, more = ''): string {
  return `
inputs: [a, b, c, d, e]
steps:
  - run: [sh, -c, "sleep 0.1; echo $0", "{input}"]
    needs: { memory: ${memory} }
output: out/{slug}.txt
concurrency: 4
${more}`;
}

test('items that would not fit beside each other come one after another, in order, and say why', async () => {
  const megabytes = Math.round((freemem() / 1e6) * 0.6);
  const folder = makeWorkspace({ 'b.batch.yaml': batch(`${megabytes}MB`) });
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(0);
  expect(widths(events)).toEqual([1, 1, 1, 1, 1]);
  expect(ofType(events, 'start').map(({ item }) => item)).toEqual([1, 2, 3, 4, 5]);
  const waited = ofType(events, 'waits');
  expect(new Set(waited.map(({ item }) => item))).toEqual(new Set([2, 3, 4, 5]));
  for (const { waits: why } of waited) {
    expect(why.needs).toBe(megabytes * 1e6);
    expect(why.free).toBeLessThan(why.needs);
  }
  expect(ofType(events, 'note')).toEqual([]);
  // What is made already needs no memory.
  const again = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(ofType(again.events, 'end').map(({ state }) => state)).toEqual(Array(5).fill('skipped'));
  expect(ofType(again.events, 'waits')).toEqual([]);
});

test('items that fit beside each other begin together', async () => {
  const folder = makeWorkspace({ 'b.batch.yaml': batch('1MB') });
  const { events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(Math.max(...widths(events))).toBe(4);
  expect(ofType(events, 'waits')).toEqual([]);
});

test('items that can never fit go one at a time, with a warning', async () => {
  const folder = makeWorkspace({ 'b.batch.yaml': batch('100TB') });
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(0);
  expect(widths(events)).toEqual([1, 1, 1, 1, 1]);
  expect(ofType(events, 'note').map(({ level, message }) => [level, message])).toEqual([
    [
      'warning',
      expect.stringMatching(/^Memory is short: an item needs 100000.0 GB, and [\d.]+ GB/),
    ],
  ]);
});

test('an item that waits for memory is cancelled like any that is queued, and so is its run', async () => {
  const folder = makeWorkspace({
    'b.batch.yaml': batch('100TB', 'runTimeout: 0.5s').replace('sleep 0.1', 'sleep 60'),
  });
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(1);
  expect(ofType(events, 'waits').map(({ item }) => item)).toEqual([2]);
  expect(ofType(events, 'end').map(({ state }) => state)).toEqual(Array(5).fill('failed'));
  expect(events.at(-1)?.type).toBe('finish');
});
