import fc from 'fast-check';
import type { Fact, Progress, RunEvent, RunHeader } from '../../../src/protocol/events.ts';
import { applyEvents, EMPTY_STATE, type RunState } from '../../../src/protocol/state.ts';

export const STARTED = 1_700_000_000_000;

function header(total: number): RunHeader {
  return {
    id: '20260101-abc',
    name: 'Test',
    batch: 'a.batch.yaml',
    workspace: '/w',
    steps: [{ name: 'write' }, { name: 'speak' }],
    concurrency: 2,
    total,
    pid: 42,
  };
}

/** The first two facts of a run of so many items. */
export function opening(total: number): Fact[] {
  const items = Array.from({ length: total }, (_, index) => ({
    item: index + 1,
    title: `item ${index + 1}`,
  }));
  return [
    { type: 'run', version: 1, run: header(total) },
    { type: 'items', items },
  ];
}

/** Facts numbered from 1, each 100 ms after the one before. */
export function asEvents(facts: readonly Fact[]): RunEvent[] {
  return facts.map((fact, index) => ({ ...fact, seq: index + 1, time: STARTED + index * 100 }));
}

export function stateOf(facts: readonly Fact[]): RunState {
  return applyEvents(EMPTY_STATE, asEvents(facts));
}

/** Where an item is put: the last one names an item that need not be in the queue. */
const PLACES = [{}, { first: true }, { before: 1 }, { before: 4 }] as const;

type Phase = 'queued' | 'running' | 'waiting' | 'ended';

/**
 * Runs as a runner may tell them: items begin, say things, fail, are tried again, end and are put back
 * into the queue, in any order that is possible, until the run is finished or not.
 */
export const runs: fc.Arbitrary<RunEvent[]> = fc
  .record({
    total: fc.integer({ min: 0, max: 6 }),
    choices: fc.array(
      fc.tuple(fc.nat(), fc.nat(), fc.string({ unit: 'grapheme', maxLength: 20 })),
      {
        maxLength: 80,
      },
    ),
    finish: fc.boolean(),
  })
  .map(({ total, choices, finish }) => {
    const facts = opening(total);
    const phases: Phase[] = Array(total).fill('queued');
    let paused = false;
    for (const [where, what, text] of choices) {
      if (total === 0) break;
      const item = (where % total) + 1;
      const fact = nextFact(item, phases[item - 1] ?? 'queued', what, text, paused);
      facts.push(fact);
      if (fact.type === 'queue') paused = fact.state === 'paused';
      phases[item - 1] = phaseAfter(fact, phases[item - 1] ?? 'queued');
    }
    if (finish) {
      phases.forEach((phase, index) => {
        if (phase !== 'ended') facts.push({ type: 'end', item: index + 1, state: 'cancelled' });
      });
      facts.push({ type: 'finish', state: 'cancelled' });
    }
    return asEvents(facts);
  });

function phaseAfter(fact: Fact, phase: Phase): Phase {
  if (fact.type === 'start') return 'running';
  if (fact.type === 'retry') return 'waiting';
  if (fact.type === 'end') return 'ended';
  return fact.type === 'queued' ? 'queued' : phase;
}

function nextFact(item: number, phase: Phase, what: number, text: string, paused: boolean): Fact {
  const step = what % 2;
  const failure = { message: text };
  if (what % 17 === 0) {
    return { type: 'queue', state: paused ? 'running' : 'paused', concurrency: 1 + (what % 5) };
  }
  if (what % 19 === 0) return { type: 'note', level: 'warning', message: text };
  if (phase === 'queued') {
    if (what % 5 === 0) return { type: 'queued', items: [item], ...PLACES[what % PLACES.length] };
    if (what % 7 === 0) return { type: 'end', item, state: 'skipped' };
    if (what % 11 === 0)
      return { type: 'waits', item, waits: { for: 'memory', needs: 9, free: 1 } };
    return { type: 'start', item, attempt: 1 };
  }
  if (phase === 'waiting') return { type: 'start', item, attempt: 2 };
  if (phase === 'ended') return { type: 'queued', items: [item] };
  const progress: Progress = { fraction: (what % 101) / 100 };
  const facts: Fact[] = [
    { type: 'step', item, step, pid: 7 },
    { type: 'progress', item, step, progress },
    { type: 'text', item, step, text },
    { type: 'iteration', item, step, iteration: 1 + (what % 50), best: what % 7, seconds: what },
    {
      type: 'schedule',
      item,
      step,
      schedule: { machines: ['m'], tasks: [text], assignment: [0], start: [0], end: [what] },
    },
    { type: 'log', item, step, stream: 'out', lines: text === '' ? [] : [text, text] },
    { type: 'log', item: 0, step, stream: 'err', lines: [text] },
    { type: 'result', item, step, result: { path: text, mime: 'text/plain', bytes: 1 } },
    { type: 'silence', item, step, seconds: 60 },
    { type: 'retry', item, attempt: 1, delay: 10, failure },
    { type: 'end', item, state: 'done' },
    { type: 'end', item, state: 'failed', failure },
    { type: 'end', item, state: 'cancelled' },
  ];
  return facts[(what >> 3) % facts.length] ?? { type: 'end', item, state: 'done' };
}

/** Freezes everything in a value, so that a write to it throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const one of Object.values(value)) deepFreeze(one);
  }
  return value;
}
