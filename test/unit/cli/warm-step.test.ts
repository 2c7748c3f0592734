import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../src/protocol/events.ts';
import type { StepItem } from '../../../src/protocol/step.ts';
import { makeWorkspace, ofType, sluice } from '../../support/sluice.ts';
import { ends, listing, runJson, textOf, workspaceWith } from './folder.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A warm step: `on(message)` answers each line with `say({...})`; `ready` is said for it. */
const STEP = (code: string, ready = "say({ type: 'ready' })"): string => `
  import { appendFileSync } from 'node:fs';
  import { createInterface } from 'node:readline';
  const say = (message) => console.log(JSON.stringify(message));
  for await (const line of createInterface({ input: process.stdin })) {
    appendFileSync('said.jsonl', line + '\\n');
    const message = JSON.parse(line);
    if (message.type === 'hello') { ${ready} } else { ${code} }
  }
  appendFileSync('said.jsonl', '"end"\\n');`;

const SHOUT = "say({ type: 'done', id: message.id, text: message.text.toUpperCase() })";

function batch(more: object = {}, step: object = {}): object {
  return {
    inputs: ['one', 'two', 'three'],
    steps: [{ run: [process.execPath, 'step.mjs'], warm: true, name: 'shout', ...step }],
    output: 'out/{slug}.txt',
    backoff: '10ms',
    ...more,
  };
}

function workspace(code: string, more: object = {}, step: object = {}, ready?: string): string {
  return workspaceWith(batch(more, step), { 'step.mjs': STEP(code, ready) });
}

/** Everything that the step was told. */
function told(folder: string): unknown[] {
  const lines = textOf(folder, 'said.jsonl').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as unknown);
}

function items(folder: string): StepItem[] {
  return told(folder).filter((message) => (message as StepItem).type === 'item') as StepItem[];
}

function pids(events: readonly RunEvent[]): Set<number | undefined> {
  return new Set(ofType(events, 'step').map((event) => event.pid));
}

test('the example in Python serves all its items in one process', async () => {
  const folder = makeWorkspace({});
  for (const name of ['shout.py', 'shout.batch.yaml']) {
    cpSync(join(ROOT, 'examples/any-program', name), join(folder, name));
  }
  const { code, events } = await sluice(folder, ['run', 'shout.batch.yaml', '--json']);
  expect(ends(events)).toEqual(['done', 'done', 'done']);
  expect(code).toBe(0);
  expect(pids(events).size).toBe(1);
  expect(textOf(folder, 'out/harbour.txt')).toBe('HARBOUR!');
  expect(listing(join(folder, 'out'))).toEqual(['city.txt', 'forest.txt', 'harbour.txt']);
});

test('docs/step-protocol.md shows the example as it is', () => {
  const page = readFileSync(join(ROOT, 'docs/step-protocol.md'), 'utf8');
  for (const name of ['shout.py', 'shout.batch.yaml']) {
    expect(page).toContain(readFileSync(join(ROOT, 'examples/any-program', name), 'utf8').trim());
  }
});

describe('a warm step is told', () => {
  test('hello, its items one by one, and the end of them', async () => {
    const folder = workspace(SHOUT, { concurrency: 2 }, { with: { voice: 'v{index}' } });
    expect((await runJson(folder)).code).toBe(0);
    const [hello, ...rest] = told(folder);
    expect(hello).toEqual({ type: 'hello', protocol: 1, workspace: folder, concurrency: 2 });
    expect(rest.at(-1)).toBe('end');
    expect(items(folder)[1]).toMatchObject({
      type: 'item',
      id: '2',
      text: 'two',
      with: { voice: 'v2' },
      title: 'two',
      index: 2,
      total: 3,
      run: 'a',
    });
    expect(items(folder)[1]?.output).toMatch(/^\/.*two\.txt$/);
  });

  test('the path of a file where the input is one', async () => {
    const code = "say({ type: 'done', id: message.id, text: message.file })";
    const folder = workspaceWith(batch({ inputs: { files: 'x.md' } }), {
      'step.mjs': STEP(code),
      'x.md': 'hi',
    });
    expect((await runJson(folder)).code).toBe(0);
    expect(textOf(folder, 'out/x.txt')).toBe(join(folder, 'x.md'));
  });

  test('what the step before made', async () => {
    const step = { run: [process.execPath, 'step.mjs'], warm: true };
    const folder = workspace(SHOUT, { steps: [step, step] });
    expect((await runJson(folder)).code).toBe(0);
    expect(items(folder).map((item) => item.text)).toContain('ONE');
  });
});

describe('a warm step answers', () => {
  test('with a file', async () => {
    const code = `
      appendFileSync(message.output, 'by itself');
      say({ type: 'done', id: message.id, file: true, mime: 'text/x-own', seconds: 2 });`;
    const folder = workspace(code, { inputs: ['a'] });
    const { events } = await runJson(folder);
    expect(ofType(events, 'result').map((event) => event.result)).toEqual([
      { path: 'out/a.txt', mime: 'text/x-own', bytes: 9, seconds: 2 },
    ]);
  });

  test('with text, piece by piece', async () => {
    const code = `
      for (const text of ['pie', 'ce ', '\\u2028by piece']) say({ type: 'text', id: message.id, text });
      say({ type: 'done', id: message.id });`;
    const folder = workspace(code, { inputs: ['a'] });
    const { events } = await runJson(folder);
    expect(ofType(events, 'text').map((event) => event.text)).toHaveLength(3);
    expect(textOf(folder, 'out/a.txt')).toBe('piece \u2028by piece');
  });

  test('with an error, which fails the item and no other', async () => {
    const code = `
      if (message.text === 'two') {
        say({ type: 'error', id: message.id, message: 'no voice', hint: 'Add one.', retry: false });
      } else ${SHOUT}`;
    const folder = workspace(code, { retries: 5, inputs: ['one', 'two', 'three'] });
    const { code: exit, events } = await runJson(folder);
    expect(exit).toBe(1);
    expect(ends(events)).toEqual(['done', 'no voice Add one.', 'done']);
    expect(ofType(events, 'retry')).toEqual([]);
  });

  test('with an error that is tried again when it says so', async () => {
    const code = `
      globalThis.asked = (globalThis.asked ?? 0) + 1;
      if (globalThis.asked > 1) ${SHOUT}
      else say({ type: 'error', id: message.id, message: 'busy', retryAfter: 0.5 })`;
    const folder = workspace(code, { retries: 1, inputs: ['one'] });
    const { code: exit, events } = await runJson(folder);
    expect(exit).toBe(0);
    expect(ofType(events, 'retry')).toMatchObject([{ delay: 500, failure: { message: 'busy' } }]);
  });

  test('with log lines', async () => {
    const code = `
      say({ type: 'log', id: message.id, text: 'one\\ntwo' });
      console.log('not JSON');
      console.error('on standard error');
      setTimeout(() => ${SHOUT}, 100)`;
    const folder = workspace(code, { inputs: ['a'] });
    const { events } = await runJson(folder);
    const lines = ofType(events, 'log').flatMap((event) => event.lines);
    expect(lines.sort()).toEqual(['not JSON', 'on standard error', 'one', 'two']);
  });
});

describe('a warm step that is wrong harms nobody but its items', () => {
  test('when it says what the protocol does not know', async () => {
    const code = `
      say({ type: 'log' });
      say({ type: 'log', text: 7 });
      say({ type: 'text', id: message.id });
      say({ type: 'progress', id: message.id, fraction: 'half' });
      say({ type: 'done', id: 'nobody' });
      say({ type: 'done' });
      say({ type: 'news', id: message.id });
      console.log('{"type":');
      ${SHOUT}`;
    const folder = workspace(code);
    const { code: exit, events } = await runJson(folder);
    expect(ends(events)).toEqual(['done', 'done', 'done']);
    expect(exit).toBe(0);
    expect(textOf(folder, 'out/one.txt')).toBe('ONE');
    for (const { progress } of ofType(events, 'progress'))
      expect(progress.fraction).not.toBe('half');
  });

  test('when it prints a line without end', async () => {
    const code = `process.stdout.write('x'.repeat(20e6) + '\\n'); ${SHOUT}`;
    const { events } = await runJson(workspace(code, { inputs: ['a'] }));
    expect(ends(events)).toEqual(['done']);
    for (const { lines } of ofType(events, 'log')) {
      for (const line of lines) expect(line.length).toBeLessThan(70_000);
    }
  });

  test('when it is ready for a number of items that is none', async () => {
    const ready = "say({ type: 'ready', concurrency: 'all' })";
    const folder = workspace(SHOUT, { runTimeout: '15s' }, {}, ready);
    const { events } = await runJson(folder);
    expect(ends(events)).toEqual(['done', 'done', 'done']);
  });

  test('when it ends in the middle: another one takes the rest', async () => {
    const code = `
      if (message.text === 'two') { console.error('out of memory'); process.exit(9); }
      ${SHOUT}`;
    const folder = workspace(code, { concurrency: 1 });
    const { code: exit, events } = await runJson(folder);
    expect(exit).toBe(1);
    const gone = /shout ended with exit code 9 before it was done\. It said last: out of memory/;
    expect(ends(events)).toEqual(['done', expect.stringMatching(gone), 'done']);
    expect(pids(events).size).toBe(2);
  });

  test('when it ends before it is ready', async () => {
    const ready = "console.error('no model'); process.exit(1)";
    const folder = workspace(SHOUT, { inputs: ['a'] }, {}, ready);
    const { code: exit, events } = await runJson(folder);
    expect(exit).toBe(1);
    expect(ends(events)).toEqual([expect.stringContaining('It said last: no model')]);
  });

  test('when it answers without the file that it promised', async () => {
    const code = "say({ type: 'done', id: message.id, file: true })";
    const folder = workspace(code, { inputs: ['a'] });
    const { events } = await runJson(folder);
    expect(ends(events)).toEqual([expect.stringContaining('made no result for out/a.txt')]);
  });

  test('when it does not answer within `timeout`', async () => {
    const folder = workspace('', { inputs: ['a'], timeout: '1s' });
    const { code: exit, events } = await runJson(folder);
    expect(exit).toBe(1);
    expect(ends(events)).toEqual(['It took longer than 1 s.']);
    expect(told(folder)).toContainEqual({ type: 'cancel', id: '1' });
  });

  test('when it is not there', async () => {
    const folder = workspaceWith(batch({}, { run: ['no-such-step'] }));
    mkdirSync(join(folder, 'out'));
    const { code: exit, events } = await runJson(folder);
    expect(exit).toBe(1);
    const missing = expect.stringMatching(/^The program no-such-step was not found/);
    expect(ends(events)).toEqual([missing, missing, missing]);
    expect(listing(join(folder, 'out'))).toEqual([]);
  });
});
