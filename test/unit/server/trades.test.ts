import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { decodeSound } from '../../../src/engines/sound/decode.ts';
import type { MonoSound } from '../../../src/engines/sound/mono.ts';
import { eventually } from '../../support/eventually.ts';
import { answerSound } from '../../support/fake-voice.ts';
import { findProgram } from '../../support/find-program.ts';
import { readEvents, type ServedFolder, serveFolder } from '../../support/serve.ts';
import { type FakeEndpoint, fakeEndpoint } from '../text/fake-endpoint.ts';

const SENTENCES = [
  'Plants make food. ',
  'They use the light of the sun. ',
  'Water comes from the ground.',
];
const TEXT = SENTENCES.join('');

let writer: FakeEndpoint;
let speaker: FakeEndpoint;
/** Writes the next sentence; after the last one the text ends. */
let write: () => Promise<void>;
beforeEach(async () => {
  writer = await fakeEndpoint();
  speaker = await fakeEndpoint();
  speaker.answer = (response, { body }) => void answerSound(response, String(body['input']), 0.2);
  let writing: ServerResponse | undefined;
  let written = 0;
  writer.answer = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    writing = response;
    written = 0;
    // Of a request that was withdrawn nothing is written.
    response.on('close', () => {
      if (writing === response) writing = undefined;
    });
  };
  write = async () => {
    await eventually(() => writing).toBeDefined();
    const content = SENTENCES[written];
    const choice = { index: 0, delta: { content }, finish_reason: null };
    writing?.write(
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [choice] })}\n\n`,
    );
    written += 1;
    if (written < SENTENCES.length) return;
    const end = { index: 0, delta: {}, finish_reason: 'stop' };
    writing?.end(
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [end] })}\n\ndata: [DONE]\n\n`,
    );
    writing = undefined;
  };
});
afterEach(() => Promise.all([writer.close(), speaker.close()]));

function serveTrades(): Promise<ServedFolder> {
  return serveFolder({}, ['--no-auth'], {
    SLUICE_TEXT_ENGINE: 'openai',
    SLUICE_TEXT_URL: writer.baseUrl,
    SLUICE_TEXT_MODEL: 'm',
    SLUICE_VOICE_ENGINE: 'openai',
    SLUICE_VOICE_URL: speaker.baseUrl,
    SLUICE_VOICE_MODEL: 'm',
  });
}

const ofType = (messages: Awaited<ReturnType<typeof readEvents>>, type: string) =>
  messages.filter(({ data }) => String(data.type) === type).map(({ data }) => data);

test('a lesson comes as it is written, and is kept', async () => {
  const server = await serveTrades();
  const answer = await server.send('/api/class-content-stream', {
    topic: 'Plants',
    words: 20,
    form: 'prose',
    grade: 5,
  });
  expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const run = answer.headers.get('location')?.slice('/runs/'.length);
  await write();
  let seen = '';
  const messages = await readEvents(answer, ({ data }) => {
    if (String(data.type) !== 'text') return false;
    seen += data['text'];
    // The next sentence is written when this one has been read.
    if (SENTENCES.some((_, index) => seen === SENTENCES.slice(0, index + 1).join('') && index < 2))
      void write();
    return false;
  });
  expect(seen).toContain(TEXT.trim());
  expect(ofType(messages, 'start')).toMatchObject([{ run, name: 'Plants' }]);
  const [result] = ofType(messages, 'result');
  expect(messages.at(-1)?.data).toMatchObject({ type: 'complete', run });
  expect(await (await server.ask(String(result?.['url']))).text()).toContain(TEXT);
  // The same topic again is another lesson.
  const again = await server.send('/api/class-content-stream', { topic: 'Plants', form: 'prose' });
  for (const _ of SENTENCES) await write();
  expect(ofType(await readEvents(again), 'text').length).toBeGreaterThan(0);
});

test('what goes wrong is the last message', async () => {
  const server = await serveTrades();
  writer.answer = (response) => void response.writeHead(401).end('{"error":{"message":"no key"}}');
  const messages = await readEvents(
    await server.send('/api/class-content-stream', { topic: 'Plants' }),
  );
  expect(messages.at(-1)?.data).toMatchObject({
    type: 'error',
    state: 'failed',
    message: expect.any(String),
    hint: expect.any(String),
  });
  expect((await server.send('/api/class-content-stream', {})).status).toBe(400);
});

test.each(['wav', 'mp3'])(
  'a lesson is heard as %s while it is written, and is the sound that is kept',
  async (format) => {
    const server = await serveTrades();
    const answer = await server.send('/api/class-audio-stream', {
      topic: 'Plants',
      form: 'prose',
      format,
    });
    expect(answer.headers.get('content-type')).toBe(format === 'wav' ? 'audio/wav' : 'audio/mpeg');
    const run = answer.headers.get('location') ?? '';
    const reader = answer.body?.getReader();
    const parts: Uint8Array[] = [];
    const read = async (): Promise<boolean> => {
      const { value } = (await reader?.read()) ?? {};
      if (value !== undefined) parts.push(value);
      return value !== undefined;
    };
    await write();
    // The second sentence says that the first one is whole.
    await write();
    while (Buffer.concat(parts).length < 500) expect(await read()).toBe(true);
    // It is being written still.
    expect((await server.state(run.slice(6))).ended).toBeUndefined();
    await write();
    while (await read());

    const heard = await decodeSound(Buffer.concat(parts));
    const { results } = (await server.state(run.slice(6))).items[0] ?? { results: [] };
    const index = results.findIndex(({ mime }) => mime.startsWith('audio/'));
    const file = await server.ask(`${run}/items/1/results/${index}`);
    const kept = await decodeSound(new Uint8Array(await file.arrayBuffer()));
    const seconds = ({ samples, sampleRate }: MonoSound): number => samples.length / sampleRate;
    // An encoder of MP3 adds a little at its ends.
    expect(Math.abs(seconds(heard) - seconds(kept))).toBeLessThan(0.2);
    // To a step of 16 bits.
    const same = heard.samples.every(
      (one, at) => Math.abs(one - (kept.samples[at] ?? 0)) < 2 / 32_768,
    );
    if (format === 'wav') expect(same).toBe(true);
    // What is made is a file like any other, with ranges.
    const part = await server.ask(`${run}/items/1/sound`, { headers: { range: 'bytes=0-3' } });
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 4]);
  },
);

test('a text that is there as a whole is heard from its first sentence on', async () => {
  const server = await serveTrades();
  const held: (() => void)[] = [];
  speaker.answer = (response, { body }) => {
    const speak = (): void => void answerSound(response, String(body['input']), 0.1);
    if (speaker.asked.length === 1) speak();
    else held.push(speak);
  };
  const answer = await server.send('/api/class-audio-stream', { text: TEXT, format: 'wav' });
  const reader = answer.body?.getReader();
  let length = 0;
  while (length < 1000) length += (await reader?.read())?.value?.length ?? 0;
  await eventually(() => held.length).toBe(1);
  // The voice has not said the rest.
  speaker.answer = (response, { body }) => void answerSound(response, String(body['input']), 0.1);
  held[0]?.();
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    length += part.value.length;
  }
  expect(length).toBeGreaterThan(TEXT.length * 0.09 * 8000 * 2);
});

test('a plain <audio> of another page plays it while it is made, by its ticket', async () => {
  const server = await serveTrades();
  const ticketed = await server.send(
    '/api/class-audio-stream',
    { topic: 'Plants', form: 'prose' },
    { accept: 'application/json' },
  );
  expect(ticketed.status).toBe(201);
  const { run, url } = (await ticketed.json()) as { run: string; url: string };
  const browser = await chromium.launch({
    executablePath: await findProgram('chromium', 'chromium-browser', 'google-chrome'),
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
  });
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  const site = await otherSite(
    `<audio src="${server.origin}${url}"></audio><script>document.querySelector('audio').play()</script>`,
  );
  // Its load ends with the sound's own.
  await page.goto(site, { waitUntil: 'commit' });
  await write();
  await write();
  await eventually(() =>
    page.evaluate(() => document.querySelector('audio')?.currentTime ?? 0),
  ).toBeGreaterThan(0.05);
  expect((await server.state(run)).ended).toBeUndefined();
  await write();
  await eventually(() => page.evaluate(() => document.querySelector('audio')?.ended)).toBe(true);
  // A ticket is for its own address alone.
  const ticket = url.slice(url.indexOf('ticket='));
  const other = page.evaluate(
    (address) => fetch(address, { mode: 'no-cors' }).then(() => undefined),
    `${server.origin}/runs?${ticket}`,
  );
  await expect(other).rejects.toThrow('Failed to fetch');
  await eventually(() => server.output()).toContain('GET /runs refused: 403');
});

/** Another origin of this machine, whose page is this. */
async function otherSite(html: string): Promise<string> {
  const site = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end(html),
  );
  onTestFinished(() => void site.close());
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  return `http://localhost:${(site.address() as AddressInfo).port}/`;
}

test('prompts in, lines and results out: as server-sent events, or a JSON object a line', async () => {
  const server = await serveTrades();
  const prompts = { prompts: ['One sentence.', 'Another one.'], write: false };
  const messages = await readEvents(await server.send('/batch', prompts));
  expect(messages[0]?.data).toMatchObject({ type: 'start', total: 2 });
  expect(messages.at(-1)?.data).toMatchObject({
    type: 'complete',
    state: 'done',
    done: 2,
    failed: 0,
  });
  const results = ofType(messages, 'result');
  expect(results).toMatchObject([{ mime: 'audio/mpeg' }, { mime: 'audio/mpeg' }]);
  for (const { url } of results) {
    const file = await server.ask(String(url));
    expect(file.headers.get('content-type')).toBe('audio/mpeg');
    expect(
      (await decodeSound(new Uint8Array(await file.arrayBuffer()))).samples.length,
    ).toBeGreaterThan(100);
  }

  const lines = await server.ask('/batch', {
    method: 'POST',
    headers: { accept: 'application/x-ndjson', 'content-type': 'text/plain' },
    body: '# prompts\nWrite of plants.\n\n',
  });
  expect(lines.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  const reading = lines.text();
  for (const _ of SENTENCES) await write();
  const objects = (await reading)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const text = objects
    .filter(({ type }) => type === 'text')
    .map((object) => object['text'])
    .join('');
  expect(text).toContain(TEXT);
  expect(objects.at(-1)).toMatchObject({ type: 'complete', state: 'done' });
});

test('a client of a stream that leaves stops what it owns, and nothing else', async () => {
  const server = await serveTrades();
  const start = async (query: string): Promise<string> => {
    const leaving = new AbortController();
    const answer = await server.ask(`/api/class-content-stream${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ topic: 'Plants', form: 'prose' }),
      signal: leaving.signal,
    });
    leaving.abort();
    return answer.headers.get('location')?.slice(6) ?? '';
  };
  const owned = await start('?own=1');
  await eventually(async () => (await server.state(owned)).state).toBe('cancelled');
  const free = await start('');
  for (const _ of SENTENCES) await write();
  await eventually(async () => (await server.state(free)).state).toBe('done');
});
