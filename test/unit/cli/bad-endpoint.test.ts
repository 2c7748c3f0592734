import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ofType } from '../../support/sluice.ts';
import { ends, listing, runJson, textOf, workspaceWith } from './folder.ts';

type Answer = (response: ServerResponse) => void;

interface Endpoint {
  readonly baseUrl: string;
  /** When it was asked about the prompt `bad`, in ms. */
  readonly times: number[];
}

/** An endpoint that writes for every prompt but `bad`, which meets these answers one by one. */
async function endpoint(...answers: Answer[]): Promise<Endpoint> {
  const times: number[] = [];
  const left = [...answers];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      if (!body.includes('"bad"')) return tell('A fine text.')(response);
      times.push(performance.now());
      return (left.shift() ?? tell('It is well after all.'))(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v1`, times };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

function piece(text: string, reason: string | null = null): string {
  const choices = [{ index: 0, delta: { content: text }, finish_reason: reason }];
  return `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices })}\n\n`;
}

function begin(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
}

function tell(text: string): Answer {
  return (response) => {
    begin(response);
    response.end(`${piece(text)}${piece('', 'stop')}data: [DONE]\n\n`);
  };
}

function refuse(status: number, message: string, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error: { message } }));
  };
}

const breakOff: Answer = (response) => {
  begin(response);
  response.write(piece('The first sentence is here. The second'), () => response.destroy());
};

const saysNothing: Answer = begin;

function batch(baseUrl: string, more: object = {}, options: object = {}): object {
  const step = { uses: 'write', with: { engine: 'openai', baseUrl, model: 'x', ...options } };
  const inputs = ['good one', 'bad', 'good two'];
  return { inputs, steps: [step], output: 'out/{slug}.md', backoff: '10ms', ...more };
}

/** Runs it, both good items done; answers what became of the bad one. */
async function fateOf(definition: object): Promise<{ fate: string | undefined; code: number }> {
  const folder = workspaceWith(definition);
  const { code = -1, events } = await runJson(folder);
  const [first, fate, third] = ends(events);
  expect([first, third]).toEqual(['done', 'done']);
  expect(textOf(folder, 'out/good-one.md')).toContain('A fine text.');
  const names = listing(join(folder, 'out'));
  expect(names.includes('bad.md')).toBe(fate === 'done');
  return { fate, code };
}

describe('an endpoint that', () => {
  test('refuses the key fails the item at once', async () => {
    const { baseUrl, times } = await endpoint(refuse(401, 'wrong key'));
    const { fate, code } = await fateOf(batch(baseUrl, { retries: 3 }));
    expect(code).toBe(1);
    expect(fate).toMatch(/refused the key \(HTTP 401\)/);
    expect(times).toHaveLength(1);
  });

  test('fails is asked again as often as `retries` says', async () => {
    const broken = refuse(500, 'out of memory');
    const { baseUrl, times } = await endpoint(broken, broken, broken, broken);
    const { fate, code } = await fateOf(batch(baseUrl, { retries: 2 }));
    expect(code).toBe(1);
    expect(fate).toMatch(/failed \(HTTP 500\).*out of memory/);
    expect(times).toHaveLength(3);
  });

  test('takes no more requests is asked again when its Retry-After is over', async () => {
    const { baseUrl, times } = await endpoint(refuse(429, 'slow down', { 'retry-after': '2' }));
    const { fate, code } = await fateOf(batch(baseUrl, { retries: 1 }));
    expect({ fate, code }).toEqual({ fate: 'done', code: 0 });
    const [first = 0, second = 0] = times;
    expect(second - first).toBeGreaterThanOrEqual(1900);
    expect(second - first).toBeLessThan(15_000);
  });

  test('breaks off in the middle is asked again, and no half text is kept', async () => {
    const { baseUrl, times } = await endpoint(breakOff);
    expect(await fateOf(batch(baseUrl, { retries: 1 }))).toEqual({ fate: 'done', code: 0 });
    expect(times).toHaveLength(2);

    const other = await endpoint(breakOff);
    const { fate, code } = await fateOf(batch(other.baseUrl));
    expect(code).toBe(1);
    expect(fate).toMatch(/ended the answer in the middle, after \d+ words/);
  });

  test('says nothing for `timeout` seconds fails the item', async () => {
    const { baseUrl } = await endpoint(saysNothing);
    const { fate, code } = await fateOf(batch(baseUrl, {}, { timeout: 1 }));
    expect(code).toBe(1);
    expect(fate).toMatch(/said nothing for 1 s/);
  });

  test('is not there fails the items, with what to do', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo;
    gone.close();
    const definition = batch(`http://127.0.0.1:${port}/v1`, { retries: 1 });
    const { code, events } = await runJson(workspaceWith(definition));
    expect(code).toBe(1);
    const message = new RegExp(`^127\\.0\\.0\\.1:${port} refused the connection.*correct baseUrl`);
    expect(ends(events)).toEqual(Array(3).fill(expect.stringMatching(message)));
    expect(ofType(events, 'retry')).toHaveLength(3);
  });
});
