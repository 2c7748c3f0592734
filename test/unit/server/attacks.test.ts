import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { type ServedFolder, serveFolder } from '../../support/serve.ts';

const MAKE = `inputs: [a]
steps:
  - run: [sh, -c, 'echo "<script>alert(1)</script>"']
output: out/page.html
`;

/** Sends a request as it is, byte by byte; answers all that comes until the server closes. */
async function raw(server: ServedFolder, text: string): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  socket.setEncoding('latin1');
  let answer = '';
  socket.on('data', (part: string) => {
    answer += part;
  });
  socket.write(text);
  await closing(socket);
  return answer;
}

/** What the other side does to a connection is no error here. */
function closing(socket: Socket): Promise<void> {
  socket.on('error', () => {});
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

function get(path: string, headers = ''): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n`;
}

/** The server is there, and has said no secret. */
async function isSound(server: ServedFolder): Promise<void> {
  expect((await server.ask('/runs')).status).toBe(200);
  const [said = ''] = server.output().split('Ctrl-C stops').slice(1);
  if (server.token !== '') expect(said).not.toContain(server.token);
}

test('without a token nothing is told and nothing is done', async () => {
  const server = await serveFolder({ 'secret.batch.yaml': MAKE });
  const paths = [
    '/runs',
    '/runs/x',
    '/runs/x/events',
    '/runs/x/results/a',
    '/batches',
    '/openapi.json',
    '/panel/events',
    '/nothing',
  ];
  for (const authorization of [
    undefined,
    'Bearer wrong',
    `Bearer ${server.token}0`,
    `Basic ${server.token}`,
  ]) {
    const headers = authorization === undefined ? {} : { authorization };
    for (const path of paths) {
      const answer = await fetch(`${server.origin}${path}`, { headers });
      expect([path, answer.status]).toEqual([path, 401]);
      expect(await answer.text()).not.toContain('secret');
    }
    const body = JSON.stringify({ batch: 'secret.batch.yaml' });
    const started = await fetch(`${server.origin}/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    expect(started.status).toBe(401);
  }
  expect(await (await server.ask('/runs')).json()).toEqual([]);
  expect(server.output()).toContain('GET /runs refused: 401');
  await isSound(server);
});

test('every operation that there is asks for the token, before it reads what it is sent', async () => {
  const server = await serveFolder({});
  const { paths } = (await (await server.ask('/openapi.json')).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  expect(Object.keys(paths)).toContain('/audio/tasks/{id}/stream');
  for (const [path, operations] of Object.entries(paths)) {
    for (const method of Object.keys(operations)) {
      const body = new FormData();
      body.set('audio', new Blob(['RIFF1234WAVE']), 'a.wav');
      const { status } = await fetch(server.origin + path.replaceAll(/\{\w+\}/g, '1'), {
        method: method.toUpperCase(),
        ...(method === 'get' ? {} : { body }),
      });
      expect([method, path, status]).toEqual([method, path, 401]);
    }
  }
  expect(existsSync(join(server.folder, '.sluice/uploads'))).toBe(false);
});

test('a link opens the page once, a session is not seen by scripts, and a wrong token opens nothing', async () => {
  const server = await serveFolder({});
  const first = await fetch(server.link);
  expect(first.status).toBe(200);
  const cookie = first.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^sluice-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  expect(cookie).not.toContain(server.token);
  const session = { cookie: cookie.split(';')[0] ?? '' };
  const page = await fetch(`${server.origin}/`, { headers: session });
  expect(await page.text()).toContain('<sluice-panel>');
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect((await fetch(`${server.origin}/runs`, { headers: session })).status).toBe(200);

  const second = await fetch(server.link);
  expect([second.status, second.headers.get('set-cookie')]).toEqual([401, null]);
  const signIn = (token: string): Promise<Response> =>
    fetch(`${server.origin}/session`, { method: 'POST', body: new URLSearchParams({ token }) });
  expect((await signIn('wrong')).status).toBe(401);
  expect((await signIn(server.token)).headers.get('set-cookie')).toContain('HttpOnly');
  await isSound(server);
});

test('a page of another site gets nothing, by whatever name and method it asks', async () => {
  const server = await serveFolder({ 'make.batch.yaml': MAKE }, ['--no-auth']);
  const foreign = ['Host: evil.example', 'Host: 127.0.0.1.evil.example:80'];
  for (const host of foreign) {
    const answer = await raw(server, `GET /runs HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 421 /);
  }
  for (const header of [
    'Origin: http://evil.example',
    'Origin: null',
    'Sec-Fetch-Site: cross-site',
    'Sec-Fetch-Site: same-site',
  ]) {
    const answer = await raw(server, get('/runs', `${header}\r\n`));
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer.toLowerCase()).not.toContain('access-control');
  }
  // A form needs no permission of the server to be sent: it is refused by where it comes from, and by its kind.
  const form = await server.ask('/runs', {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: '{"batch":"make.batch.yaml"}',
  });
  expect(form.status).toBe(415);
  const preflight = await server.ask('/runs', {
    method: 'OPTIONS',
    headers: { origin: 'http://evil.example' },
  });
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([
    403,
    null,
  ]);
  expect(await (await server.ask('/runs')).json()).toEqual([]);
  await isSound(server);
});

test('an origin that was let in may ask, with the token', async () => {
  const server = await serveFolder({}, ['--allow-origin', 'http://localhost:3000']);
  const origin = { origin: 'http://localhost:3000' };
  const preflight = await fetch(`${server.origin}/batch`, { method: 'OPTIONS', headers: origin });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
  expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  expect((await fetch(`${server.origin}/runs`, { headers: origin })).status).toBe(401);
  const known = await server.ask('/runs', { headers: origin });
  expect([known.status, known.headers.get('access-control-allow-origin')]).toEqual([
    200,
    'http://localhost:3000',
  ]);
});

test('without a token no program is run, and no path, address or place is taken from a request', async () => {
  const server = await serveFolder(
    {
      'make.batch.yaml': MAKE,
      'say.batch.yaml':
        'inputs: [Hello.]\nsteps:\n  - uses: speak\n    with: { engine: command, command: [touch, made] }\n',
    },
    ['--no-auth'],
  );
  const bodies: [unknown, number][] = [
    [{ batch: 'make.batch.yaml' }, 403],
    [{ batch: 'say.batch.yaml' }, 403],
    [{ batch: { inputs: ['a'], steps: [{ run: ['touch', 'made'] }] } }, 403],
    [{ batch: { inputs: { lines: '/etc/passwd' }, steps: [{ uses: 'speak' }] } }, 403],
    [{ batch: '../../etc/passwd' }, 403],
    [{ batch: '/etc/passwd' }, 403],
    [{ prompts: ['a'], speak: { voice: '../../etc' } }, 400],
    [{ prompts: ['a'], speak: { voice: '{input}' } }, 400],
    [{ prompts: ['a'], name: '{input}' }, 400],
    [{ prompts: [] }, 400],
  ];
  for (const [body, status] of bodies) {
    const answer = await server.send('/runs', body);
    expect([body, answer.status]).toEqual([body, status]);
  }
  // What the prompts' form does not know is not handed on to a step.
  const { promptsBatch, promptsSchema } = await import('../../../src/server/prompts.ts');
  const { batch } = promptsBatch(
    promptsSchema.parse({
      prompts: ['a'],
      write: false,
      speak: { command: ['touch', 'made'], baseUrl: 'http://evil.example' },
    }),
  );
  expect(batch['steps']).toEqual([{ uses: 'speak', with: {} }]);
  expect(await (await server.ask('/runs')).json()).toEqual([]);
  await expect(readFile(join(server.folder, 'made'))).rejects.toThrow();
  await isSound(server);
});

test('of a run nothing is read but what it has declared, and no link is followed', async () => {
  const server = await serveFolder({ 'make.batch.yaml': MAKE, 'private.txt': 'private' });
  const id = await server.run('make.batch.yaml');
  await eventually(async () => (await server.state(id)).state).toBe('done');
  const result = `/runs/${id}/results/out/page.html`;
  const page = await server.ask(result);
  expect(page.headers.get('content-type')).toBe('application/octet-stream');
  expect(page.headers.get('content-disposition')).toContain('attachment');
  expect(page.headers.get('content-security-policy')).toContain('sandbox');

  const { token } = server;
  const auth = `Authorization: Bearer ${token}\r\n`;
  for (const path of [
    'private.txt',
    'out/../private.txt',
    '../../../../etc/passwd',
    '..%2f..%2f..%2fetc%2fpasswd',
    '%2e%2e/%2e%2e/etc/passwd',
    '/etc/passwd',
    '..%5c..%5cprivate.txt',
    'out/page.html%00.txt',
    `.sluice/runs/${id}/events.jsonl`,
    '.sluice/history.db',
  ]) {
    const answer = await raw(server, get(`/runs/${id}/results/${path}`, auth));
    expect([path, answer.slice(9, 12)]).toEqual([path, expect.stringMatching(/40[034]/)]);
    expect(answer).not.toMatch(/root:|private$/);
  }
  for (const id of ['..', '..%2f..', '.', 'x/../../y', '%00']) {
    const answer = await raw(server, get(`/runs/${id}/log`, auth));
    expect([id, answer.slice(9, 12)]).toEqual([id, expect.stringMatching(/40[04]/)]);
  }

  // A result in whose place somebody has put a link, or a folder on the way to it.
  await rm(join(server.folder, 'out/page.html'));
  symlinkSync('/etc/passwd', join(server.folder, 'out/page.html'));
  expect((await server.ask(result)).status).toBe(403);
  await rm(join(server.folder, 'out'), { recursive: true });
  await mkdir(join(server.folder, 'other'));
  writeFileSync(join(server.folder, 'other/page.html'), 'other');
  symlinkSync('other', join(server.folder, 'out'));
  expect((await server.ask(result)).status).toBe(403);
  await isSound(server);
});

test('a state that somebody has forged leads out of no workspace', async () => {
  const server = await serveFolder({ 'make.batch.yaml': MAKE });
  const id = await server.run('make.batch.yaml');
  await eventually(async () => (await server.state(id)).state).toBe('done');
  const state = await server.state(id);
  const forged = `20200101000000000-abcdef`;
  const folder = join(server.folder, '.sluice/runs', forged);
  await mkdir(folder, { recursive: true });
  const [item] = state.items;
  const results = ['../../../../../../etc/passwd', '/etc/passwd'].map((path) => ({
    path,
    mime: 'text/plain',
    bytes: 1,
  }));
  await writeFile(
    join(folder, 'state.json'),
    JSON.stringify({ ...state, run: { ...state.run, id: forged }, items: [{ ...item, results }] }),
  );
  for (const index of [0, 1]) {
    const answer = await server.ask(`/runs/${forged}/items/1/results/${index}`);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await answer.text()).not.toContain('root:');
  }
  await isSound(server);
});

test('a body of a gigabyte is not read, and costs no memory', async () => {
  const server = await serveFolder({});
  const memory = (): number =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]);
  const auth = `Authorization: Bearer ${server.token}\r\n`;
  const head = `POST /runs HTTP/1.1\r\nHost: localhost\r\n${auth}Content-Type: application/json\r\n`;
  const before = memory();
  // One that says how long it is, and one that does not.
  expect(await flood(server, `${head}Content-Length: ${2 ** 30}\r\n\r\n`, false)).toMatch(
    /^HTTP\/1\.1 413 |^$/,
  );
  expect(await flood(server, `${head}Transfer-Encoding: chunked\r\n\r\n`, true)).toMatch(
    /^HTTP\/1\.1 413 |^$/,
  );
  expect(memory() - before).toBeLessThan(100 * 1024);
  expect(server.output()).toContain('POST /runs refused: 413');
  await isSound(server);
});

/** Sends zeros until the server has had enough; answers what it said. */
async function flood(server: ServedFolder, head: string, chunked: boolean): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  socket.setEncoding('latin1');
  let answer = '';
  socket.on('data', (part: string) => {
    answer += part;
  });
  const closed = closing(socket);
  socket.write(head);
  const block = Buffer.alloc(1 << 20, '0');
  let sent = 0;
  const more = (): void => {
    while (sent < 2 ** 30 && !socket.destroyed && socket.writable) {
      sent += block.length;
      if (chunked) socket.write('100000\r\n');
      const room = socket.write(block);
      if (chunked) socket.write('\r\n');
      if (!room) return;
    }
  };
  socket.on('drain', more);
  more();
  await closed;
  expect(sent).toBeLessThan(2 ** 29);
  return answer;
}

test('a client that dawdles is sent away, and others are served meanwhile', async () => {
  const server = await serveFolder({});
  const slow = Array.from({ length: 20 }, async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET /runs HTTP/1.1\r\nHost: localhost\r\n');
    const dripping = setInterval(() => socket.write('X-A: b\r\n'), 500);
    await closing(socket);
    clearInterval(dripping);
  });
  await isSound(server);
  await Promise.all(slow);
  await eventually(() => server.output()).toContain('refused: too slow');
  await isSound(server);
}, 60_000);

test('what is malformed is refused', async () => {
  const server = await serveFolder({});
  for (const body of [
    '{',
    'null',
    '[]',
    '"a"',
    '{"batch":1}',
    '{"batch":{}}',
    '{"__proto__":{"a":1},"batch":"a"}',
    '\0',
    '{"prompts":[1]}',
    '',
  ]) {
    const answer = await server.ask('/runs', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect([body, answer.status]).toEqual([
      body,
      expect.toSatisfy((status: number) => status >= 400 && status < 500),
    ]);
    expect(((await answer.json()) as { error: string }).error).toBeTypeOf('string');
  }
  for (const text of [
    '\0\0\0\r\n\r\n',
    'GET\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    `GET /${'a'.repeat(40_000)} HTTP/1.1\r\n\r\n`,
    get('/runs', `X: ${'y'.repeat(40_000)}\r\n`),
    'POST /runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ]) {
    expect((await raw(server, text)).slice(0, 12)).toMatch(/^(HTTP\/1\.1 4\d\d)?$/);
  }
  for (const path of [
    '/runs?after[]=1',
    '/runs/x/events?after=-1',
    '/runs/x/events?after=1e99',
    '/%',
    '/runs/%ff',
  ]) {
    const answer = await raw(server, get(path, `Authorization: Bearer ${server.token}\r\n`));
    expect([path, answer.slice(0, 10)]).toEqual([path, expect.stringMatching(/^HTTP\/1\.1 [24]/)]);
  }
  await isSound(server);
});

test('the log has no line of a client’s own, and no secret of an address', async () => {
  const server = await serveFolder({});
  await raw(server, get('/a%0d%0aforged%1b[31m?link=SECRET&ticket=SECRET'));
  await raw(server, get('/x\x1b[2Jy'));
  await server.send('/runs', { batch: 'a\nforged \x1b[31m' });
  await eventually(() => server.output()).toContain('refused: 404 There is no file a forged');
  await eventually(() => server.output()).toContain('refused: 401');
  expect(server.output()).not.toContain('SECRET');
  expect(server.output()).not.toContain('\x1b');
  expect(server.output()).not.toMatch(/^forged/m);
  // Who asks in a loop fills no disk.
  await Promise.all(Array.from({ length: 200 }, () => fetch(`${server.origin}/runs`)));
  expect(server.output().split('\n').length).toBeLessThan(140);
  await isSound(server);
});
