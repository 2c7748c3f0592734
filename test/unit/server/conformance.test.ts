import { once } from 'node:events';
import { connect as connect2 } from 'node:http2';
import { connect } from 'node:net';
import { createParser } from 'eventsource-parser';
import { execa } from 'execa';
import { chromium } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { makeCertificate } from '../../support/certificate.ts';
import { cuttingProxy } from '../../support/cutting-proxy.ts';
import { needsPackages } from '../../support/debian.ts';
import { eventually } from '../../support/eventually.ts';
import { findProgram } from '../../support/find-program.ts';
import { readEvents, type ServedFolder, serveFolder } from '../../support/serve.ts';

needsPackages('python3-requests', 'openssl');

/** So many lines, so many ms apart, with what a stream must not trip over. */
function lines(count: number, pause: number): Record<string, string> {
  return {
    'lines.py': `import sys, time\nfor n in range(${count}):\n    print(f'{n} é\\u2028 data: x', flush=True)\n    time.sleep(${pause / 1000})\n`,
    'lines.batch.yaml': 'inputs: [a]\nsteps:\n  - run: [python3, lines.py]\n',
  };
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

test('eventsource-parser reads the stream', async () => {
  const server = await serveFolder(lines(50, 10));
  const id = await server.run('lines.batch.yaml');
  const answer = await server.ask(`/runs/${id}/events?after=0`);
  expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-cache, no-transform');
  expect(answer.headers.get('x-accel-buffering')).toBe('no');
  expect(answer.headers.get('content-encoding')).toBeNull();
  const ids: number[] = [];
  const errors: unknown[] = [];
  let retry = 0;
  const parser = createParser({
    onEvent: (event) => {
      ids.push(Number(event.id));
      expect(JSON.parse(event.data)).toMatchObject({ seq: Number(event.id) });
    },
    onRetry: (ms) => {
      retry = ms;
    },
    onError: (error) => errors.push(error),
  });
  for await (const text of answer.body?.pipeThrough(new TextDecoderStream()) ?? [])
    parser.feed(text);
  expect([retry, errors]).toEqual([2000, []]);
  expect(ids).toEqual(upTo((await server.state(id)).seq));
});

test("Python's requests reads the stream", async () => {
  const server = await serveFolder(lines(50, 10));
  const id = await server.run('lines.batch.yaml');
  const program = `import json, sys, requests
url, token = sys.argv[1:]
answer = requests.get(url, headers={'Authorization': 'Bearer ' + token}, stream=True, timeout=30)
for line in answer.iter_lines():
    if line.startswith(b'data: '):
        print(json.loads(line[6:])['seq'])
`;
  const url = `${server.origin}/runs/${id}/events?after=0`;
  const { stdout } = await execa('/usr/bin/python3', ['-c', program, url, server.token]);
  expect(stdout.split('\n').map(Number)).toEqual(upTo((await server.state(id)).seq));
});

test("a browser's own EventSource reads the stream, comes back when the line breaks, and stops at the end", async () => {
  const server = await serveFolder(lines(200, 40));
  const proxy = await cuttingProxy(server.port);
  const id = await server.run('lines.batch.yaml');
  const browser = await chromium.launch({
    executablePath: await findProgram('chromium', 'chromium-browser', 'google-chrome'),
    args: ['--no-sandbox'],
  });
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await page.goto(server.link.replace(String(server.port), String(proxy.port)));
  await page.waitForSelector('sluice-panel');
  await page.evaluate((path) => {
    const own = window as unknown as { ids: string[]; states: number[] };
    own.ids = [];
    own.states = [];
    const source = new EventSource(path);
    source.addEventListener('message', (event) => own.ids.push(event.lastEventId));
    source.addEventListener('error', () => own.states.push(source.readyState));
  }, `/runs/${id}/events?after=0`);
  const ids = (): Promise<number> =>
    page.evaluate(() => (window as unknown as { ids: string[] }).ids.length);
  for (const count of [20, 60]) {
    await expect.poll(ids, { timeout: 20_000 }).toBeGreaterThan(count);
    proxy.cut();
  }
  // The last error is the end of the stream: 204, after which a browser asks no more.
  await eventually(() =>
    page.evaluate(() => (window as unknown as { states: number[] }).states.at(-1)),
  ).toBe(2);
  const seen = await page.evaluate(() => (window as unknown as { ids: string[] }).ids.map(Number));
  expect(seen).toEqual(upTo((await server.state(id)).seq));
}, 90_000);

test('a line that breaks 100 times at random places loses no event and gives none twice', async () => {
  const server = await serveFolder(lines(1500, 4));
  const id = await server.run('lines.batch.yaml');
  const got: number[] = [];
  let after = 0;
  for (let times = 0; times < 100; times += 1) {
    const text = await readSome(
      server,
      `/runs/${id}/events?after=0`,
      after,
      100 + Math.random() * 2500,
    );
    // An event that was cut off is none.
    const whole = text.slice(0, text.lastIndexOf('\n\n') + 2);
    const seqs = [...whole.matchAll(/^id: (\d+)\ndata: .*\n\n/gm)].map(([, seq]) => Number(seq));
    got.push(...seqs);
    after = got.at(-1) ?? 0;
  }
  const rest = await server.ask(`/runs/${id}/events`, {
    headers: { 'last-event-id': String(after) },
  });
  for (const { id: seq } of await readEvents(rest)) got.push(Number(seq));
  expect(got).toEqual(upTo((await server.state(id)).seq));
}, 60_000);

/** Reads so many bytes of a stream, and breaks the connection. */
function readSome(
  server: ServedFolder,
  path: string,
  after: number,
  bytes: number,
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => {
      text += part;
      if (text.length >= bytes) socket.destroy();
    });
    socket.on('close', () => resolve(text.slice(0, bytes).replace(/\r\n[\da-f]+\r\n/g, '')));
    const headers = [
      `Host: localhost`,
      `Authorization: Bearer ${server.token}`,
      ...(after === 0 ? [] : [`Last-Event-ID: ${after}`]),
    ];
    socket.write(`GET ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
  });
}

test('with a certificate it speaks HTTP/2, and HTTP/1.1 with those who do not', async () => {
  const { folder } = await serveFolder({});
  const { cert, key } = makeCertificate(folder, 'localhost');
  const server = await serveFolder(lines(30, 10), [
    '--cert',
    cert,
    '--key',
    key,
    '--host',
    '127.0.0.1',
  ]);
  expect(server.origin).toBe(`https://localhost:${server.port}`);
  const curl = async (...args: readonly string[]): Promise<string> => {
    const auth = ['-H', `Authorization: Bearer ${server.token}`];
    const { stdout } = await execa('curl', ['-sS', '--cacert', cert, ...auth, ...args]);
    return stdout;
  };
  const started = await curl(
    '--http1.1',
    '-H',
    'Content-Type: application/json',
    '-d',
    '{"batch":"lines.batch.yaml"}',
    `${server.origin}/runs`,
  );
  const { id } = JSON.parse(started) as { id: string };

  const session = connect2(server.origin, { rejectUnauthorized: false });
  onTestFinished(() => session.destroy());
  const stream = session.request({
    ':path': `/runs/${id}/events?after=0`,
    authorization: `Bearer ${server.token}`,
  });
  let text = '';
  for await (const part of stream.setEncoding('utf8')) text += part;
  const seqs = [...text.matchAll(/^id: (\d+)$/gm)].map(([, seq]) => Number(seq));
  expect(seqs.length).toBeGreaterThan(30);
  expect(seqs).toEqual(upTo(seqs.length));
  // A session is refused by its name as a request of HTTP/1.1 is.
  const foreign = session.request({
    ':path': '/runs',
    ':authority': 'evil.example',
    authorization: `Bearer ${server.token}`,
  });
  const [headers] = (await once(foreign, 'response')) as [{ ':status': number }];
  expect(headers[':status']).toBe(421);
  expect(
    await curl(
      '--http1.1',
      '-o',
      '/dev/null',
      '-w',
      '%{http_version} %{http_code}',
      `${server.origin}/runs`,
    ),
  ).toBe('1.1 200');
});
