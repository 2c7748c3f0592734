import { expect, test } from 'vitest';
import { IntervalGate, IterationGate, Thinner } from '../../../src/progress/thin.ts';

/** A clock that is turned by hand. */
function handClock() {
  let now = 0;
  let due: { readonly at: number; readonly call: () => void } | undefined;
  return {
    now: () => now,
    after(ms: number, call: () => void) {
      due = { at: now + ms, call };
      return () => {
        due = undefined;
      };
    },
    turn(ms: number) {
      now += ms;
      if (due === undefined || due.at > now) return;
      const { call } = due;
      due = undefined;
      call();
    },
  };
}

interface Step {
  readonly iteration: number;
  readonly best: number;
}

function iterations() {
  const clock = handClock();
  const told: number[] = [];
  const thinner = new Thinner<Step>(new IterationGate(), clock, ({ iteration }) =>
    told.push(iteration),
  );
  return { clock, told, thinner };
}

test('the first thousand iterations are told, however fast they come', () => {
  const { told, thinner } = iterations();
  for (let iteration = 1; iteration <= 1000; iteration += 1) thinner.push({ iteration, best: 5 });
  expect(told).toHaveLength(1000);
});

test('then 20 a second, and the last one', () => {
  const { clock, told, thinner } = iterations();
  for (let iteration = 1; iteration <= 21_000; iteration += 1) {
    thinner.push({ iteration, best: 5 });
    clock.turn(0.1);
  }
  const later = told.length - 1000;
  expect(later).toBeGreaterThan(35);
  expect(later).toBeLessThanOrEqual(41);
  thinner.push({ iteration: 21_001, best: 5 });
  thinner.flush();
  expect(told.at(-1)).toBe(21_001);
  expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
});

test('what is better is told at once, up to 200 a second', () => {
  const { clock, told, thinner } = iterations();
  for (let iteration = 1; iteration <= 1000; iteration += 1) thinner.push({ iteration, best: 1e6 });
  clock.turn(1);
  for (let iteration = 1001; iteration <= 1100; iteration += 1) {
    thinner.push({ iteration, best: 1e6 - iteration });
  }
  expect(told).toHaveLength(1100);
  for (let iteration = 1101; iteration <= 11_100; iteration += 1) {
    thinner.push({ iteration, best: 1e6 - iteration });
    clock.turn(0.1);
  }
  expect(told.length - 1100).toBeLessThan(100 + 200 + 25);
});

test('slow iterations are all told', () => {
  const { clock, told, thinner } = iterations();
  for (let iteration = 1; iteration <= 3000; iteration += 1) {
    thinner.push({ iteration, best: 5 });
    clock.turn(50);
  }
  expect(told).toHaveLength(3000);
});

test('of values that take each other’s place there are some a second, and the last one', () => {
  const clock = handClock();
  const told: number[] = [];
  const thinner = new Thinner<number>(new IntervalGate(250), clock, (value) => told.push(value));
  for (let value = 0; value < 100; value += 1) {
    thinner.push(value);
    clock.turn(10);
  }
  expect(told).toEqual([0, 24, 49, 74, 99]);
  thinner.push(100);
  expect(told).toHaveLength(5);
  thinner.flush();
  expect(told.at(-1)).toBe(100);
});
