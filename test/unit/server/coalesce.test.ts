import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fact, RunEvent } from '../../../src/protocol/events.ts';
import { applyEvents } from '../../../src/protocol/state.ts';
import { coalesce } from '../../../src/server/coalesce.ts';
import { RunFixture } from '../../support/run-fixture.ts';

const ITEMS = 3;
const failure = { message: 'It failed.' };

/** Facts as a runner may tell them: an item's steps begin one after the other. */
const facts: fc.Arbitrary<Fact> = fc.oneof(
  fc.record({
    type: fc.constant('progress' as const),
    item: fc.integer({ min: 1, max: ITEMS }),
    step: fc.constant(0),
    progress: fc.record({ fraction: fc.double({ min: 0, max: 1, noNaN: true }) }),
  }),
  fc.record({
    type: fc.constant('text' as const),
    item: fc.integer({ min: 1, max: ITEMS }),
    step: fc.constant(0),
    text: fc.string({ maxLength: 3000 }),
  }),
  fc.record({
    type: fc.constant('log' as const),
    item: fc.integer({ min: 0, max: ITEMS }),
    step: fc.constant(0),
    stream: fc.constant('out' as const),
    lines: fc.array(fc.string(), { maxLength: 3 }),
  }),
  fc.record({
    type: fc.constant('silence' as const),
    item: fc.integer({ min: 1, max: ITEMS }),
    step: fc.constant(0),
    seconds: fc.constant(90),
  }),
  fc.record({
    type: fc.constant('start' as const),
    item: fc.integer({ min: 1, max: ITEMS }),
    attempt: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    type: fc.constant('step' as const),
    item: fc.integer({ min: 1, max: ITEMS }),
    step: fc.constant(0),
  }),
  fc.record({
    type: fc.constant('retry' as const),
    item: fc.integer({ min: 1, max: ITEMS }),
    attempt: fc.constant(1),
    delay: fc.constant(1000),
    failure: fc.constant(failure),
  }),
  fc.record({
    type: fc.constant('end' as const),
    item: fc.integer({ min: 1, max: ITEMS }),
    state: fc.constantFrom('done' as const, 'failed' as const),
  }),
);

function numbered(list: readonly Fact[]): { fixture: RunFixture; events: RunEvent[] } {
  const fixture = new RunFixture('run', 'Run', ['a', 'b', 'c']);
  for (let item = 1; item <= ITEMS; item += 1) fixture.add({ type: 'start', item, attempt: 1 });
  const start = fixture.events.length;
  for (const fact of list) fixture.add(fact, 1);
  return { fixture, events: fixture.events.slice(start) };
}

test('the state is the same', () => {
  fc.assert(
    fc.property(fc.array(facts, { maxLength: 60 }), (list) => {
      const { fixture, events } = numbered(list);
      const before = applyEvents(fixture.state, []);
      const begun = { ...before, seq: 0 };
      expect(applyEvents(begun, coalesce(events))).toEqual(applyEvents(begun, events));
    }),
    { numRuns: 300 },
  );
});

test('a flood of progress costs one event an item', () => {
  const { events } = numbered(
    Array.from({ length: 10_000 }, (_, index) => ({
      type: 'progress' as const,
      item: (index % 2) + 1,
      step: 0,
      progress: { fraction: index / 10_000 },
    })),
  );
  expect(coalesce(events)).toEqual(events.slice(-2));
});

test('text is joined in order, and not across an attempt', () => {
  const text = (value: string): Fact => ({ type: 'text', item: 1, step: 0, text: value });
  const { events } = numbered([
    text('one '),
    text('two'),
    { type: 'start', item: 1, attempt: 2 },
    text('three'),
  ]);
  const joined = coalesce(events).map((event) => (event.type === 'text' ? event.text : event.type));
  expect(joined).toEqual(['one two', 'start', 'three']);
});
