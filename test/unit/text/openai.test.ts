import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EngineError } from '../../../src/engines/error.ts';
import { createTextEngine } from '../../../src/engines/text/choose.ts';
import type { Written } from '../../../src/engines/text/engine.ts';
import { type FakeEndpoint, fakeEndpoint, refuse, stream } from './fake-endpoint.ts';

let endpoint: FakeEndpoint;
beforeEach(async () => {
  endpoint = await fakeEndpoint();
});
afterEach(() => endpoint.close());

const KEY = 'sk-test-0123456789abcdef';

interface Asking {
  readonly model?: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly baseUrl?: string;
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  readonly temperature?: number;
  readonly maxTokens?: number;
}

async function write(asking: Asking = {}): Promise<Written & { pieces: string[] }> {
  const { env = { SLUICE_OPENAI_KEY: KEY }, baseUrl = endpoint.baseUrl, timeout = 5 } = asking;
  const model = 'model' in asking ? asking.model : 'm';
  const options = { engine: 'openai', model, baseUrl, timeout, gpu: false } as const;
  const engine = await createTextEngine(options, env);
  const signal = asking.signal ?? new AbortController().signal;
  const { temperature, maxTokens } = asking;
  const request = { words: 50, language: 'fr', temperature, maxTokens, signal };
  const writing = engine.write('Bees', request);
  const pieces: string[] = [];
  let next = await writing.next();
  for (; !next.done; next = await writing.next()) pieces.push(next.value);
  return { ...next.value, pieces };
}

async function failure(asking: Asking = {}): Promise<EngineError> {
  const error = await write(asking).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EngineError);
  expect(inspect(error, { depth: 9 })).not.toContain(KEY);
  return error as EngineError;
}

test('streams what the endpoint sends, and asks for words and language', async () => {
  endpoint.answer = (response) => stream(response, ['Les abei', 'lles. ', 'Elles volent.']);
  const written = await write();
  expect(written.text).toBe('Les abeilles. Elles volent.');
  expect(written.pieces.length).toBeGreaterThan(1);
  expect(written.note).toBeUndefined();
  const [asked] = endpoint.asked;
  expect(asked?.headers.authorization).toBe(`Bearer ${KEY}`);
  expect(asked?.body).toMatchObject({ model: 'm', stream: true });
  expect(JSON.stringify(asked?.body['messages'])).toMatch(/about 50 words in French.*Bees/);
  expect(asked?.body).not.toHaveProperty('temperature');
});

test('without a key no authorization is sent', async () => {
  await write({ env: {} });
  expect(endpoint.asked[0]?.headers.authorization).toBeUndefined();
});

test('OPENAI_API_KEY goes to OPENAI_BASE_URL, and to no other address of a batch file', async () => {
  await write({ env: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${endpoint.baseUrl}/` } });
  await write({ env: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: 'http://else.test/v1' } });
  expect(endpoint.asked.map(({ headers }) => headers.authorization)).toEqual([
    `Bearer ${KEY}`,
    undefined,
  ]);
});

test('a refused connection', async () => {
  const { baseUrl } = endpoint;
  const gone = await fakeEndpoint();
  await gone.close();
  const error = await failure({ baseUrl: gone.baseUrl });
  expect(error.message).toMatch(/^127\.0\.0\.1:\d+ refused the connection$/);
  expect(error.hint).toContain('baseUrl');
  expect(error.retry).not.toBe(false);
  expect(baseUrl).not.toBe(gone.baseUrl);
});

test('an endpoint that does not answer', async () => {
  endpoint.answer = () => undefined;
  expect((await failure({ timeout: 0.2 })).message).toMatch(/said nothing for 0\.2 s$/);
});

test('an endpoint that goes silent in the middle', async () => {
  const end = { reason: null, hang: true };
  endpoint.answer = (response) => stream(response, ['One two three. ', 'Four'], end);
  expect((await failure({ timeout: 0.3 })).message).toMatch(
    /said nothing for 0\.3 s, after 4 words$/,
  );
});

test('a stream that is cut says how much came', async () => {
  endpoint.answer = (response) =>
    stream(response, ['One two ', 'three'], { reason: null, destroy: true });
  expect((await failure()).message).toMatch(/ended the answer in the middle, after 3 words$/);
});

test('a stream that ends in order but without an end is cut too', async () => {
  endpoint.answer = (response) => stream(response, ['One two ', 'three'], { reason: null });
  expect((await failure()).message).toMatch(/in the middle, after 3 words$/);
});

test('[DONE] alone is an end', async () => {
  endpoint.answer = (response) => stream(response, ['One.'], { reason: null, done: true });
  expect((await write()).text).toBe('One.');
});

test('an error in the stream', async () => {
  endpoint.answer = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end('data: {"error":{"message":"out of memory"}}\n\n');
  };
  expect((await failure()).message).toMatch(/out of memory/);
});

test('429 with Retry-After', async () => {
  endpoint.answer = (response) =>
    refuse(response, 429, { message: 'slow down' }, { 'retry-after': '7' });
  const error = await failure();
  expect(error.message).toMatch(/takes no more requests for now \(HTTP 429\): slow down/);
  expect(error.retryAfter).toBe(7);
  expect(endpoint.asked).toHaveLength(1);
});

test('429 without credit is not tried again', async () => {
  endpoint.answer = (response) => refuse(response, 429, { code: 'insufficient_quota' });
  expect((await failure()).retry).toBe(false);
});

test('401 does not show the key that the server repeats', async () => {
  endpoint.answer = (response) => refuse(response, 401, { message: `bad key ${KEY}` });
  const error = await failure();
  expect(error.message).toMatch(/refused the key \(HTTP 401\)$/);
  expect(error.retry).toBe(false);
});

test('404, 500 and a server that repeats the key in its words', async () => {
  endpoint.answer = (response) => refuse(response, 404, { message: 'no model m' });
  expect(await failure()).toMatchObject({
    retry: false,
    message: expect.stringMatching(/no model m/),
  });
  endpoint.answer = (response) => refuse(response, 500, { message: `oops ${KEY}` });
  const error = await failure();
  expect(error.message).toMatch(/failed \(HTTP 500\): oops \[key\]/);
  expect(error.retry).toBeUndefined();
});

test('an endpoint that does not stream gives the text as a whole, with a note', async () => {
  endpoint.answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const choices = [{ message: { content: 'One. Two.' }, finish_reason: 'stop' }];
    response.end(JSON.stringify({ choices }));
  };
  const written = await write();
  expect(written.text).toBe('One. Two.');
  expect(written.note).toMatch(/does not stream/);
});

test('fields that the endpoint refuses are left out', async () => {
  endpoint.answer = (response, { body }) => {
    const refused = ['stream', 'temperature', 'max_tokens'].find((name) => name in body);
    if (refused) return refuse(response, 400, { message: `Unsupported parameter: '${refused}'` });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ choices: [{ message: { content: 'Fine.' } }] }));
  };
  expect((await write({ temperature: 1, maxTokens: 99 })).text).toBe('Fine.');
  expect(endpoint.asked.at(-1)?.body).toMatchObject({ max_completion_tokens: 99 });
});

test('a last sentence that the token limit cut is left out', async () => {
  endpoint.answer = (response) => stream(response, ['One two. ', 'Three fo'], { reason: 'length' });
  const written = await write();
  expect(written.text).toBe('One two.');
  expect(written.note).toMatch(/token limit/);
});

test('the only model of an endpoint needs no name', async () => {
  const offer = (...ids: string[]) => {
    endpoint.answer = (response, { path }) => {
      if (!path.endsWith('/models')) return stream(response, ['Hi.']);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ object: 'list', data: ids.map((id) => ({ id })) }));
    };
  };
  offer('only');
  await write({ model: undefined });
  expect(endpoint.asked.at(-1)?.body['model']).toBe('only');
  offer('a', 'b');
  expect(await failure({ model: undefined })).toMatchObject({
    hint: 'Set `model`; it offers a, b.',
  });
});

test('what a model thinks aloud is left out', async () => {
  endpoint.answer = (response) => stream(response, ['<thi', 'nk>hm</th', 'ink>\n\nYes', '.']);
  expect((await write()).text).toBe('Yes.');
});

test('an abort ends the request at once', async () => {
  const closed = new Promise<void>((resolve) => {
    endpoint.answer = (response) => {
      response.on('close', resolve);
      stream(response, ['One.'], { reason: null, hang: true });
    };
  });
  const signal = AbortSignal.timeout(200);
  await expect(write({ signal })).rejects.toMatchObject({ name: 'TimeoutError' });
  await closed;
});
