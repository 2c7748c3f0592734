import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { TextRequest } from '../../../src/protocol/step.ts';
import type { RunnerInfo } from '../../../src/runner/address.ts';
import { attach, type RunHandle, type Services, startRun } from '../../../src/runner/client.ts';
import { TextRefused, type TextService } from '../../../src/runner/text-service.ts';
import { makeWorkspace, ofType, sluice } from '../../support/sluice.ts';
import { fakeEndpoint } from '../text/fake-endpoint.ts';

function batch(more = '', options = ''): string {
  return `
inputs: [bees]
steps:
  - uses: write
    with: { engine: vscode, words: 5${options} }
output: out/{slug}.txt
backoff: 10ms
${more}`;
}

interface Started {
  readonly folder: string;
  readonly run: RunHandle;
  readonly info: RunnerInfo;
}

/** A run whose one window is this process; `text` writes. */
async function start(files: Record<string, string>, text?: TextService): Promise<Started> {
  const folder = makeWorkspace(files);
  const options = { batchFile: join(folder, 'b.batch.yaml'), workspace: folder };
  const run = await startRun(options, serving(text));
  onTestFinished(async () => {
    if (run.live) await run.request('cancel', {}).catch(() => {});
    run.dispose();
  });
  const path = join(folder, `.sluice/sockets/${run.id}.json`);
  return { folder, run, info: JSON.parse(readFileSync(path, 'utf8')) as RunnerInfo };
}

function serving(text: TextService | undefined): Services {
  return text === undefined ? {} : { text: () => text };
}

const over = (run: RunHandle): Promise<void> =>
  expect.poll(() => run.live, { timeout: 30_000 }).toBe(false) as Promise<void>;

/** Says some pieces, and then never ends by itself. */
function stuck(pieces: readonly string[]) {
  const asked: AbortSignal[] = [];
  const text: TextService = (_, onPiece, signal) => {
    asked.push(signal);
    for (const piece of pieces) onPiece(piece);
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  };
  return { text, asked };
}

test('a window writes: its pieces come as they are, and the model is in the record', async () => {
  const requests: TextRequest[] = [];
  const goOn = Promise.withResolvers<void>();
  const { folder, run } = await start(
    { 'b.batch.yaml': batch('', ', model: test/parrot, temperature: 0.5, language: fr') },
    async (request, onPiece) => {
      requests.push(request);
      onPiece('Bees ');
      await goOn.promise;
      onPiece('hum.');
      return { model: 'test/parrot' };
    },
  );
  await expect.poll(() => run.state.items[0]?.text, { timeout: 20_000 }).toBe('Bees ');
  goOn.resolve();
  await over(run);
  expect(run.state.items[0]).toMatchObject({ state: 'done', text: 'Bees hum.' });
  expect(readFileSync(join(folder, 'out/bees.txt'), 'utf8')).toBe('Bees hum.');
  expect(requests).toEqual([
    {
      prompt: 'bees',
      system: expect.stringContaining('about 5 words in French'),
      model: 'test/parrot',
      temperature: 0.5,
    },
  ]);
  const manifest = readFileSync(join(folder, `.sluice/runs/${run.id}/manifest.json`), 'utf8');
  expect(JSON.parse(manifest)).toMatchObject({
    results: [{ provenance: { steps: [{ engine: 'vscode', model: { name: 'test/parrot' } }] } }],
  });
});

test('what the window refuses fails the item as it is said, and is tried again only where that helps', async () => {
  const times: string[] = [];
  const { run } = await start(
    { 'b.batch.yaml': batch('retries: 3').replace('[bees]', '[no, late]') },
    async ({ prompt }, onPiece) => {
      times.push(prompt);
      if (prompt === 'no') {
        throw new TextRefused({ message: 'Not allowed', hint: 'Allow it.', retry: false });
      }
      if (times.filter((one) => one === 'late').length < 3) throw new Error('broken');
      onPiece('At last.');
      return {};
    },
  );
  await over(run);
  expect(run.state.items[0]).toMatchObject({
    state: 'failed',
    attempt: 1,
    failure: { message: 'Not allowed', hint: 'Allow it.' },
  });
  expect(run.state.items[1]).toMatchObject({ state: 'done', attempt: 3, text: 'At last.' });
});

test('a window that goes in the middle is followed by the next one; the text begins anew', async () => {
  const first = stuck(['Lost ', 'words ']);
  const yaml = batch('concurrency: 2');
  const { folder, run, info } = await start({ 'b.batch.yaml': yaml }, first.text);
  await expect.poll(() => run.state.items[0]?.text, { timeout: 20_000 }).toBe('Lost words ');
  const watching = await attach(info, folder);
  run.dispose();
  await expect.poll(() => first.asked[0]?.aborted).toBe(true);
  const second = await attach(
    info,
    folder,
    0,
    serving(async (_, onPiece) => {
      onPiece('Found.');
      return {};
    }),
  );
  await over(second);
  await over(watching);
  expect(second.state.items[0]).toMatchObject({ state: 'done', attempt: 1, text: 'Found.' });
  expect(second.state.notes).toEqual([]);
  expect(readFileSync(join(folder, 'out/bees.txt'), 'utf8')).toBe('Found.');
});

function answerOf(content: string): object {
  return { choices: [{ message: { content }, finish_reason: 'stop' }] };
}

test('without a window and a fallback the item fails and says why; the run says it once', async () => {
  const folder = makeWorkspace({ 'b.batch.yaml': batch().replace('[bees]', '[a, b]') });
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(1);
  const failures = ofType(events, 'end').map(({ failure }) => failure);
  expect(failures).toHaveLength(2);
  for (const failure of failures) {
    expect(failure).toMatchObject({
      message: 'No window of VS Code is attached',
      hint: expect.stringContaining('fallback'),
    });
  }
  expect(ofType(events, 'note').map(({ message }) => message)).toEqual([
    expect.stringMatching(/^No window is attached: /),
  ]);
  expect(existsSync(join(folder, 'out'))).toBe(false);
});

test('without a window the fallback writes, and the log says so', async () => {
  const endpoint = await fakeEndpoint();
  onTestFinished(() => endpoint.close());
  const options = ', model: a/b, fallback: openai';
  const folder = makeWorkspace({ 'b.batch.yaml': batch('', options) });
  endpoint.answer = (response, { path }) => {
    const body = path.endsWith('/models') ? { data: [{ id: 'only' }] } : answerOf('Bees hum.');
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const env = { OPENAI_BASE_URL: endpoint.baseUrl };
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json'], env);
  expect(code).toBe(0);
  expect(readFileSync(join(folder, 'out/bees.txt'), 'utf8')).toBe('Bees hum.');
  expect(endpoint.asked.at(-1)?.body['model']).toBe('only');
  // That there is no window, and that the endpoint does not stream.
  expect(ofType(events, 'note')).toHaveLength(2);
  expect(ofType(events, 'log').flatMap(({ lines }) => lines)).toContain(
    'writing with openai, since VS Code cannot: No window of VS Code is attached',
  );
});

test('cancelling the item, and the end of its step, withdraw the question', async () => {
  const cancelled = stuck(['On ']);
  const one = await start({ 'b.batch.yaml': batch() }, cancelled.text);
  await expect.poll(() => cancelled.asked.length, { timeout: 20_000 }).toBe(1);
  await one.run.request('cancel', { items: [1] });
  await expect.poll(() => cancelled.asked[0]?.aborted).toBe(true);
  await over(one.run);
  expect(one.run.state.items[0]?.state).toBe('cancelled');

  const gone = stuck(['On ']);
  const two = await start({ 'b.batch.yaml': batch() }, gone.text);
  await expect.poll(() => gone.asked.length, { timeout: 20_000 }).toBe(1);
  await expect.poll(() => stepPid(two.folder, two.run)).toBeGreaterThan(0);
  process.kill(stepPid(two.folder, two.run), 'SIGKILL');
  await expect.poll(() => gone.asked[0]?.aborted).toBe(true);
  await over(two.run);
  expect(two.run.state.items[0]?.state).toBe('failed');
});

function stepPid(folder: string, run: RunHandle): number {
  const log = readFileSync(join(folder, `.sluice/runs/${run.id}/events.jsonl`), 'utf8');
  return Number(/"type":"step".*?"pid":(\d+)/.exec(log)?.[1] ?? 0);
}

test('a window that says nothing for too long fails the item', async () => {
  const silent = stuck([]);
  const { run } = await start({ 'b.batch.yaml': batch('', ', timeout: 0.5') }, silent.text);
  await over(run);
  expect(run.state.items[0]?.failure?.message).toBe('VS Code said nothing for 0.5 s');
  expect(silent.asked[0]?.aborted).toBe(true);
});

test('any warm program may ask', async () => {
  const step = `
    import { createInterface } from 'node:readline';
    const say = (message) => console.log(JSON.stringify(message));
    let text = '';
    for await (const line of createInterface({ input: process.stdin })) {
      const message = JSON.parse(line);
      if (message.type === 'hello') say({ type: 'ready' });
      if (message.type === 'item') {
        say({ type: 'ask', id: message.id, ask: 7, text: { prompt: 'About ' + message.text } });
      }
      if (message.type === 'answer') text += message.text;
      if (message.type === 'answered') say({ type: 'done', id: '1', text: text + ' (' + message.model + ')' });
    }`;
  const yaml = `
inputs: [bees]
steps: [{ run: [${process.execPath}, step.mjs], warm: true }]
output: out/{slug}.txt
`;
  const { folder, run } = await start(
    { 'b.batch.yaml': yaml, 'step.mjs': step },
    async ({ prompt }, onPiece) => {
      onPiece(prompt);
      onPiece(': hum');
      return { model: 'm' };
    },
  );
  await over(run);
  expect(readFileSync(join(folder, 'out/bees.txt'), 'utf8')).toBe('About bees: hum (m)');
});
