import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { Storage } from '../../../src/cluster/storage.ts';
import { takeStorage } from '../../../src/cluster/storage-address.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { cuttingProxy } from '../../support/cutting-proxy.ts';
import { needsPackages } from '../../support/debian.ts';
import { eventually } from '../../support/eventually.ts';
import { filesWith } from '../../support/files-with.ts';
import { startRedis } from '../../support/redis.ts';
import { makeWorkspace, ofType, sluice, startSluice } from '../../support/sluice.ts';
import { SECRET, StorageServer } from '../../support/storage-server.ts';
import { makeKey, startWorker } from '../../support/worker.ts';

needsPackages('redis-server', 'redis-tools', 'python3-swift');

interface Note {
  readonly address: string;
  readonly endpoint: string;
  readonly size: number;
  readonly sha256: string;
}

const noteAt = (folder: string, name: string): Note =>
  JSON.parse(readFileSync(join(folder, `${name}.s3.json`), 'utf8')) as Note;

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

const asker = { signal: new AbortController().signal, onTrouble: () => {} };

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

/** Larger than a part. */
const BIG = Buffer.from('y\n'.repeat(20 << 20));

const ECHO = `
inputs: [a]
steps:
  - run: [echo, "{input}"]
    output: out/{input.stem}.txt
`;

/** A large file, a folder with a name that needs care, a file of nothing, a text that comes of another step's file. */
const BATCH = `
inputs: [one, two]
steps:
  - name: big
    run: yes | head -c ${BIG.length} > "$SLUICE_OUTPUT"
    shell: true
    output: out/{input.stem}.big
  - name: parts
    run: cd "$SLUICE_OUTDIR"; printf 1 > 'a+b é%.txt'; mkdir deep; printf 2 > deep/2
    shell: true
    output: out/{input.stem}/
  - name: none
    run: env; true > "$SLUICE_OUTPUT"
    shell: true
    output: out/{input.stem}.none
  - name: count
    from: big
    run: wc -c < "$SLUICE_INPUT"
    shell: true
    output: out/{input.stem}.count
`;

test('results are left in storage, byte for byte, and notes in the workspace say where', async () => {
  const [redis, storage, key] = [await startRedis(), await StorageServer.start(), makeKey()];
  const folder = makeWorkspace({ 'b.batch.yaml': BATCH });
  const watcher = new Redis(redis.port, '127.0.0.1');
  const monitor = await watcher.monitor();
  onTestFinished(() => {
    monitor.disconnect();
    watcher.disconnect();
  });
  let commands = '';
  monitor.on('monitor', (_, args: string[]) => {
    commands += `${args.join(' ')}\n`;
  });
  const worker = await startWorker(
    redis.url,
    ['--trust', key, '--allow-run', '--results', `s3://${storage.bucket}/team/a b`],
    storage.env,
  );
  const args = ['run', 'b.batch.yaml', '--json', '--queue', redis.url, '--trust', key];
  const { code, events, out, err } = await sluice(folder, args);
  expect([code, err]).toEqual([0, '']);

  expect(filesIn(join(folder, 'out'))).toEqual(
    ['one', 'two']
      .flatMap((name) =>
        ['.big', '.none', '.count', '/a+b é%.txt', '/deep/2'].map((end) => name + end),
      )
      .map((name) => `${name}.s3.json`)
      .sort(),
  );
  const contents: [string, Buffer][] = [
    ['out/one.big', BIG],
    ['out/one.none', Buffer.alloc(0)],
    ['out/one.count', Buffer.from(`${BIG.length}\n`)],
    ['out/one/a+b é%.txt', Buffer.from('1')],
    ['out/two/deep/2', Buffer.from('2')],
  ];
  for (const [name, content] of contents) {
    const { address, endpoint, size, sha256: hash } = noteAt(folder, name);
    expect([endpoint, size, hash]).toEqual([storage.url, content.length, sha256(content)]);
    expect((await storage.get(address)).equals(content)).toBe(true);
  }
  const run = events.find((event) => event.type === 'run')?.run.id ?? '';
  const keys = await storage.keys();
  expect(keys).toHaveLength(10);
  for (const name of keys)
    expect(name).toMatch(new RegExp(`^team/a b/${run}/[12]/[\\w-]{16}/[0-3]/`));
  const paths = ofType(events, 'result').map(({ result }) => result.path);
  expect(paths).toContain('out/one.big.s3.json');
  expect(out).toContain(`one.big is left at ${noteAt(folder, 'out/one.big').address}`);

  // They are known as made, and are not made again.
  const again = await sluice(folder, args);
  expect(ofType(again.events, 'end').map(({ state }) => state)).toEqual(['skipped', 'skipped']);
  expect(await storage.keys()).toHaveLength(10);

  // Nothing of them went through Redis, and the secret is nowhere: no step has it in its environment.
  expect(commands).toContain('one.big');
  expect(out).toContain('SLUICE_OUTPUT=');
  expect(commands.length).toBeLessThan(1_000_000);
  for (const text of [commands, worker.said, out, again.out]) expect(text).not.toContain(SECRET);
  expect(filesWith(SECRET, folder)).toEqual([]);
});

test('a run that knows the storage gets its results from there, as it gets them from a worker', async () => {
  const [redis, storage, key] = [await startRedis(), await StorageServer.start(), makeKey()];
  const results = `s3://${storage.bucket}/team`;
  const batch = `${BATCH}  - run: cp /bin/true "$SLUICE_OUTPUT"\n    shell: true\n    output: out/{input.stem}.sh\n`;
  const flags = ['--trust', key, '--allow-run', '--results', results];
  const worker = await startWorker(redis.url, flags, storage.env);
  const run = ['run', 'b.batch.yaml', '--json'];
  const queue = ['--queue', redis.url, '--trust', key, '--results', results];
  const [here, there] = [{ 'b.batch.yaml': batch }, { 'b.batch.yaml': batch }].map(makeWorkspace);
  if (here === undefined || there === undefined) throw new Error('No folders.');
  const proxy = await cuttingProxy(storage.port);
  const env = { ...storage.env, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${proxy.port}` };
  const local = await sluice(here, run);
  const remote = await sluice(there, [...run, ...queue], env);
  expect([local.code, remote.code]).toEqual([0, 0]);
  const names = filesIn(join(here, 'out'));
  expect(names).toHaveLength(12);
  expect(filesIn(join(there, 'out'))).toEqual(names);
  for (const name of names) {
    const [one, other] = [join(here, 'out', name), join(there, 'out', name)];
    expect(readFileSync(other).equals(readFileSync(one))).toBe(true);
    expect(statSync(other).mode & 0o111).toBe(statSync(one).mode & 0o111);
  }
  const resultsOf = (events: readonly RunEvent[]): string[] =>
    ofType(events, 'result')
      .map(({ result }) => JSON.stringify(result))
      .sort();
  expect(resultsOf(remote.events)).toEqual(resultsOf(local.events));
  expect(remote.out).not.toContain('s3.json');
  expect(proxy.connections).toBeGreaterThan(0);
  // They stay in the storage.
  expect(await storage.keys()).toHaveLength(12);
  for (const text of [worker.said, remote.out]) expect(text).not.toContain(SECRET);
  expect(filesWith(SECRET, there)).toEqual([]);

  // A run that cannot get them does not begin.
  const wrong = { ...env, AWS_SECRET_ACCESS_KEY: 'another' };
  const refused = await sluice(there, ['run', 'b.batch.yaml', '--force', ...queue], wrong);
  expect(refused.code).toBe(2);
  expect(refused.err).toMatch(/refuses: SignatureDoesNotMatch \(403\)\. Check AWS_ACCESS_KEY_ID/);
});

test('a step that fails on what was left is tried again, with what it needs', async () => {
  const [redis, storage, key] = [await startRedis(), await StorageServer.start(), makeKey()];
  const folder = makeWorkspace({
    'b.batch.yaml': `
inputs: [a]
retries: 1
backoff: 1ms
steps:
  - run: [echo, "{input}"]
    output: out/first
  - run: mkdir begun && exit 1; cat "$SLUICE_INPUT"
    shell: true
    output: out/second
`,
  });
  await startWorker(
    redis.url,
    ['--trust', key, '--allow-run', '--results', `s3://${storage.bucket}`],
    storage.env,
  );
  const args = ['run', 'b.batch.yaml', '--json', '--queue', redis.url, '--trust', key];
  const { code, events } = await sluice(folder, args);
  expect(code).toBe(0);
  expect(ofType(events, 'start').map(({ attempt }) => attempt)).toEqual([1, 2]);
  for (const name of ['out/first', 'out/second']) {
    expect((await storage.get(noteAt(folder, name).address)).toString()).toBe('a\n');
  }
});

test('a result takes the place of an older note, and a note that of an older result', async () => {
  const [redis, storage, key] = [await startRedis(), await StorageServer.start(), makeKey()];
  const folder = makeWorkspace({});
  const write = (text: string): void =>
    writeFileSync(
      join(folder, 'b.batch.yaml'),
      `inputs: [a]\nsteps:\n  - run: [echo, ${text}]\noutput: out/a.txt\n`,
    );
  await startWorker(
    redis.url,
    ['--trust', key, '--allow-run', '--results', `s3://${storage.bucket}`],
    storage.env,
  );
  for (const [text, flags, left] of [
    ['one', [], 'a.txt'],
    ['two', ['--queue', redis.url, '--trust', key], 'a.txt.s3.json'],
    ['three', [], 'a.txt'],
  ] as const) {
    write(text);
    expect((await sluice(folder, ['run', 'b.batch.yaml', ...flags])).code).toBe(0);
    expect(filesIn(join(folder, 'out'))).toEqual([left]);
  }
});

test('storage that is not there for a while is waited for, and the item says so', async () => {
  const [redis, storage, key] = [await startRedis(), await StorageServer.start(), makeKey()];
  const proxy = await cuttingProxy(storage.port);
  const url = `http://127.0.0.1:${proxy.port}`;
  const folder = makeWorkspace({ 'b.batch.yaml': ECHO });
  await startWorker(
    redis.url,
    ['--trust', key, '--allow-run', '--results', `s3://${storage.bucket}`],
    { ...storage.env, AWS_ENDPOINT_URL_S3: url },
  );
  proxy.refuse(true);
  proxy.cut();
  const args = ['run', 'b.batch.yaml', '--json', '--queue', redis.url, '--trust', key];
  const run = startSluice(folder, args);
  let out = '';
  run.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  await eventually(() => out).toMatch(/The storage s3:.* cannot be reached: .* It is asked again/);
  expect(existsSync(join(folder, 'out/a.txt.s3.json'))).toBe(false);
  proxy.refuse(false);
  expect((await run).exitCode).toBe(0);
  const { address } = noteAt(folder, 'out/a.txt');
  expect((await storage.get(address)).toString()).toBe('a\n');
});

test('of a worker that is killed while it leaves a result nothing is left, and another one does it', async () => {
  const [redis, storage, key] = [await startRedis(), await StorageServer.start(), makeKey()];
  const proxy = await cuttingProxy(storage.port);
  const folder = makeWorkspace({ 'b.batch.yaml': ECHO });
  const flags = ['--trust', key, '--allow-run', '--results', `s3://${storage.bucket}`];
  const slow = { ...storage.env, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${proxy.port}` };
  const first = await startWorker(redis.url, [...flags, '--lease', '2'], slow);
  proxy.refuse(true);
  proxy.cut();
  const args = ['run', 'b.batch.yaml', '--json', '--queue', redis.url, '--trust', key];
  const run = startSluice(folder, args);
  let out = '';
  run.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  await eventually(() => out).toContain('It is asked again');
  first.kill('SIGKILL');
  await first.ended;
  await startWorker(redis.url, [...flags, '--lease', '2'], storage.env);
  expect((await run).exitCode).toBe(0);
  const { address } = noteAt(folder, 'out/a.txt');
  expect((await storage.keys()).map((name) => `s3://${storage.bucket}/${name}`)).toEqual([address]);
  expect(filesIn(join(folder, 'out'))).toEqual(['a.txt.s3.json']);
});

test('a key that may not write fails the item, which says what to do', async () => {
  const [redis, storage, key] = [await startRedis(), await StorageServer.start(), makeKey()];
  const folder = makeWorkspace({ 'b.batch.yaml': ECHO });
  await startWorker(
    redis.url,
    ['--trust', key, '--allow-run', '--results', `s3://${storage.bucket}`],
    { ...storage.env, AWS_ACCESS_KEY_ID: 'test:stranger' },
  );
  const args = ['run', 'b.batch.yaml', '--json', '--queue', redis.url, '--trust', key];
  const { code, events } = await sluice(folder, args);
  expect(code).toBe(1);
  expect(ofType(events, 'end')[0]?.failure).toEqual({
    message: `The storage s3://${storage.bucket}/ at ${storage.url} refuses: AccessDenied (403).`,
    hint: `Its key may not do this: a worker needs s3:PutObject in s3://${storage.bucket}, a run s3:GetObject.`,
  });
});

test('a worker does not begin with storage that it cannot use, and the doctor says why', async () => {
  const storage = await StorageServer.start();
  const folder = makeWorkspace({});
  const look = async (results: string, env: Record<string, string>): Promise<string> => {
    const queue = ['--queue', 'redis://127.0.0.1:3', '--results', results];
    const worker = await sluice(folder, ['worker', ...queue], env);
    expect(worker.code).not.toBe(0);
    const { out, err } = await sluice(folder, ['doctor', '--json', '--results', results], env);
    for (const text of [worker.out, worker.err, out, err]) expect(text).not.toContain(SECRET);
    if (out === '') return err;
    const checks = out.split('\n').map((line) => JSON.parse(line) as Check);
    const { ok, level, detail } = checks.find(({ name }) => name === 'Storage') ?? {};
    expect(level).toBe('required');
    if (ok !== true) expect(worker.err).toContain(detail);
    return `${ok}: ${detail}`;
  };
  const { env, url, bucket } = storage;
  const there = `s3://${bucket}/`;
  expect(await look(there, env)).toBe(`true: ${there} at ${url}`);
  expect(await look(there, { ...env, AWS_SECRET_ACCESS_KEY: 'another' })).toBe(
    `false: The storage ${there} at ${url} refuses: SignatureDoesNotMatch (403). Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, which may have expired.`,
  );
  expect(await look('s3://nothing', env)).toBe(
    `false: The storage s3://nothing/ at ${url} refuses: NoSuchBucket (404). Make it: aws s3 mb s3://nothing`,
  );
  expect(await look(there, { ...env, AWS_REGION: 'eu-west-3' })).toMatch(
    /false: .* refuses: AuthorizationHeaderMalformed \(400\)\. Set AWS_REGION/,
  );
  expect(await look(there, { ...env, AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:3' })).toBe(
    `false: The storage ${there} at http://127.0.0.1:3 cannot be reached: ECONNREFUSED.`,
  );
  expect(await look(there, { ...env, AWS_SECRET_ACCESS_KEY: '' })).toMatch(
    /Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/,
  );
  expect(await look('s3:bucket', env)).toMatch(/It is s3:\/\/BUCKET/);
});

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly level: string;
  readonly detail: string;
}

/** A line to a server on which so many times one byte of something large is another one. */
async function damagingProxy(to: number, times: number): Promise<number> {
  let left = times;
  const server = createServer((client) => {
    const upstream = connect(to, '127.0.0.1');
    for (const [from, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('data', (chunk: Buffer) => {
        if (left > 0 && chunk.length > 10_000) {
          left -= 1;
          chunk.writeUInt8(chunk.readUInt8(9000) ^ 1, 9000);
        }
        other.write(chunk);
      });
      from.on('error', () => {});
      from.on('close', () => other.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test('what is damaged on its way is noticed: on the way there by the storage, which gets it again', async () => {
  const server = await StorageServer.start();
  const content = randomBytes(200_000);
  const folder = makeWorkspace({ file: content });
  const path = join(folder, 'file');
  const through = async (times: number, patience: number): Promise<Storage> => {
    const endpoint = `http://127.0.0.1:${await damagingProxy(server.port, times)}`;
    const env = { ...server.env, AWS_ENDPOINT_URL_S3: endpoint };
    return new Storage(takeStorage(`s3://${server.bucket}`, env), { patience });
  };
  const told: string[] = [];
  const once = await through(1, 60_000);
  const stored = await once.put(path, ['once'], {
    ...asker,
    onTrouble: (line) => told.push(line),
  });
  expect(told).toEqual([expect.stringMatching(/came damaged .*: its checksum is wrong/)]);
  expect((await server.get(stored.address)).equals(content)).toBe(true);
  const always = await through(Number.POSITIVE_INFINITY, 100);
  await expect(always.put(path, ['always'], asker)).rejects.toThrow(/its checksum is wrong/);
  expect(await server.keys()).toEqual(['once']);

  const got = join(folder, 'got');
  await expect(always.get(stored, got, asker)).rejects.toThrow(/its checksum is wrong/);
  expect(filesIn(folder)).toEqual(['file']);
  await once.get(stored, got, asker);
  expect(readFileSync(got).equals(content)).toBe(true);
});

test('a run gets what lies in its own storage alone', () => {
  const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
  const storage = new Storage(takeStorage('s3://bucket/a', keys));
  for (const [address, has] of [
    ['s3://bucket/a/b', true],
    ['s3://bucket/a/b/c', true],
    ['s3://bucket/a/', false],
    ['s3://bucket/ab', false],
    ['s3://bucket/a/../b', false],
    ['s3://bucket/a/b//c', false],
    ['s3://other/a/b', false],
    ['http://bucket/a/b', false],
  ] as const) {
    expect([address, storage.has({ address })]).toEqual([address, has]);
  }
});

test('a large file goes in parts; one that is cancelled leaves none of them', async () => {
  const server = await StorageServer.start();
  const content = randomBytes(12_000_000);
  const path = join(makeWorkspace({ file: content }), 'file');
  const storage = new Storage(takeStorage(`s3://${server.bucket}/p`, server.env), {
    partBytes: 5 << 20,
  });
  expect(await storage.put(path, ['x', 'y'], asker)).toEqual({
    address: `s3://${server.bucket}/p/x/y`,
    endpoint: server.url,
    size: content.length,
    sha256: sha256(content),
    mode: 0o644,
  });
  expect((await server.get(`s3://${server.bucket}/p/x/y`)).equals(content)).toBe(true);
  const controller = new AbortController();
  const broken = storage.put(path, ['z'], { ...asker, signal: controller.signal });
  broken.catch(() => {});
  await eventually(() => server.uploads()).toBe(1);
  controller.abort(new Error('cancelled'));
  await expect(broken).rejects.toThrow('cancelled');
  expect(await server.uploads()).toBe(0);
  expect(await server.keys()).toEqual(['p/x/y']);
});

test('where results are left is read from an address and the variables of AWS, and the secrets are taken out', () => {
  const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
  const env: NodeJS.ProcessEnv = {
    ...keys,
    AWS_SESSION_TOKEN: 'token',
    AWS_DEFAULT_REGION: 'eu-west-3',
  };
  expect(takeStorage('s3://my.bucket-1//a/b/', env)).toEqual({
    bucket: 'my.bucket-1',
    prefix: 'a/b/',
    endpoint: 'https://s3.eu-west-3.amazonaws.com',
    region: 'eu-west-3',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' },
  });
  expect(env).toEqual({ AWS_DEFAULT_REGION: 'eu-west-3' });
  const endpoint = (more: NodeJS.ProcessEnv): string =>
    takeStorage('s3://bucket', { ...keys, ...more }).endpoint;
  expect(endpoint({ AWS_ENDPOINT_URL: 'https://a.example/' })).toBe('https://a.example');
  expect(
    endpoint({ AWS_ENDPOINT_URL: 'https://a.example', AWS_ENDPOINT_URL_S3: 'http://b:9000/s3' }),
  ).toBe('http://b:9000/s3');
  for (const wrong of ['ftp://a', 'a.example', 'https://user:word@a.example', 'https://a?b']) {
    expect(() => endpoint({ AWS_ENDPOINT_URL: wrong })).toThrow(/AWS_ENDPOINT_URL_S3 is https/);
  }
  for (const wrong of [
    'bucket',
    's3://',
    's3://B_',
    's3://../x',
    's3://bucket/a/../b',
    's3://bucket/./a',
    's3://bucket\n/a',
  ]) {
    expect(() => takeStorage(wrong, { ...keys })).toThrow(/It is s3:/);
  }
});
