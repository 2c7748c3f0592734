import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createOpenAiSpeech } from '../../../src/engines/speech/openai.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

const WAV = Buffer.concat([
  Buffer.from(
    '52494646ffffffff57415645666d74201000000001000100c05d000080bb00000200100064617461ffffffff',
    'hex',
  ),
  Buffer.alloc(480),
]);

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const value of values) collected.push(value);
  return collected;
}

const speak = (baseUrl: string, options = {}, env = {}) =>
  collect(createOpenAiSpeech({ baseUrl, env, ...options }).speak('Hello.', { voice: 'nova' }));

it('asks for speech and reads it', async () => {
  const seen: unknown[] = [];
  const url = await serve(async (request, response) => {
    const body = Buffer.concat(await collect(request));
    seen.push(request.url, request.headers.authorization, JSON.parse(body.toString()));
    response.end(WAV);
  });
  const SLUICE_KEYS = JSON.stringify({ [new URL(url).origin]: 'secret' });
  const env = { SLUICE_KEYS, OPENAI_API_KEY: 'of OpenAI' };
  const [chunk] = await speak(url, { model: 'kokoro' }, env);
  expect(chunk?.samples).toHaveLength(240);
  expect(chunk?.sampleRate).toBe(24_000);
  expect(seen).toEqual([
    '/v1/audio/speech',
    'Bearer secret',
    { input: 'Hello.', model: 'kokoro', voice: 'nova', response_format: 'wav' },
  ]);
});

it.each([
  [401, {}, 'refused the key', { retry: false, hint: expect.stringContaining('key') }],
  [404, {}, 'the reason', { retry: false, hint: expect.stringContaining('baseUrl') }],
  [422, {}, 'the reason', { retry: false }],
  [429, { 'retry-after': '7' }, 'the reason', { retry: undefined, retryAfter: 7 }],
  [
    429,
    { 'retry-after': new Date(Date.now() + 9500).toUTCString() },
    'the reason',
    { retry: undefined, retryAfter: expect.any(Number) },
  ],
  [503, {}, 'the reason', { retry: undefined }],
])('says what %d means', async (status, headers, said, error) => {
  let asked = 0;
  const url = await serve((_, response) => {
    asked++;
    response.writeHead(status, headers).end(JSON.stringify({ error: { message: 'the reason' } }));
  });
  await expect(speak(url)).rejects.toMatchObject({
    message: expect.stringContaining(said),
    ...error,
  });
  expect(asked).toBe(1);
});

it('says when nobody is there, when no answer comes, and when the answer is no sound', async () => {
  const nobody = await serve(() => {});
  server?.close();
  await expect(speak(nobody)).rejects.toThrow('refused the connection');
  const silent = await serve(() => {});
  await expect(speak(silent, { timeout: 0.2 })).rejects.toThrow('said nothing for 0.2 s');
  server?.closeAllConnections();
  const page = await serve((_, response) => response.end('<html>'));
  await expect(speak(page)).rejects.toThrow('the sound cannot be read');
});

it('stops when it is cancelled', async () => {
  const controller = new AbortController();
  const url = await serve(() => controller.abort());
  const engine = createOpenAiSpeech({ baseUrl: url, env: {} });
  const speaking = collect(engine.speak('Hello.', { signal: controller.signal }));
  await expect(speaking).rejects.toThrow(/abort/i);
});

it('sends the key of OpenAI to OpenAI and OPENAI_BASE_URL alone', async () => {
  const seen: unknown[] = [];
  const url = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.end(WAV);
  });
  await speak(url, {}, { OPENAI_API_KEY: 'secret' });
  await speak(url, {}, { OPENAI_API_KEY: 'secret', OPENAI_BASE_URL: url });
  expect(seen).toEqual([undefined, 'Bearer secret']);
});

it('needs a key for the address of OpenAI alone', () => {
  expect(() => createOpenAiSpeech({ env: {} })).toThrow('there is no key');
  createOpenAiSpeech({ env: { OPENAI_BASE_URL: 'http://localhost:1/v1' } });
});
