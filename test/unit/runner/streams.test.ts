import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { applyEvents, EMPTY_STATE } from '../../../src/protocol/state.ts';
import { makeWorkspace, ofType, parseEvents, sluice, startSluice } from '../../support/sluice.ts';

const STREAMS = resolve('test/programs/streams.py');
const WORDS = 'one two three four five six seven eight nine ten eleven twelve';

interface Options {
  readonly give?: string;
  readonly take?: string;
  readonly more?: string;
  readonly between?: string;
}

function workspace({ give = '', take = '', more = '', between = '' }: Options = {}): string {
  return makeWorkspace({
    'b.batch.yaml': `
inputs: ["${WORDS}"]
steps:
  - name: give
    run: [python3, ${JSON.stringify(STREAMS)}, give, diary]
    warm: true
    with: { ${give} }
    output: out/given.txt
${between}
  - name: take
    run: [python3, ${JSON.stringify(STREAMS)}, take, diary]
    warm: true
    with: { ${take} }
output: out/taken.txt
backoff: 100ms
${more}
`,
  });
}

const read = (folder: string, path: string): string => readFileSync(join(folder, path), 'utf8');

/** What the steps noted, in order. */
function noted(folder: string): string[] {
  const lines = read(folder, 'diary').trimEnd().split('\n');
  return lines.map((line) => line.slice(line.indexOf(' ') + 1));
}

test('a step takes the text of the one before while it is being made, and both results are whole', async () => {
  const folder = workspace();
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(0);
  expect(read(folder, 'out/given.txt')).toBe(WORDS);
  expect(read(folder, 'out/taken.txt')).toBe(WORDS.toUpperCase());
  const notes = noted(folder);
  expect(notes).toContain('take begin stream');
  expect(notes.indexOf('take piece 1')).toBeLessThan(notes.indexOf('give word 12'));
  expect(ofType(events, 'step')).toMatchObject([
    { step: 0 },
    { step: 1, beside: [0], finished: 0 },
  ]);
  // While both are under way the state shows how far each is; then the first one is out of it.
  const during = events.findIndex((event) => event.type === 'text' && event.step === 1);
  const [item] = applyEvents(EMPTY_STATE, events.slice(0, during + 1)).items;
  expect(item).toMatchObject({ step: 1, feeding: [{ step: 0 }] });
  expect(applyEvents(EMPTY_STATE, events).items[0]?.feeding).toEqual([]);
});

test('a step that breaks off goes on with what is there, and the next one notices nothing', async () => {
  for (const give of ['fail: 5', 'break: 5']) {
    const folder = workspace({ give, more: 'retries: 2' });
    const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
    expect(code).toBe(0);
    expect(read(folder, 'out/given.txt')).toBe(WORDS);
    expect(read(folder, 'out/taken.txt')).toBe(WORDS.toUpperCase());
    const notes = noted(folder);
    expect(notes.filter((note) => note.startsWith('give begin'))).toEqual([
      'give begin ""',
      'give begin "one two three four five"',
    ]);
    expect(notes.filter((note) => note.startsWith('take begin'))).toHaveLength(1);
    expect(ofType(events, 'start')).toHaveLength(1);
    const lines = ofType(events, 'log').flatMap((event) => event.lines);
    expect(lines.join('\n')).toMatch(/It goes on in 0\.\d s, behind the 23 characters/);
  }
});

test('without retries a step that breaks off fails the item, and the next one is let go', async () => {
  const folder = workspace({ give: 'fail: 5' });
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(1);
  expect(ofType(events, 'end')).toMatchObject([
    { state: 'failed', failure: { message: 'The giver failed.' } },
  ]);
  expect(noted(folder)).toContain('take cancel');
});

test('a taker that dies is given the whole text again, which is not made anew', async () => {
  const folder = workspace({ take: 'die: 3', more: 'retries: 1' });
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(0);
  expect(read(folder, 'out/taken.txt')).toBe(WORDS.toUpperCase());
  const notes = noted(folder);
  expect(notes.filter((note) => note.startsWith('give begin'))).toHaveLength(1);
  expect(notes.filter((note) => note.startsWith('take begin'))).toEqual([
    'take begin stream',
    'take begin whole',
  ]);
  expect(ofType(events, 'retry')).toHaveLength(1);
});

test('a slow taker holds the giver: text does not pile up', async () => {
  // 9,600 words are 47,000 characters; the giver writes them without a pause.
  const folder = workspace({ give: 'times: 800, pause: 0', take: 'pace: 0.0005' });
  const { code } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(0);
  let most = 0;
  let [given, taken] = [0, 0];
  for (const note of noted(folder)) {
    if (note.startsWith('give word')) given += 1;
    if (note.startsWith('take piece')) taken = Number(note.slice(11));
    most = Math.max(most, given - taken);
  }
  expect(given).toBe(9600);
  // The runner lets 16,384 characters wait, which are 3,350 words; the pipe before it holds some hundreds more.
  expect(most).toBeLessThan(5000);
  expect(read(folder, 'out/taken.txt').length).toBe(read(folder, 'out/given.txt').length);
});

test('cancelled while both are under way, both are asked to stop, and no process is left', async () => {
  const folder = workspace({ give: 'pause: 0.2' });
  const child = startSluice(folder, ['run', 'b.batch.yaml', '--json']);
  let out = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += String(chunk);
      if (/"type":"text","item":1,"step":1/.test(out)) resolve();
    });
  });
  child.kill('SIGINT');
  const { stdout } = await child;
  const events = parseEvents(String(stdout));
  expect(ofType(events, 'end')).toMatchObject([{ state: 'cancelled' }]);
  expect(noted(folder)).toContain('take cancel');
});

test('a step that does not stream waits for the whole text', async () => {
  const folder = workspace({
    between: '  - run: [cat, "{input}"]',
  });
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(0);
  expect(noted(folder)).toContain('take begin whole');
  expect(ofType(events, 'step').some(({ beside }) => beside !== undefined)).toBe(false);
});
