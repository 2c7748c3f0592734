import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Coalescer } from '../../../src/progress/coalesce.ts';
import { FakeClock } from './feed.ts';

/** Ms: a frame, and the patience with small changes. */
const FRAME = 16;
const SECOND = 1000;

interface Fact {
  readonly time: number;
  readonly fraction: number;
}

/** Of a fraction in thousandths. */
const percent = (fraction: number): number => Math.floor(Math.round(fraction * 1000) / 10);

/** Updates of one phase: ms after the one before, and thousandths that it gained. */
const updates = fc.array(
  fc.tuple(
    fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 3000 })),
    fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 60 })),
  ),
  { minLength: 1, maxLength: 100 },
);

test('each whole percent is a fact within a frame, any change within a second, the last one always', () => {
  fc.assert(
    fc.property(updates, (all) => {
      const clock = new FakeClock();
      const facts: Fact[] = [];
      const said: Fact[] = [];
      const coalescer = new Coalescer(clock, ({ fraction = Number.NaN }) =>
        facts.push({ time: clock.now(), fraction }),
      );
      let fraction = 0;
      for (const [wait, gain] of all) {
        clock.tick(wait);
        fraction = Math.min(1, Math.round(fraction * 1000 + gain) / 1000);
        said.push({ time: clock.now(), fraction });
        coalescer.push({ fraction });
      }
      const end = clock.now();
      coalescer.flush();

      expect(facts[0]?.fraction).toBe(said[0]?.fraction);
      expect(facts.at(-1)?.fraction).toBe(fraction);
      facts.forEach((fact, index) => {
        const before = facts[index - 1];
        if (before === undefined) return;
        expect(fact.fraction).toBeGreaterThan(before.fraction);
        if (fact.time === end && index === facts.length - 1) return;
        expect(fact.time - before.time).toBeGreaterThanOrEqual(FRAME);
        // No more than is asked for.
        const isStep = percent(fact.fraction) > percent(before.fraction);
        expect(isStep || fact.time - before.time >= SECOND).toBe(true);
      });
      // And no less: of each update the next fact tells, soon.
      for (const { time, fraction: wanted } of said) {
        const known = facts.findLast((fact) => fact.time <= time);
        if (known === undefined || known.fraction >= wanted) continue;
        const told = facts.find((fact) => fact.fraction >= wanted);
        const patience = percent(wanted) > percent(known.fraction) ? FRAME : SECOND;
        expect(told?.time).toBeLessThanOrEqual(Math.min(end, time + patience));
      }
    }),
    { numRuns: 300 },
  );
});

test('100,000 updates are passed on as what is worth a fact', () => {
  const clock = new FakeClock();
  let facts = 0;
  const coalescer = new Coalescer(clock, () => {
    facts += 1;
  });
  for (let update = 1; update <= 100_000; update += 1) {
    coalescer.push({ fraction: update / 100_000 });
    if (update % 100 === 0) clock.tick(1);
  }
  coalescer.flush();
  // A second: a hundred steps, in frames of 16 ms.
  expect(facts).toBeLessThanOrEqual(Math.ceil(1000 / FRAME) + 2);
});
