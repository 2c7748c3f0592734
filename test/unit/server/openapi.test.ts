import { expect, test } from 'vitest';
import { z } from 'zod';
import { eventually } from '../../support/eventually.ts';
import { wav } from '../../support/panel-sound.ts';
import { readEvents, type ServedFolder, serveFolder } from '../../support/serve.ts';

interface Media {
  readonly schema?: Record<string, unknown>;
}
interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
  }[];
  readonly requestBody?: { readonly content: Record<string, Media> };
  readonly responses: Record<
    string,
    { readonly $ref?: string; readonly content?: Record<string, Media> }
  >;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Described>>;
  readonly components: {
    readonly responses: Record<string, { readonly content: Record<string, Media> }>;
  };
}

const MAKE = 'inputs: [a, b]\nsteps:\n  - run: [echo, "{input}"]\noutput: out/{slug}.txt\n';
const WAIT =
  'inputs: [a, b]\nsteps:\n  - run: [sh, -c, "while [ ! -e go ]; do sleep 0.05; done"]\n';
const NOBODY = 'http://127.0.0.1:9';

function formOf(audio: string | Uint8Array<ArrayBuffer>): FormData {
  const form = new FormData();
  form.set('audio', new Blob([audio]), 'a.wav');
  return form;
}

/** For each operation a request that it does, with what it names filled in. */
function examples(
  server: ServedFolder,
  made: string,
  waiting: string,
): Record<string, () => Promise<Response>> {
  const { ask, send } = server;
  return {
    'GET /runs': () => ask('/runs'),
    'POST /runs': () => send('/runs', { batch: 'make.batch.yaml' }),
    'GET /runs/{id}': () => ask(`/runs/${made}`),
    'GET /runs/{id}/events': () => ask(`/runs/${made}/events`),
    'GET /runs/{id}/results/{path}': () => ask(`/runs/${made}/results/out/a.txt`),
    'GET /runs/{id}/items/{item}/results/{result}': () =>
      ask(`/runs/${made}/items/1/results/0`, { redirect: 'manual' }),
    'GET /runs/{id}/items/{item}/input': () => ask(`/runs/${made}/items/1/input`),
    'GET /runs/{id}/items/{item}/sound': () => ask(`/runs/${made}/items/1/sound`),
    'GET /runs/{id}/log': () => ask(`/runs/${made}/log`),
    'POST /runs/{id}/pause': () => send(`/runs/${waiting}/pause`, {}),
    'POST /runs/{id}/resume': () => send(`/runs/${waiting}/resume`, {}),
    'POST /runs/{id}/move': () => send(`/runs/${waiting}/move`, { item: 2, to: 'up' }),
    'POST /runs/{id}/cancel': () => send(`/runs/${waiting}/cancel`, { item: 2 }),
    'POST /runs/{id}/retry': () => send(`/runs/${waiting}/retry`, { item: 2 }),
    'POST /runs/{id}/concurrency': () => send(`/runs/${waiting}/concurrency`, { concurrency: 2 }),
    'POST /runs/{id}/finish': () => send(`/runs/${waiting}/finish`, {}),
    'GET /runs/{id}/items/{item}/parts/{chunk}': () => ask(`/runs/${made}/items/1/parts/0`),
    'POST /stream_scheduling': () =>
      send('/stream_scheduling', {
        tasks: [{ id: 1, length: 1 }],
        parameters: { n_iterations: 1 },
      }),
    'POST /api/stream_scheduling': () =>
      send('/api/stream_scheduling', {
        tasks: [{ id: 1, length: 1 }],
        parameters: { n_iterations: 1 },
      }),
    'POST /runs/{id}/again': () => send(`/runs/${made}/again`, { force: true }),
    'GET /batches': () => ask('/batches'),
    'POST /batch': () => send('/batch', { prompts: ['a'] }),
    'POST /api/class-content-stream': () => send('/api/class-content-stream', { topic: 'a' }),
    'POST /audio/process-stream-realtime': () =>
      ask('/audio/process-stream-realtime', { method: 'POST', body: formOf('no recording') }),
    'POST /audio/process-stream': () =>
      ask('/audio/process-stream', { method: 'POST', body: new FormData() }),
    'POST /audio/tasks': () => ask('/audio/tasks', { method: 'POST', body: formOf(wav(1)) }),
    'GET /audio/tasks/{id}/stream': () => ask(`/audio/tasks/${made}/stream`),
    'POST /api/class-audio-stream': () =>
      send('/api/class-audio-stream', { topic: 'a' }, { accept: 'application/json' }),
  };
}

test('the description is of this server: every operation answers as it says', async () => {
  const server = await serveFolder({ 'make.batch.yaml': MAKE, 'wait.batch.yaml': WAIT }, [], {
    SLUICE_TEXT_ENGINE: 'openai',
    SLUICE_TEXT_URL: NOBODY,
    SLUICE_TEXT_MODEL: 'm',
  });
  const document = (await (await server.ask('/openapi.json')).json()) as Document;
  expect(document.openapi).toBe('3.1.0');
  const made = await server.run('make.batch.yaml');
  await eventually(async () => (await server.state(made)).state).toBe('done');
  const waiting = await server.run('wait.batch.yaml');

  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
    ),
  );
  const requests = examples(server, made, waiting);
  expect(described.map(([name]) => name).toSorted()).toEqual(Object.keys(requests).toSorted());
  expect(new Set(described.map(([, { operationId }]) => operationId)).size).toBe(described.length);

  for (const [name, operation] of described) {
    const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    const parameters = operation.parameters ?? [];
    expect(
      parameters.filter((one) => one.in === 'path').map((one) => one.name),
      name,
    ).toEqual(inPath);
    expect(parameters.every((one) => one.in !== 'path' || one.required)).toBe(true);
    const answer = await requests[name]?.();
    if (answer === undefined) throw new Error(name);
    await conforms(name, answer, operation, document);
  }
}, 180_000);

/** An answer has a status that is described, and a body of the schema that is described for it. */
async function conforms(
  name: string,
  answer: Response,
  operation: Described,
  document: Document,
): Promise<void> {
  const described = operation.responses[String(answer.status)];
  expect(described, `${name} ${answer.status}`).toBeDefined();
  const reference = described?.$ref?.split('/').at(-1);
  const content = (reference === undefined ? described : document.components.responses[reference])
    ?.content;
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  if (content === undefined) {
    expect(await answer.text(), name).toBe('');
    return;
  }
  const media = content[type] ?? content['*/*'];
  expect(media, `${name} ${type}`).toBeDefined();
  if (type === 'application/json') {
    const { $ref, ...schema } = media?.schema ?? {};
    const right = z.fromJSONSchema(
      $ref === undefined ? schema : { type: 'object', required: ['error'] },
    );
    const checked = right.safeParse(await answer.json());
    expect(checked.error?.issues, name).toBeUndefined();
  } else if (type === 'text/event-stream') {
    const message = z.fromJSONSchema(media?.schema ?? {});
    for (const { event, data } of await readEvents(answer)) {
      if (event !== 'snapshot') expect(message.safeParse(data).error?.issues, name).toBeUndefined();
    }
  } else {
    await answer.arrayBuffer();
  }
}

test('a request that the description does not allow is refused', async () => {
  const server = await serveFolder({ 'make.batch.yaml': MAKE });
  const document = (await (await server.ask('/openapi.json')).json()) as Document;
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { requestBody, parameters = [] }] of Object.entries(methods)) {
      const address = path.replace('{id}', '20200101000000000-abcdef').replace(/\{\w+\}/g, '1');
      const ask = (options: RequestInit, query = ''): Promise<Response> =>
        server.ask(`${address}${query}`, { method: method.toUpperCase(), ...options });
      if (requestBody !== undefined) {
        const headers = { 'content-type': 'application/json' };
        const read = 'application/json' in requestBody.content;
        expect((await ask({ headers, body: '[1]' })).status, path).toBe(read ? 400 : 415);
        expect(
          (await ask({ headers: { 'content-type': 'image/png' }, body: 'x' })).status,
          path,
        ).toBe(415);
      }
      if (path.includes('{id}')) {
        const body =
          requestBody === undefined
            ? {}
            : {
                headers: { 'content-type': 'application/json' },
                body: '{"item":1,"to":"up","concurrency":1}',
              };
        expect((await ask(body)).status, path).toBe(404);
      }
      const number = parameters.find(({ name }) => name === 'after' || name === 'item');
      if (number?.in === 'query')
        expect((await ask({}, `?${number.name}=x`)).status, path).toBe(400);
    }
  }
});
