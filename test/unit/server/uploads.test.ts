import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { Runs } from '../../../src/runner/runs.ts';
import { newApp } from '../../../src/server/app.ts';
import { Refusals } from '../../../src/server/refusals.ts';
import { Uploads } from '../../../src/server/uploads.ts';
import { eventually } from '../../support/eventually.ts';
import { wav } from '../../support/panel-sound.ts';
import { makeWorkspace } from '../../support/sluice.ts';

const LARGEST = 10_000;
const FORM = 'multipart/form-data; boundary=B';
const WAV = Buffer.from(wav(0.01)).toString('latin1');
const END = '--B--\r\n';

const part = (head: string, content: string): string =>
  `--B\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`;
const audio = (content = WAV, filename = 'a.wav'): string =>
  part(`name="audio"; filename="${filename}"`, content);

/** A server that takes recordings and does nothing with them. */
async function taking() {
  const folder = makeWorkspace({});
  const at = join(folder, '.sluice/uploads');
  const runs = new Runs(() => Promise.reject(new Error('nobody asks for runs')));
  const uploads = new Uploads(folder, runs, LARGEST);
  const app = newApp(undefined, new Refusals(() => {}));
  app.post('/', async (request) => ({ path: (await uploads.receive(request)).path }));
  await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    uploads.dispose();
    await app.close();
  });
  const { port } = app.server.address() as AddressInfo;
  const open = (body: string, type: string, length = body.length) => {
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`,
    );
    socket.write(body, 'latin1');
    return socket;
  };
  return {
    /** What is kept of recordings. */
    kept: () => (existsSync(at) ? readdirSync(at) : []),
    folder: at,
    /** Sends a body as it is; the status and the answer. */
    async send(body: string, type = FORM) {
      const answer = await text(open(body, type));
      return { status: Number(answer.split(' ')[1]), answer };
    },
    /** Sends the beginning of a body, and then nothing. */
    begin: (body: string) => open(body, FORM, body.length + LARGEST),
    /** The same, and goes away. */
    async leave(body: string) {
      const socket = open(body, FORM, body.length + LARGEST);
      await eventually(() => existsSync(at)).toBe(true);
      socket.destroy();
      await once(socket, 'close');
    },
  };
}

test('forms that are cut, or none, are refused as what they are, and nothing of them stays', async () => {
  const { send, kept } = await taking();
  const bodies: [body: string, type?: string][] = [
    [audio()],
    [audio().slice(0, -20)],
    [part('name="language"', 'en')],
    [audio() + END, 'multipart/form-data'],
    [audio() + END, 'multipart/form-data; boundary=C'],
    [part('name="__proto__"', 'x') + audio() + END],
    [part('name="constructor"', 'x') + audio() + END],
    [
      `--B\r\n${Array.from({ length: 9000 }, (_, index) => `X-${index}: y`).join('\r\n')}\r\n\r\n${END}`,
    ],
  ];
  for (const [body, type] of bodies) {
    expect(await send(body, type)).toMatchObject({ status: 400 });
  }
  const floods = [
    Array.from({ length: 3000 }, () => '--B\r\n\r\n\r\n').join('') + END,
    Array.from({ length: 21 }, (_, index) => part(`name="f${index}"`, 'x')).join('') +
      audio() +
      END,
    audio() + audio() + END,
  ];
  for (const body of floods) expect(await send(body)).toMatchObject({ status: 413 });
  expect(kept()).toEqual([]);
});

test('whatever a recording is called, its file has a plain name', async () => {
  const { send, kept } = await taking();
  const heads = [
    'name="audio"\r\nContent-Type: application/octet-stream',
    ...[
      '',
      '../../..',
      'a\0b.wav',
      '{input}*?[a].wav',
      'CON.wav',
      '-rf',
      `${'x'.repeat(5000)}.wav`,
    ].map((name) => `name="audio"; filename="${name}"`),
  ];
  for (const head of heads) {
    const { status, answer } = await send(part(head, WAV) + END);
    expect(status).toBe(200);
    expect(answer).toMatch(/"\.sluice\/uploads\/[0-9a-f]{16}\/[a-z-]{1,60}\.wav"/);
  }
  expect(kept()).toHaveLength(heads.length);
});

test('clients that go away in the middle leave nothing, and take no place from others', async () => {
  const { send, leave, kept } = await taking();
  const whole = part('name="language"', 'en') + audio();
  for (const share of [0, 0.2, 0.4, 0.6, 0.8, 0.95, 1]) {
    await leave(whole.slice(0, whole.length * share));
    await leave(whole.slice(0, whole.length * share));
  }
  await eventually(kept).toEqual([]);
  expect(await send(whole + END)).toMatchObject({ status: 200 });
});

test('more than eight at once are asked to come again', async () => {
  const { begin, send, kept } = await taking();
  const sockets = Array.from({ length: 8 }, () => begin(audio().slice(0, 200)));
  await eventually(kept).toHaveLength(8);
  expect(await send(audio() + END)).toMatchObject({ status: 429 });
  for (const socket of sockets) socket.destroy();
  await eventually(() => send(audio() + END)).toMatchObject({ status: 200 });
  await eventually(kept).toHaveLength(1);
});

test('recordings that are worked on fill no disk: others wait', async () => {
  const { send, kept, folder } = await taking();
  mkdirSync(join(folder, 'other'), { recursive: true });
  writeFileSync(join(folder, 'other/long.wav'), Buffer.alloc(8 * LARGEST + 1));
  expect(await send(audio() + END)).toMatchObject({ status: 429 });
  expect(kept()).toEqual(['other']);
  rmSync(join(folder, 'other'), { recursive: true });
  expect(await send(audio() + END)).toMatchObject({ status: 200 });
});
