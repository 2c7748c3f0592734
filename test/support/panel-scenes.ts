import type { ToPanel } from '../../src/protocol/panel.ts';
import type { RunState } from '../../src/protocol/state.ts';
import { RunFixture } from './run-fixture.ts';

const STARTED = 1_700_000_000_000;
const HOUR = 3_600_000;

const TITLES = [
  'What is a cell?',
  'Photosynthesis, step by step',
  'Why leaves are green',
  'Mitochondria',
  'The water in a tree',
  'DNA in one minute',
  'How species begin',
  'Ecosystems',
  'Viruses and cells',
  'What blood carries',
];

/** A run with an item in every state, under way. */
export function biology(): RunFixture {
  const run = new RunFixture('biology', 'Biology in ten minutes', TITLES, STARTED);
  run.make(1, 42);
  run.make(2, 51);
  run.make(3, 38);
  run.fail(4, 'Endpoint busy (429). Tried 3 times.');
  run.make(5, 47);
  const ladder =
    'Think of it as a ladder that someone has twisted. Each rung is a pair of letters, and there are only four letters';
  run.begin(6, 1, 0.43, ladder);
  run.begin(7, 0, 0.12, 'Imagine a river that splits a forest in two. For a while');
  return run;
}

/** Ended an hour before: every item made. */
export function interviews(): RunState {
  const titles = Array.from({ length: 12 }, (_, index) => `interview-${index + 1}.wav`);
  const run = new RunFixture('interviews', 'Interviews, March', titles, STARTED - HOUR);
  for (const [index] of titles.entries()) run.make(index + 1, 60);
  run.add({ type: 'finish', state: 'done' });
  return run.state;
}

/** Cancelled after three of eight items. */
export function stems(): RunState {
  const titles = Array.from({ length: 8 }, (_, index) => `track-${index + 1}.mp3`);
  const run = new RunFixture('stems', 'Stems of the demo tape', titles, STARTED - 2 * HOUR);
  for (let item = 1; item <= 3; item += 1) run.make(item, 180);
  for (let item = 4; item <= 8; item += 1) run.add({ type: 'end', item, state: 'cancelled' });
  run.add({ type: 'finish', state: 'cancelled' });
  return run.state;
}

/** A run of so many items, the first ones made. */
export function large(total: number, made: number): RunFixture {
  const titles = Array.from({ length: total }, (_, index) => `Chapter ${index + 1}`);
  const run = new RunFixture('large', 'A large run', titles, STARTED);
  for (let item = 1; item <= made; item += 1) run.make(item, 30, 100);
  run.begin(made + 1, 1, 0.5, 'And so it was that');
  return run;
}

export function snapshot(
  runs: readonly RunState[],
  more: { readonly now?: number; readonly trusted?: boolean; readonly folder?: boolean } = {},
): ToPanel {
  return { type: 'snapshot', runs, trusted: true, folder: true, now: STARTED + 80_000, ...more };
}
