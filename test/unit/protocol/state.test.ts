import { describe, expect, test } from 'vitest';
import type { Fact } from '../../../src/protocol/events.ts';
import { EMPTY_STATE } from '../../../src/protocol/state.ts';
import { opening, STARTED, stateOf } from './facts.ts';

const begin = (item: number, attempt = 1): Fact => ({ type: 'start', item, attempt });
const result = { path: 'out/1.mp3', mime: 'audio/mpeg', bytes: 8, seconds: 2 };

/** A run of four items: one is made, one fails at its second attempt, one was made before. */
const GOLDEN: readonly Fact[] = [
  ...opening(4),
  begin(1),
  { type: 'step', item: 1, step: 0, pid: 7 },
  { type: 'text', item: 1, step: 0, text: 'A cell ' },
  { type: 'text', item: 1, step: 0, text: 'is small.' },
  begin(2),
  { type: 'step', item: 1, step: 1, pid: 8 },
  { type: 'progress', item: 1, step: 1, progress: { fraction: 0.5, unit: 's' } },
  { type: 'log', item: 2, step: 0, stream: 'err', lines: ['loading', 'no voice'] },
  { type: 'silence', item: 2, step: 0, seconds: 60 },
  { type: 'retry', item: 2, attempt: 1, delay: 1000, failure: { message: 'no voice' } },
  { type: 'queued', items: [4], first: true },
  { type: 'result', item: 1, step: 1, result },
  { type: 'end', item: 1, state: 'done' },
  { type: 'end', item: 3, state: 'skipped' },
  { type: 'note', level: 'warning', message: 'The disk is nearly full.' },
  begin(2, 2),
  { type: 'end', item: 2, state: 'failed', failure: { message: 'no voice' } },
];

test('the golden run', () => {
  expect(stateOf(GOLDEN)).toEqual({
    seq: 19,
    run: (GOLDEN[0] as Extract<Fact, { type: 'run' }>).run,
    state: 'running',
    concurrency: 2,
    started: STARTED,
    pausedFor: 0,
    counts: { queued: 1, running: 0, waiting: 0, done: 1, failed: 1, cancelled: 0, skipped: 1 },
    active: [],
    queue: [4],
    notes: [{ level: 'warning', message: 'The disk is nearly full.' }],
    items: [
      {
        item: 1,
        title: 'item 1',
        state: 'done',
        attempt: 1,
        step: 1,
        progress: { fraction: 0.5, unit: 's' },
        text: 'A cell is small.',
        textLength: 16,
        textStep: 0,
        results: [result],
        started: STARTED + 200,
        ended: STARTED + 1400,
      },
      {
        item: 2,
        title: 'item 2',
        state: 'failed',
        attempt: 2,
        step: 0,
        text: '',
        textLength: 0,
        results: [],
        failure: { message: 'no voice' },
        started: STARTED + 1700,
        ended: STARTED + 1800,
      },
      {
        item: 3,
        title: 'item 3',
        state: 'skipped',
        attempt: 0,
        step: 0,
        text: '',
        textLength: 0,
        results: [],
        ended: STARTED + 1500,
      },
      {
        item: 4,
        title: 'item 4',
        state: 'queued',
        attempt: 0,
        step: 0,
        text: '',
        textLength: 0,
        results: [],
      },
    ],
  });
});

describe('the queue', () => {
  test('keeps its order, and items may be moved to its front and its end', () => {
    expect(stateOf(opening(4)).queue).toEqual([1, 2, 3, 4]);
    const first: Fact = { type: 'queued', items: [3, 4], first: true };
    expect(stateOf([...opening(4), first]).queue).toEqual([3, 4, 1, 2]);
    expect(stateOf([...opening(4), { type: 'queued', items: [1] }]).queue).toEqual([2, 3, 4, 1]);
    expect(stateOf([...opening(4), first, begin(3)])).toMatchObject({
      queue: [4, 1, 2],
      active: [3],
    });
  });

  test('can be paused, which does not count as work', () => {
    const paused: Fact = { type: 'queue', state: 'paused', concurrency: 2 };
    const on: Fact = { type: 'queue', state: 'running', concurrency: 3 };
    expect(stateOf([...opening(1), paused])).toMatchObject({
      state: 'paused',
      pausedAt: STARTED + 200,
      pausedFor: 0,
    });
    expect(stateOf([...opening(1), paused, begin(1), on])).toMatchObject({
      state: 'running',
      pausedAt: undefined,
      pausedFor: 200,
      concurrency: 3,
    });
    expect(stateOf([...opening(1), paused, { type: 'finish', state: 'cancelled' }])).toMatchObject({
      state: 'cancelled',
      pausedFor: 100,
      ended: STARTED + 300,
    });
  });

  test('takes items of a finished run again, which then goes on', () => {
    const state = stateOf([
      ...opening(1),
      begin(1),
      { type: 'end', item: 1, state: 'failed', failure: { message: 'x' } },
      { type: 'finish', state: 'failed' },
      { type: 'queued', items: [1] },
    ]);
    expect(state).toMatchObject({ state: 'running', ended: undefined, pausedFor: 100, queue: [1] });
    expect(state.items[0]).toMatchObject({ state: 'queued', failure: undefined });
  });
});

describe('the text of an item', () => {
  test('is that of one step; the next one that makes a text begins anew', () => {
    const text = (step: number, words: string): Fact => ({
      type: 'text',
      item: 1,
      step,
      text: words,
    });
    const facts = [...opening(1), begin(1), text(0, 'one '), text(0, 'two')];
    const next: Fact = { type: 'step', item: 1, step: 1 };
    expect(stateOf([...facts, next]).items[0]).toMatchObject({ text: 'one two', textLength: 7 });
    expect(stateOf([...facts, next, text(1, 'un '), text(1, 'deux')]).items[0]).toMatchObject({
      text: 'un deux',
      textLength: 7,
      textStep: 1,
    });
  });

  test('is forgotten by another attempt', () => {
    const facts: Fact[] = [
      ...opening(1),
      begin(1),
      { type: 'text', item: 1, step: 0, text: 'half' },
      { type: 'retry', item: 1, attempt: 1, delay: 1, failure: { message: 'x' } },
    ];
    expect(stateOf(facts).items[0]).toMatchObject({ text: 'half', failure: { message: 'x' } });
    expect(stateOf([...facts, begin(1, 2)]).items[0]).toMatchObject({
      text: '',
      textLength: 0,
      failure: undefined,
    });
  });
});

test.for<Fact>([
  { type: 'progress', item: 1, step: 0, progress: {} },
  { type: 'text', item: 1, step: 0, text: 'x' },
  { type: 'log', item: 1, step: 0, stream: 'out', lines: ['x'] },
  { type: 'step', item: 1, step: 1 },
  { type: 'end', item: 1, state: 'done' },
])('silence is over with $type', (fact) => {
  const silent: Fact[] = [
    ...opening(1),
    begin(1),
    { type: 'silence', item: 1, step: 0, seconds: 60 },
  ];
  expect(stateOf(silent).items[0]?.silent).toBe(60);
  expect(stateOf([...silent, fact]).items[0]?.silent).toBeUndefined();
});

test('what a newer runner says is left out, and what is known stays right', () => {
  const strange = { type: 'weather', item: 1 } as unknown as Fact;
  const state = stateOf([...opening(1), strange, begin(1), begin(99)]);
  expect(state).toMatchObject({ seq: 5, active: [1], counts: { running: 1 } });
  expect(stateOf([])).toEqual(EMPTY_STATE);
});
