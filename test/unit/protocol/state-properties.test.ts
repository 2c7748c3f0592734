import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../../src/protocol/events.ts';
import type { RunState } from '../../../src/protocol/state.ts';
import { applyEvent, applyEvents, EMPTY_STATE } from '../../../src/protocol/state.ts';
import { growth } from '../../support/growth.ts';
import { asEvents, deepFreeze, opening, runs } from './facts.ts';

function check(property: (events: RunEvent[]) => void): void {
  fc.assert(
    fc.property(runs, (events) => {
      property(events);
    }),
    { numRuns: 300 },
  );
}

function each(events: readonly RunEvent[], look: (state: RunState) => void): void {
  events.reduce((state, event) => {
    const next = applyEvent(state, event);
    look(next);
    return next;
  }, EMPTY_STATE);
}

test('many events at once give what they give one by one', () => {
  check((events) => {
    expect(applyEvents(EMPTY_STATE, events)).toEqual(events.reduce(applyEvent, EMPTY_STATE));
  });
});

test('it does not matter where a sequence is cut, as for a snapshot and the events after it', () => {
  fc.assert(
    fc.property(runs, fc.nat(), (events, at) => {
      const cut = at % (events.length + 1);
      // A snapshot travels as JSON.
      const sent = JSON.stringify(applyEvents(EMPTY_STATE, events.slice(0, cut)));
      const rest = applyEvents(JSON.parse(sent) as RunState, events.slice(cut));
      const whole = applyEvents(EMPTY_STATE, events);
      expect(JSON.parse(JSON.stringify(rest))).toEqual(JSON.parse(JSON.stringify(whole)));
    }),
    { numRuns: 300 },
  );
});

test('an event that a state holds changes nothing', () => {
  check((events) => {
    const state = applyEvents(EMPTY_STATE, events);
    expect(applyEvents(state, events)).toEqual(state);
    for (const event of events) expect(applyEvent(state, event)).toEqual(state);
    const twice = events.flatMap((event) => [event, event]);
    expect(applyEvents(EMPTY_STATE, twice)).toEqual(state);
  });
});

test('neither the state nor the events are written to', () => {
  check((events) => {
    deepFreeze(events);
    expect(() => each(events, deepFreeze)).not.toThrow();
  });
});

test('the counts are those of the items, and so are the queue and the active ones', () => {
  check((events) => {
    each(events.slice(1), (state) => {
      const { items, counts, active, queue } = state;
      for (const [phase, count] of Object.entries(counts)) {
        expect(count).toBe(items.filter((item) => item.state === phase).length);
      }
      const inPhase = (phase: string): number[] =>
        items.filter((item) => item.state === phase).map((item) => item.item);
      expect([...active].sort()).toEqual(inPhase('running'));
      expect([...queue].sort()).toEqual(inPhase('queued'));
    });
  });
});

test('at most one item waits for memory, and it is queued', () => {
  check((events) => {
    each(events, ({ items }) => {
      const waiting = items.filter(({ waits }) => waits !== undefined);
      expect(waiting.length).toBeLessThanOrEqual(1);
      for (const { state } of waiting) expect(state).toBe('queued');
    });
  });
});

test('items are put where the event says, and the others keep their order', () => {
  const total = 8;
  const numbers = fc.integer({ min: 1, max: total });
  const place = fc.oneof(
    fc.constant({}),
    fc.constant({ first: true }),
    numbers.map((before) => ({ before })),
  );
  const put = fc.record({ items: fc.uniqueArray(numbers, { minLength: 1, maxLength: 3 }), place });
  fc.assert(
    fc.property(fc.array(put, { maxLength: 10 }), (puts) => {
      const facts = puts.map(({ items, place: at }) => ({ type: 'queued', items, ...at }) as const);
      let before = applyEvents(EMPTY_STATE, asEvents(opening(total)));
      for (const event of asEvents([...opening(total), ...facts]).slice(2)) {
        const after = applyEvent(before, event);
        if (event.type !== 'queued') continue;
        const others = before.queue.filter((item) => !event.items.includes(item));
        expect(after.queue.filter((item) => !event.items.includes(item))).toEqual(others);
        const at = after.queue.indexOf(event.items[0] ?? 0);
        expect(after.queue.slice(at, at + event.items.length)).toEqual(event.items);
        const follower = after.queue[at + event.items.length];
        if (event.first) expect(at).toBe(0);
        else if (others.includes(event.before ?? 0)) expect(follower).toBe(event.before);
        else expect(follower).toBeUndefined();
        before = after;
      }
    }),
  );
});

test('a state is bounded, whatever programs say', () => {
  const long = '🎵'.repeat(3000);
  const facts = [
    ...opening(1),
    { type: 'start', item: 1, attempt: 1 } as const,
    ...Array.from({ length: 200 }, (_, n) => [
      { type: 'text', item: 1, step: 0, text: n % 2 === 0 ? long : 'x' } as const,
      { type: 'log', item: 1, step: 0, stream: 'out', lines: [long, `a${long}`] } as const,
      { type: 'note', level: 'info', message: 'again' } as const,
    ]).flat(),
  ];
  each(asEvents(facts), (state) => {
    const [item] = state.items;
    expect(item?.text.length ?? 0).toBeLessThanOrEqual(4000);
    expect(item?.lastLine?.length ?? 0).toBeLessThanOrEqual(500);
    expect(state.notes.length).toBeLessThanOrEqual(50);
    // A character of two units is not cut in two.
    expect(item?.text.isWellFormed() ?? true).toBe(true);
    expect(item?.lastLine?.isWellFormed() ?? true).toBe(true);
  });
});

test('an event costs no more the more items there are', () => {
  const apply = (total: number): void => {
    const facts = [
      ...opening(total),
      ...Array.from({ length: total }, (_, index) => [
        { type: 'start', item: index + 1, attempt: 1 } as const,
        { type: 'progress', item: index + 1, step: 0, progress: { fraction: 0.5 } } as const,
        { type: 'end', item: index + 1, state: 'done' } as const,
      ]).flat(),
    ];
    expect(applyEvents(EMPTY_STATE, asEvents(facts)).counts.done).toBe(total);
  };
  expect(growth(apply, 1000)).toBeLessThan(40);
});
