import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fact, Progress } from '../../../src/protocol/events.ts';
import {
  clock,
  elapsed,
  finishedCount,
  itemFraction,
  overall,
  remaining,
  runFraction,
  tellingStep,
  timeLeft,
} from '../../../src/protocol/progress.ts';
import { applyEvents, EMPTY_STATE, type RunState } from '../../../src/protocol/state.ts';
import { asEvents, opening, runs, STARTED, stateOf } from './facts.ts';

const begin = (item: number): Fact => ({ type: 'start', item, attempt: 1 });
const done = (item: number): Fact => ({ type: 'end', item, state: 'done' });
const line = (item: number): Fact => ({
  type: 'log',
  item,
  step: 0,
  stream: 'out',
  lines: ['working'],
});
const skipped = (item: number): Fact => ({ type: 'end', item, state: 'skipped' });
const at = (step: number, item: number, fraction: number): Fact[] => [
  { type: 'step', item, step },
  { type: 'progress', item, step, progress: { fraction } },
];

function raise(): never {
  throw new Error('There is no item.');
}

function fractionOf(...facts: Fact[]): number {
  const [item] = stateOf([...opening(1), ...facts]).items;
  return item === undefined ? Number.NaN : itemFraction(item, 2);
}

describe('the share of an item that is done', () => {
  test('is its finished steps and a part of its present one', () => {
    expect(fractionOf()).toBe(0);
    expect(fractionOf(begin(1))).toBe(0);
    expect(fractionOf(begin(1), ...at(0, 1, 0.5))).toBe(0.25);
    expect(fractionOf(begin(1), ...at(1, 1, 0.5))).toBe(0.75);
    expect(fractionOf(begin(1), done(1))).toBe(1);
  });

  test('is nothing while it waits for another attempt', () => {
    const retry: Fact = { type: 'retry', item: 1, attempt: 1, delay: 9, failure: { message: 'x' } };
    expect(fractionOf(begin(1), ...at(1, 1, 0.5), retry)).toBe(0);
  });

  test('of steps side by side goes along with the one that the others wait for, and never gets less', () => {
    const says = (step: number, progress: Progress): Fact[] => [
      { type: 'progress', item: 1, step, progress },
    ];
    const facts: Fact[] = [
      begin(1),
      { type: 'step', item: 1, step: 0, beside: [], finished: 0 },
      { type: 'step', item: 1, step: 1, beside: [0], finished: 0 },
    ];
    expect(fractionOf(...facts)).toBe(0);
    expect(fractionOf(...facts, ...says(0, { phase: 'load' }))).toBe(0);
    facts.push(...says(0, { fraction: 0.5 }));
    expect(fractionOf(...facts)).toBe(0.5);
    facts.push(...says(1, { phase: 'load' }), ...says(0, { fraction: 0.9 }));
    expect(fractionOf(...facts)).toBe(0.9);
    // What it takes by itself is not known.
    facts.push(...says(0, { fraction: 1 }));
    expect(fractionOf(...facts)).toBe(0.9);
    expect(fractionOf(...facts, ...says(1, { fraction: 0.5 }))).toBe(0.9);
    expect(fractionOf(...facts, ...says(1, { fraction: 0.9 }))).toBe(0.95);
    // Another attempt begins anew.
    expect(fractionOf(...facts, begin(1))).toBe(0);
  });

  test('does not leave its step, whatever the program says', () => {
    expect(fractionOf(begin(1), ...at(0, 1, 7))).toBe(0.5);
    expect(fractionOf(begin(1), ...at(1, 1, -7))).toBe(0.5);
  });
});

test('the share of a run is that of all its items', () => {
  expect(runFraction(stateOf(opening(4)))).toBe(0);
  const facts = [...opening(4), begin(1), done(1), skipped(2), begin(3), ...at(1, 3, 0)];
  expect(runFraction(stateOf(facts))).toBe(2.5 / 4);
  expect(finishedCount(stateOf(facts))).toBe(2);
  expect(runFraction(stateOf(opening(0)))).toBe(0);
  expect(runFraction(stateOf([...opening(0), { type: 'finish', state: 'done' }]))).toBe(1);
});

describe('the time that is left', () => {
  const left = (facts: Fact[], after: number): number | undefined =>
    remaining(stateOf(facts), STARTED + after);

  test('is not told before an item is made', () => {
    expect(left([...opening(4), begin(1), ...at(1, 1, 0.9)], 1000)).toBeUndefined();
    expect(left([...opening(4), skipped(1)], 1000)).toBeUndefined();
  });

  test('goes by the work that is done, and skipped items were none', () => {
    expect(left([...opening(4), begin(1), done(1)], 1000)).toBe(3000);
    expect(left([...opening(4), skipped(2), begin(1), done(1)], 1000)).toBe(2000);
    const half = [...opening(4), begin(1), done(1), begin(2), ...at(1, 2, 0)];
    expect(left(half, 3000)).toBe(5000);
  });

  test('goes by the places that were open when the concurrency was changed', () => {
    const at = (concurrency: number): Fact => ({ type: 'queue', state: 'running', concurrency });
    // Two places for 200 ms, then one for 800: 1200 ms of places for an item, and three are left.
    const narrowed = [...opening(4), at(1), begin(1), done(1)];
    expect(left(narrowed, 1000)).toBe(3600);
    // Four places instead: 3600 ms of them for an item.
    expect(left([...narrowed.slice(0, 2), at(4), begin(1), done(1)], 1000)).toBe(2700);
  });

  const single = (facts: Fact[]): RunState => {
    const state = stateOf(facts);
    return { ...state, run: { ...state.run, steps: [{ name: 'separate' }] } };
  };
  const told = (item: number, fraction: number, eta: number): Fact => ({
    type: 'progress',
    item,
    step: 0,
    progress: { fraction, eta },
  });

  test('of one item is what its program says, or what is left by its pace', () => {
    const facts = [...opening(1), begin(1), told(1, 0.25, 30)];
    expect(timeLeft(single(facts).items[0] ?? raise())).toBe(30_000);
    expect(remaining(single(facts), STARTED)).toBeCloseTo(30_000);
    const four = [...opening(4), begin(1), told(1, 0.25, 30), begin(2)];
    // 0.75 of the work takes 30 s at one place: 3.75 at two.
    expect(remaining(single(four), STARTED)).toBeCloseTo(75_000);
    const end = [...opening(1), begin(1), told(1, 1, 0)];
    expect(timeLeft(single(end).items[0] ?? raise())).toBeUndefined();
  });

  test('of steps side by side is that of the one that the others wait for', () => {
    const says = (step: number, progress: Progress): Fact => ({
      type: 'progress',
      item: 1,
      step,
      progress,
    });
    const facts: Fact[] = [
      ...opening(1),
      begin(1),
      { type: 'step', item: 1, step: 0 },
      says(0, { fraction: 0.1 }),
      { type: 'step', item: 1, step: 1, beside: [0], finished: 0 },
    ];
    const telling = (...more: Fact[]) =>
      tellingStep(stateOf([...facts, ...more]).items[0] ?? raise());
    expect(telling()).toEqual({ step: 0, progress: { fraction: 0.1 } });
    const heard = says(0, { fraction: 0.4, eta: 6 });
    expect(telling(heard, says(1, { phase: 'load' }))).toMatchObject({ step: 0 });
    expect(timeLeft(stateOf([...facts, heard]).items[0] ?? raise())).toBe(6000);
    // It has begun by itself, or is alone.
    expect(telling(heard, says(1, { fraction: 0.2 }))).toMatchObject({ step: 1 });
    expect(telling(says(0, { fraction: 1 }), says(1, { phase: 'load' }))).toMatchObject({
      step: 1,
    });
  });

  test('falls evenly while a program says nothing of its progress', () => {
    const facts: Fact[] = opening(10);
    for (let item = 1; item < 10; item += 1) {
      // An item takes 10 s; facts are 100 ms apart.
      const half = Array.from({ length: 49 }, () => line(item));
      facts.push(
        begin(item),
        ...half,
        { type: 'step', item, step: 1 },
        ...half.slice(1),
        done(item),
      );
    }
    const events = asEvents(facts);
    let state = EMPTY_STATE;
    let before: number | undefined;
    for (const event of events) {
      state = applyEvents(state, [event]);
      const now = remaining(state, event.time);
      if (now === undefined) continue;
      // The last item of the ten is left, and the rest of this one.
      const truth = STARTED + 100_000 - event.time;
      expect(Math.abs(truth - now)).toBeLessThan(truth * 0.2);
      if (before !== undefined) expect(now - before).toBeLessThan(1000);
      before = now;
    }
    expect(before).toBeDefined();
  });

  test('is not told while the queue is paused, nor when the run is over', () => {
    const made = [...opening(4), begin(1), done(1)];
    expect(left([...made, { type: 'queue', state: 'paused', concurrency: 1 }], 9)).toBeUndefined();
    expect(left([...made, { type: 'finish', state: 'failed' }], 9)).toBeUndefined();
  });
});

test('a run has worked for the time without its pauses', () => {
  const paused: Fact = { type: 'queue', state: 'paused', concurrency: 1 };
  const on: Fact = { type: 'queue', state: 'running', concurrency: 1 };
  expect(elapsed(stateOf(opening(1)), STARTED + 5000)).toBe(5000);
  expect(elapsed(stateOf([...opening(1), paused]), STARTED + 5000)).toBe(200);
  expect(elapsed(stateOf([...opening(1), paused, on]), STARTED + 5000)).toBe(4900);
  expect(elapsed(stateOf([...opening(1), { type: 'finish', state: 'done' }]), 0)).toBe(200);
  // A clock that was set back.
  expect(elapsed(stateOf(opening(1)), STARTED - 5000)).toBe(0);
});

describe('all runs as one', () => {
  const now = STARTED + 1000;
  const one = stateOf([...opening(4), begin(1), done(1)]);
  const failed: Fact = { type: 'end', item: 1, state: 'failed', failure: { message: 'x' } };
  const two = stateOf([...opening(2), begin(1), failed]);
  const over = stateOf([...opening(9), { type: 'finish', state: 'done' }]);

  test('are those that are not finished', () => {
    expect(overall([one, two, over], now)).toEqual({
      runs: 2,
      done: 2,
      failed: 1,
      total: 6,
      fraction: 2 / 6,
      remaining: 3000,
    });
    expect(overall([over], now)).toEqual({ runs: 0, done: 0, failed: 0, total: 0, fraction: 0 });
  });

  test('end with the last of them, when the end of each is known', () => {
    expect(overall([one, stateOf(opening(1))], now).remaining).toBeUndefined();
  });
});

test('numbers are sane at every moment of every run', () => {
  fc.assert(
    fc.property(runs, fc.integer({ min: -1000, max: 1_000_000 }), (events, after) => {
      const states: RunState[] = [];
      events.reduce((state, event) => {
        const next = applyEvents(state, [event]);
        states.push(next);
        return next;
      }, EMPTY_STATE);
      for (const state of states) {
        const now = state.started + after;
        const all = overall([state], now);
        for (const share of [runFraction(state), all.fraction]) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
        const left = remaining(state, now) ?? 0;
        expect(Number.isFinite(left) && left >= 0).toBe(true);
        expect(finishedCount(state)).toBeLessThanOrEqual(state.run.total);
      }
    }),
    { numRuns: 200 },
  );
});

test.for([
  [0, '0:00'],
  [1, '0:01'],
  [42_000, '0:42'],
  [42_001, '0:43'],
  [59_999, '1:00'],
  [725_000, '12:05'],
  [3_599_001, '1:00:00'],
  [3_753_000, '1:02:33'],
  [360_000_000, '100:00:00'],
  [-5000, '0:00'],
] as const)('%d ms are %s', ([ms, text]) => {
  expect(clock(ms)).toBe(text);
});
