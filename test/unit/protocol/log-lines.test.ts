import { expect, test } from 'vitest';
import type { Fact } from '../../../src/protocol/events.ts';
import { LogLines } from '../../../src/protocol/log-lines.ts';
import { applyEvent, EMPTY_STATE } from '../../../src/protocol/state.ts';
import { asEvents, opening, stateOf } from './facts.ts';

const english = (message: string, ...values: unknown[]): string =>
  message.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)]));

/** The lines of a run of two items, from its third event on. */
function linesOf(...facts: Fact[]): string[] {
  const lines = new LogLines(english);
  let state = EMPTY_STATE;
  return asEvents([...opening(2), ...facts]).flatMap((event) => {
    state = applyEvent(state, event);
    return lines.lines(state, event);
  });
}

const begin: Fact = { type: 'start', item: 1, attempt: 1 };
const text = (words: string, step = 0): Fact => ({ type: 'text', item: 1, step, text: words });

test('a run reads from its beginning to its end', () => {
  const result = { path: 'out/1.mp3', mime: 'audio/mpeg', bytes: 1, seconds: 42 };
  expect(
    linesOf(
      begin,
      { type: 'step', item: 1, step: 0 },
      { type: 'log', item: 1, step: 0, stream: 'err', lines: ['loading', 'ready'] },
      { type: 'log', item: 0, step: 1, stream: 'err', lines: ['warm'] },
      { type: 'silence', item: 1, step: 0, seconds: 60 },
      { type: 'step', item: 1, step: 1 },
      { type: 'result', item: 1, step: 1, result },
      { type: 'end', item: 1, state: 'done' },
      { type: 'note', level: 'warning', message: 'The disk is nearly full.' },
      { type: 'end', item: 2, state: 'skipped' },
      { type: 'finish', state: 'done' },
    ),
  ).toEqual([
    '[1/2] item 1',
    '[1/2] write: loading',
    '[1/2] write: ready',
    'speak: warm',
    '[1/2] write: no output for 60 s',
    '[1/2] speak: out/1.mp3 (0:42)',
    '[1/2] done',
    'The disk is nearly full.',
    '[2/2] already made',
    '──── Test: 1 of 2 done, 1 already made, 0:02 ────',
  ]);
});

test('a failure has its hint and its place, also when another attempt follows', () => {
  const failure = {
    message: 'no voice x',
    hint: 'Choose another.',
    where: { file: 'p.txt', line: 4, column: 1 },
  };
  expect(
    linesOf(
      begin,
      { type: 'retry', item: 1, attempt: 1, delay: 1500, failure },
      { type: 'start', item: 1, attempt: 2 },
      { type: 'end', item: 1, state: 'failed', failure },
      { type: 'end', item: 2, state: 'cancelled' },
      { type: 'finish', state: 'failed' },
    ),
  ).toEqual([
    '[1/2] item 1',
    '[1/2] write: attempt 1 failed, again in 1.5 s: no voice x. Choose another. (p.txt:4:1)',
    '[1/2] item 1 (attempt 2)',
    '[1/2] write: failed: no voice x. Choose another. (p.txt:4:1)',
    '[2/2] cancelled',
    '──── Test: 0 of 2 done, 1 failed, 1 cancelled, 0:01 ────',
  ]);
});

test('text is held back until its line is whole', () => {
  expect(linesOf(begin, text('A cell '), text('is small.\nIt'), text(' lives.'))).toEqual([
    '[1/2] item 1',
    '[1/2] write: A cell is small.',
  ]);
  expect(linesOf(begin, text('half'), { type: 'end', item: 1, state: 'done' })).toEqual([
    '[1/2] item 1',
    '[1/2] write: half',
    '[1/2] done',
  ]);
  // Steps side by side: each has a line of its own.
  const end = { type: 'end', item: 1, state: 'done' } as const;
  expect(linesOf(begin, text('half'), text('next', 1), text('\n', 1), text(' more'), end)).toEqual([
    '[1/2] item 1',
    '[1/2] speak: next',
    '[1/2] write: half more',
    '[1/2] done',
  ]);
});

test('text without an end is written in parts, and empty lines are left out', () => {
  const long = 'x'.repeat(1500);
  expect(linesOf(begin, text(long), text(long), text('\n\n \n'))).toEqual([
    '[1/2] item 1',
    `[1/2] write: ${long}${long}`,
  ]);
});

test('the queue is told of when it stops', () => {
  const queue = (state: 'paused' | 'running' | 'cancelling'): Fact => ({
    type: 'queue',
    state,
    concurrency: 1,
  });
  expect(linesOf(queue('paused'), queue('running'), queue('cancelling'))).toEqual([
    'Paused.',
    'Cancelling.',
  ]);
});

test('the header names the run and its batch file', () => {
  expect(new LogLines(english).header(stateOf(opening(2)))).toMatch(
    /^──── Test \(a\.batch\.yaml\), .+ ────$/,
  );
});

test('a failure is said of the step that failed, also when a later state is known', () => {
  const failure = { message: 'no voice x' };
  const facts: Fact[] = [
    begin,
    { type: 'end', item: 1, state: 'failed', failure },
    { type: 'queued', items: [1] },
    { type: 'start', item: 1, attempt: 1 },
    { type: 'step', item: 1, step: 1 },
  ];
  const events = asEvents([...opening(2), ...facts]);
  const lines = new LogLines(english);
  const state = stateOf([...opening(2), ...facts]);
  expect(events.flatMap((event) => lines.lines(state, event))).toContain(
    '[1/2] write: failed: no voice x',
  );
});

const RED = '\x1b[31m';
const hostile: readonly Fact[] = [
  { type: 'start', item: 2, attempt: 1 },
  {
    type: 'log',
    item: 2,
    step: 0,
    stream: 'out',
    lines: [`${RED}red\x1b[2J`, 'still', 'end\x1b[0m'],
  },
  { type: 'log', item: 2, step: 0, stream: 'err', lines: ['plain'] },
  { type: 'text', item: 2, step: 0, text: 'said\x1b]52;c;x\x07\n' },
  { type: 'note', level: 'info', message: 'a\x1b[2Jb' },
];

test('no escape is left in a line', () => {
  expect(linesOf(...hostile)).toEqual([
    '[2/2] item 2',
    '[2/2] write: red',
    '[2/2] write: still',
    '[2/2] write: end',
    '[2/2] write: plain',
    '[2/2] write: said',
    'ab',
  ]);
});

test('with colours each line has those that are on, and leaves none on', () => {
  const lines = new LogLines(english, { colours: true });
  const state = stateOf([...opening(2), ...hostile]);
  const told = asEvents([...opening(2), ...hostile]).flatMap((event) => lines.lines(state, event));
  const prefix = '\x1b[2m[2/2] write: \x1b[22m';
  expect(told).toEqual([
    '[2/2] item 2',
    `${prefix}${RED}red\x1b[0m`,
    `${prefix}${RED}still\x1b[0m`,
    `${prefix}${RED}end\x1b[0m\x1b[0m`,
    `${prefix}plain`,
    '[2/2] write: said',
    'ab',
  ]);
});
