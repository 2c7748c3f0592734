import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FromStep } from '../../../src/protocol/step.ts';
import { type FakeEndpoint, fakeEndpoint, refuse, stream } from './fake-endpoint.ts';

const STEP = join(import.meta.dirname, '../../../src/steps/write.ts');
const KEY = 'sk-step-0123456789';

let endpoint: FakeEndpoint;
let folder: string;
beforeEach(async () => {
  endpoint = await fakeEndpoint();
  folder = await mkdtemp(join(tmpdir(), 'sluice-write-'));
});
afterEach(async () => {
  await endpoint.close();
  await rm(folder, { recursive: true });
});

interface Given {
  readonly text?: string;
  readonly file?: string;
  readonly with?: Record<string, unknown>;
}

/** Runs the step program over some items and gives every line that it said. */
async function run(items: readonly Given[], env: NodeJS.ProcessEnv): Promise<FromStep[]> {
  const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, ...rest } = process.env;
  const stdio = ['pipe', 'pipe', 'pipe'] as const;
  const child = spawn(process.execPath, [STEP], { env: { ...rest, ...env }, stdio: [...stdio] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
  });
  child.stderr.resume();
  const lines = items.map((item, at) => ({
    type: 'item',
    id: `i${at}`,
    with: {},
    output: join(folder, `${at}.md`),
    title: 't',
    index: at + 1,
    total: items.length,
    run: 'r',
    ...item,
  }));
  const hello = { type: 'hello', protocol: 1, workspace: folder, concurrency: 2 };
  child.stdin.end([hello, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''));
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  expect(out).not.toContain(KEY);
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as FromStep);
}

function lineOf<T extends FromStep['type']>(said: readonly FromStep[], type: T, id = 'i0') {
  const found = said.filter((line) => line.type === type && 'id' in line && line.id === id);
  return found as Extract<FromStep, { type: T }>[];
}

test('writes through an endpoint: text, progress and done', async () => {
  endpoint.answer = (response) => stream(response, ['Bees ', 'fly ', 'home.']);
  const env = { OPENAI_BASE_URL: endpoint.baseUrl, OPENAI_API_KEY: KEY };
  const options = { model: 'm', words: 4, prompt: 'Say it: {input}!' };
  const said = await run([{ text: 'bees', with: options }], env);
  expect(
    lineOf(said, 'text')
      .map(({ text }) => text)
      .join(''),
  ).toBe('Bees fly home.');
  expect(lineOf(said, 'done')).toEqual([
    { type: 'done', id: 'i0', text: 'Bees fly home.', engine: 'openai', model: { name: 'm' } },
  ]);
  expect(lineOf(said, 'progress').at(-1)).toMatchObject({ phase: 'write', done: 3, fraction: 1 });
  expect(JSON.stringify(endpoint.asked[0]?.body)).toContain('Say it: bees!');
  expect(said.filter(({ type }) => type === 'ready').at(-1)).toMatchObject({ concurrency: 4 });
});

test('an error carries what to do and when', async () => {
  const message = `no ${KEY}`;
  endpoint.answer = (response) => refuse(response, 429, { message }, { 'retry-after': '3' });
  const env = { OPENAI_BASE_URL: endpoint.baseUrl, OPENAI_API_KEY: KEY };
  const said = await run([{ text: 'bees', with: { model: 'm' } }], env);
  expect(lineOf(said, 'error')).toMatchObject([{ retryAfter: 3, hint: expect.any(String) }]);
});

test('inputs that cannot be written about', async () => {
  const file = join(folder, 'bad.txt');
  await writeFile(file, Buffer.from([0x61, 0x0a, 0x62, 0xff]));
  const said = await run([{ file }, { text: '  ' }, { text: 'x', with: { wrods: 1 } }], {
    OPENAI_BASE_URL: endpoint.baseUrl,
  });
  expect(lineOf(said, 'error', 'i0')).toMatchObject([
    { retry: false, message: expect.stringContaining('bad.txt:2:2: not UTF-8') },
  ]);
  expect(lineOf(said, 'error', 'i1')).toMatchObject([{ retry: false }]);
  expect(lineOf(said, 'error', 'i2')).toMatchObject([
    { message: expect.stringContaining('wrods') },
  ]);
  expect(endpoint.asked).toEqual([]);
});

test('writes with the local model, and stops at a sentence', { timeout: 180_000 }, async () => {
  const options = { engine: 'local', words: 15, seed: 1 };
  const said = await run([{ text: 'How do bees make honey?', with: options }], {});
  const [done] = lineOf(said, 'done');
  expect(done?.engine).toBe('local');
  expect(done?.model?.sha256).toMatch(/^9ee11adf/);
  expect(done?.text).toMatch(/\w.*[.!?]["”]?$/s);
  expect(
    lineOf(said, 'text')
      .map(({ text }) => text)
      .join(''),
  ).toBe(done?.text);
  const phases = lineOf(said, 'progress').map(({ phase }) => phase);
  expect([phases[0], phases.at(-1)]).toEqual(['load', 'write']);
});
