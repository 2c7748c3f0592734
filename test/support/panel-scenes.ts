import type { RunEvent, Schedule } from '../../src/protocol/events.ts';
import { ENTITIES_MIME, TRANSCRIPT_MIME } from '../../src/protocol/mime.ts';
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

/** What was spoken of item 2 of `spoken`. */
export const SPOKEN =
  'Think of it as a ladder that someone has twisted. Each rung is a pair of letters, and there are only four letters. They pair in one way alone. So each half knows the other one.';

/** A run that writes and speaks: item 2 is made, item 3 is being spoken, item 4 written. */
export function spoken(): RunFixture {
  const titles = ['What is a cell?', 'DNA in one minute', 'How species begin', 'Ecosystems'];
  const run = new RunFixture('spoken', 'Biology in ten minutes', titles, STARTED);
  run.make(1, 3);
  run.begin(2, 0, 0.3, SPOKEN);
  run.add({ type: 'step', item: 2, step: 1 });
  const result = { path: 'out/2-dna.wav', mime: 'audio/wav', bytes: 416_044, seconds: 26 };
  run.add({ type: 'result', item: 2, step: 1, result }, 20_000);
  run.add({ type: 'end', item: 2, state: 'done' });
  run.begin(3, 0, 0.43, SPOKEN);
  run.add({ type: 'step', item: 3, step: 1 });
  const progress = { fraction: 0.4, done: 70, total: SPOKEN.length, unit: 'characters' };
  run.add({ type: 'progress', item: 3, step: 1, progress });
  run.begin(4, 0, 0.12, 'Imagine a river that splits a forest in two. For a while');
  return run;
}

/** Length of the songs of `separated`, in seconds. */
export const SONG = 192;
export const STEMS = ['vocals', 'drums', 'bass', 'other'];

/** Songs that were separated into stems. `harbour.mp3` is item 1. */
export function separated(titles = ['harbour.mp3'], seconds = SONG): RunFixture {
  const run = new RunFixture('songs', 'Stems of the demo tape', titles, STARTED);
  for (const [index, title] of titles.entries()) {
    const item = index + 1;
    run.add({ type: 'start', item, attempt: 1 });
    for (const [number, stem] of STEMS.entries()) {
      const path = `out/${title.replace(/\.\w+$/, '')}/${stem}.wav`;
      const result = { path, mime: 'audio/wav', bytes: 33_868_844, seconds, stem };
      run.add(
        { type: 'result', item, step: 0, result: { ...result, peaks: peaksOf(number) } },
        1000,
      );
    }
    run.add({ type: 'end', item, state: 'done' });
  }
  run.add({ type: 'finish', state: 'done' });
  return run;
}

/** An outline as a step makes it: of something sung, beaten, plucked, and the rest. */
function peaksOf(stem: number): string {
  const loud = (at: number): number => {
    const swell = 0.5 + 0.5 * Math.sin(at / 23 + stem);
    if (stem === 0)
      return at < 40 || (at > 180 && at < 220) ? 0 : 0.85 * swell * Math.abs(Math.sin(at / 5));
    if (stem === 1) return at % 4 === 0 ? 1 : 0.35;
    if (stem === 2) return 0.3 + 0.25 * swell;
    return 0.1 + 0.4 * swell * Math.abs(Math.cos(at / 3));
  };
  const pairs = Array.from({ length: 400 }, (_, at) => Math.round(127 * loud(at)));
  return Buffer.from(Int8Array.from(pairs.flatMap((high) => [-high, high])).buffer).toString(
    'base64',
  );
}

/** A recording whose transcript is there; what it names, once `understandRecording` has been called. */
export function recording(): RunFixture {
  const [workspace, input] = ['/workspace', 'talks/talk.wav'];
  const run = new RunFixture('talk', 'Talks', ['talk.wav'], STARTED, workspace, input);
  const mime = TRANSCRIPT_MIME;
  const result = { path: 'out/talk/transcript.json', mime, bytes: 2000, seconds: 12 };
  run.begin(1, 0, 0.99, 'Anna Kowalski goes to Paris.');
  run.add({ type: 'result', item: 1, step: 0, result }, 3000);
  run.add({ type: 'step', item: 1, step: 1 });
  return run;
}

/** The last steps of `recording` have worked. */
export function understandRecording(run: RunFixture): RunEvent[] {
  const [path, mime] = ['out/talk/entities.json', ENTITIES_MIME];
  const report = {
    path: 'out/talk/report.md',
    mime: 'text/vnd.sluice.report+markdown',
    bytes: 1000,
  };
  return [
    run.add({ type: 'result', item: 1, step: 1, result: { path, mime, bytes: 300 } }, 100),
    run.add({ type: 'result', item: 1, step: 1, result: report }, 100),
    run.add({ type: 'end', item: 1, state: 'done' }),
  ];
}

/** `transcript.json` of `recording`: a word a second from 1 s on, and a pause before each sentence. */
export function transcriptJson(): string {
  const sentences = ['Anna Kowalski goes to Paris.', 'She is back soon.', 'Who pays $20 for it?'];
  let time = 0;
  const segments = sentences.map((text, index) => {
    time += 0.5;
    const words = text.split(' ').map((word) => {
      time += 0.5;
      return { text: word, start: time, end: time + 0.5 };
    });
    const [start, end] = [words[0]?.start ?? 0, time + 0.5];
    return { start, end, text, ...(index === 2 && { paragraph: true }), words };
  });
  return JSON.stringify({ version: 1, language: 'en', seconds: 12, timed: true, segments });
}

/** `entities.json` of `recording`. */
export function entitiesJson(): string {
  const entities = [
    { text: 'Anna Kowalski', type: 'person', from: 0, to: 13 },
    { text: 'Paris', type: 'place', from: 22, to: 27 },
    { text: '$20', type: 'money', from: 57, to: 60 },
  ];
  return JSON.stringify({ version: 1, language: 'en', names: [], entities });
}

/** A run whose items make JSON, text, several files, and one that is not made yet. */
export function files(): RunFixture {
  const titles = ['plan.md', 'people.csv', 'a song', 'a film'];
  const run = new RunFixture('files', 'Summaries', titles, STARTED);
  const put = (item: number, path: string, mime: string, bytes: number, seconds?: number): void => {
    const length = seconds === undefined ? {} : { seconds };
    run.add({ type: 'result', item, step: 1, result: { path, mime, bytes, ...length } }, 3000);
  };
  for (let item = 1; item <= 4; item += 1) run.add({ type: 'start', item, attempt: 1 });
  put(1, 'out/plan.json', 'application/json', 1234);
  put(2, 'out/people.txt', 'text/plain', 4321);
  for (const stem of ['vocals', 'drums', 'bass']) {
    put(3, `out/${stem}.wav`, 'audio/wav', 3_000_000, 192);
  }
  put(3, 'out/notes.md', 'text/markdown', 900);
  for (let item = 1; item <= 3; item += 1) run.add({ type: 'end', item, state: 'done' });
  put(4, 'out/part-1.png', 'image/png', 300_000);
  run.add({ type: 'progress', item: 4, step: 0, progress: { done: 12, total: 40 } });
  run.add({ type: 'log', item: 4, step: 0, stream: 'out', lines: ['frame=  812 fps=24 q=28.0'] });
  return run;
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
): Extract<ToPanel, { type: 'snapshot' }> {
  return { type: 'snapshot', runs, trusted: true, folder: true, now: STARTED + 80_000, ...more };
}

/** Three searches on one problem, under way, and a rule that is done: the first item has the best schedule. */
export function searching(): RunFixture {
  const titles = ['SA 1', 'SA 2', 'ACO 1', 'MIN_MIN'];
  const name = 'u_c_hihi by SA, ACO and MIN_MIN';
  const run = new RunFixture('searching', name, titles, STARTED, '/workspace', 'u_c_hihi.0');
  const bound = 7_346_524.2;
  const search = (item: number, series: string, from: number, to: number, power: number): void => {
    run.add({ type: 'start', item, attempt: 1 });
    run.add({ type: 'step', item, step: 0, canFinish: true });
    for (let iteration = 1; iteration <= 412; iteration += 1) {
      const best = to + (from - to) / iteration ** power;
      const seconds = (6.3 * iteration) / 412;
      run.add({ type: 'iteration', item, step: 0, iteration, best, seconds, bound, series });
    }
    run.add({ type: 'progress', item, step: 0, progress: { fraction: 0.63, phase: 'search' } });
  };
  search(1, 'SA', 8_460_675, 7_380_200, 0.9);
  search(2, 'SA', 8_460_675, 7_391_000, 0.8);
  search(3, 'ACO', 8_900_000, 7_650_000, 0.35);
  run.add({ type: 'start', item: 4, attempt: 1 });
  const rule = { iteration: 1, best: 8_460_675, seconds: 0.1, bound, series: 'MIN_MIN' };
  run.add({ type: 'iteration', item: 4, step: 0, ...rule });
  run.add({ type: 'end', item: 4, state: 'done' });
  run.add({ type: 'schedule', item: 1, step: 0, schedule: evenSchedule(8, 60) });
  return run;
}

/** Tasks of many lengths, one after the other on each machine. */
function evenSchedule(machines: number, tasks: number): Schedule {
  const free = Array.from({ length: machines }, () => 0);
  const rows = Array.from({ length: tasks }, (_, task) => {
    const machine = free.indexOf(Math.min(...free));
    const start = free[machine] ?? 0;
    const end = start + 400_000 + ((task * 7919) % 900_000);
    free[machine] = end;
    return { machine, start, end };
  });
  return {
    machines: free.map((_, machine) => `m${machine + 1}`),
    tasks: rows.map((_, task) => `t${task + 1}`),
    assignment: rows.map(({ machine }) => machine),
    start: rows.map(({ start }) => start),
    end: rows.map(({ end }) => end),
  };
}
