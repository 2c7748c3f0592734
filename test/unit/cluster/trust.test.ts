import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Queue, Worker as QueueWorker } from 'bullmq';
import { expect, onTestFinished, test } from 'vitest';
import { BUILT_IN_STEPS } from '../../../src/batch/uses.ts';
import { seal } from '../../../src/cluster/letter.ts';
import type { Down, Up } from '../../../src/cluster/messages.ts';
import { queueOf } from '../../../src/cluster/offer.ts';
import { Trust } from '../../../src/cluster/trust.ts';
import { list } from '../../../src/cluster/workers.ts';
import { Attacker, order } from '../../support/attacker.ts';
import { needsPackages } from '../../support/debian.ts';
import { eventually } from '../../support/eventually.ts';
import { startRedis } from '../../support/redis.ts';
import { makeWorkspace, ofType, sluice } from '../../support/sluice.ts';
import { makeKey, startWorker } from '../../support/worker.ts';

needsPackages('redis-server', 'redis-tools');

/** What a worker offers that was not told otherwise. */
const STEPS = Object.keys(BUILT_IN_STEPS);
const PROGRAM = { 'b.batch.yaml': 'inputs: [a]\nsteps:\n  - run: [touch, made]\n' };
const WRITE = {
  'b.batch.yaml': 'inputs: [a]\nsteps:\n  - uses: write\noutput: out/{index}.txt\n',
};

/** Runs a batch and gives why its item failed. */
async function failureOf(
  files: Record<string, string>,
  flags: readonly string[],
): Promise<string | undefined> {
  const { code, events } = await sluice(makeWorkspace(files), [
    'run',
    'b.batch.yaml',
    '--json',
    ...flags,
  ]);
  expect(code).toBe(1);
  return ofType(events, 'end')[0]?.failure?.message;
}

test('what no worker does fails at once, with the reason of each', async () => {
  const redis = await startRedis();
  const [key, other] = [makeKey(), makeKey()];
  const queue = ['--queue', redis.url];
  await startWorker(redis.url, ['--name', 'open', '--steps', 'speak']);
  expect(await failureOf(PROGRAM, queue)).toMatch(
    /open: it runs programs only for those whose key it trusts\./,
  );
  expect(await failureOf(WRITE, queue)).toMatch(/open: it does not offer the step write\./);
  await startWorker(redis.url, ['--name', 'shy', '--trust', key]);
  expect(await failureOf(PROGRAM, [...queue, '--trust', key])).toMatch(
    /open: it was not told to trust your key; shy: it does not run programs: it was not started with --allow-run\./,
  );
  expect(await failureOf(PROGRAM, [...queue, '--trust', other])).toMatch(
    /shy: it trusts another key than yours\./,
  );
  const command = WRITE['b.batch.yaml'].replace(
    'uses: write',
    'uses: speak\n    with: { engine: command, command: [touch, made] }',
  );
  expect(await failureOf({ 'b.batch.yaml': command }, queue)).toMatch(
    /open: it takes the option command of speak only from those whose key it trusts; shy: it takes only what is signed/,
  );
  const env = WRITE['b.batch.yaml'].replace(
    'uses: write',
    'uses: speak\n    env: { NODE_OPTIONS: --version }',
  );
  expect(await failureOf({ 'b.batch.yaml': env }, queue)).toMatch(/takes the option env of speak/);
}, 120_000);

test('an item goes to the worker that does it, not to another one', async () => {
  const redis = await startRedis();
  const key = makeKey();
  const shy = await startWorker(redis.url, ['--trust', key, '-c', '4']);
  const bold = await startWorker(redis.url, ['--trust', key, '--allow-run']);
  const folder = makeWorkspace({
    'b.batch.yaml':
      'inputs: [a, b, c]\nsteps:\n  - run: [echo, "{input}"]\noutput: out/{index}.txt\n',
  });
  const flags = ['--queue', redis.url, '--trust', key];
  expect((await sluice(folder, ['run', 'b.batch.yaml', ...flags])).code).toBe(0);
  expect(bold.said.match(/item \d: done/g)).toHaveLength(3);
  expect(shy.said).not.toMatch(/item \d/);
});

test('who may write to Redis but has no key gets nothing done', async () => {
  const redis = await startRedis();
  const key = makeKey();
  const mark = join(makeWorkspace({}), 'mark');
  const worker = await startWorker(redis.url, ['--trust', key, '--allow-run']);
  const trust = await Trust.read(key);
  const attacker = new Attacker(redis.port);
  const queue = queueOf({ version: 1, steps: STEPS, run: true, key: trust.id });
  const evil: Down = { type: 'begin', order: order({ run: ['touch', mark] }) };
  const first = await attacker.ticket(queue, 'evil.1');
  await attacker.say(first.worker, first.take, evil);
  await attacker.say(
    first.worker,
    first.take,
    evil,
    new Trust('another key, which is long enough'),
  );
  const stream = attacker.names.toWorker(first.worker);
  await eventually(() => attacker.redis.xlen(stream)).toBe(0);
  expect(worker.said).toContain('not signed by the key');
  // With the key it would have been done: what stood in the way was the signature.
  await attacker.say(first.worker, first.take, evil, trust);
  await eventually(() => existsSync(mark)).toBe(true);
});

test('what was signed once is not done a second time', async () => {
  const redis = await startRedis();
  const key = makeKey();
  await startWorker(redis.url, ['--trust', key, '--allow-run']);
  const trust = await Trust.read(key);
  const attacker = new Attacker(redis.port);
  const folder = makeWorkspace({});
  const log = join(folder, 'log');
  const queue = queueOf({ version: 1, steps: STEPS, run: true, key: trust.id });
  const shell = { run: `echo once >> ${log}`, shell: true };
  const taken = await attacker.ticket(queue, 'evil.1');
  await attacker.say(taken.worker, taken.take, { type: 'begin', order: order(shell) }, trust);
  await attacker.end(taken.take);
  // The same letter again, for the same ticket put back and for one that waits.
  const again = await attacker.ticket(queue, 'evil.2');
  for (const take of [taken.take, again.take]) {
    const letter = { take: taken.take, writer: 'evil', number: 1, messages: '' };
    const signed = seal(
      { ...letter, messages: JSON.stringify([{ type: 'begin', order: order(shell) }]) },
      attacker.names.toWorker(taken.worker),
      trust,
    );
    signed[1] = take;
    await attacker.redis.xadd(attacker.names.toWorker(taken.worker), '*', ...signed);
  }
  await eventually(() => attacker.redis.xlen(attacker.names.toWorker(taken.worker))).toBe(0);
  await attacker.say(again.worker, again.take, { type: 'cancel' }, trust);
  await attacker.end(again.take);
  expect(readFileSync(log, 'utf8')).toBe('once\n');
});

test('a worker without a key does nothing that reaches its machine, whoever says it', async () => {
  const redis = await startRedis();
  await startWorker(redis.url);
  const attacker = new Attacker(redis.port);
  const mark = join(makeWorkspace({}), 'mark');
  const queue = queueOf({ version: 1, steps: STEPS, run: false });
  const steps: Record<string, unknown>[] = [
    { run: ['touch', mark] },
    { run: ['touch', mark], warm: true },
    { uses: 'speak', with: { engine: 'command', command: ['touch', mark] } },
    { uses: 'speak', env: { NODE_OPTIONS: `--require=${mark}` } },
    { uses: 'write', with: { model: '/etc/passwd' } },
    { uses: 'write', with: { baseUrl: 'http://169.254.169.254/' } },
    { uses: 'write', cwd: '/' },
    { uses: 'separate', with: { model: '/etc/passwd' } },
    { uses: '../../evil' },
    { uses: 'write', later: 'an option of a later version' },
  ];
  for (const [index, step] of steps.entries()) {
    const { worker, take } = await attacker.ticket(queue, `evil.${index}`);
    await attacker.say(worker, take, { type: 'begin', order: order(step) });
    const { failure, retry } = await attacker.end(take);
    expect(failure?.message).toMatch(/^The worker refuses this item: it /);
    expect(retry).toBe(false);
    const tickets = new Queue(queue, { connection: attacker.redis, prefix: 'sluice' });
    // Its dead letter says why.
    await eventually(async () => (await tickets.getJob(`evil.${index}`))?.failedReason).toBe(
      failure?.message,
    );
  }
  expect(existsSync(mark)).toBe(false);
  // Paths lead nowhere but into the worker's own folder.
  const { worker, take } = await attacker.ticket(queue, 'evil.path');
  const outside = { ...order({ uses: 'write' }), folder: 'tmp/../../evil' };
  await attacker.say(worker, take, { type: 'begin', order: outside });
  expect((await attacker.end(take)).failure?.message).toMatch(/does not understand/);
});

/** A file in storage that nobody has put there. */
const STORED = { address: 's3://a/b', endpoint: 'http://a', size: 1, sha256: '', mode: 0o644 };

test('a worker that lies writes nothing outside the place of its result', async () => {
  const redis = await startRedis();
  const attacker = new Attacker(redis.port);
  const offer = { version: 1, steps: ['write'], run: false };
  await list(attacker.redis, attacker.names, { id: 'liar', name: 'liar', places: 1, offer });
  const connection = attacker.redis.duplicate();
  const lies: Up[] = [
    { type: 'file', name: '0/../../../../../evil.txt' },
    { type: 'file', name: '/tmp/evil.txt' },
    { type: 'made', step: 0, sent: [], value: 'file', steps: [] },
    { type: 'made', step: 7, sent: [], value: 'text', steps: [] },
    {
      type: 'made',
      step: 0,
      sent: [],
      value: 'file',
      steps: [],
      left: [{ ...STORED, name: '../../../../../evil.txt' }],
    },
    { type: 'want', path: 'etc/passwd' },
  ];
  const liar = new QueueWorker(
    queueOf(offer),
    async ({ id = '', data }) => {
      const { run, item } = data as { run: string; item: number };
      const [stream, take] = [attacker.names.toRun(run), `take-${item}`];
      const messages: Up[][] = [
        [{ type: 'took', job: id, worker: 'liar', name: 'liar' }],
        [lies[item - 1] ?? { type: 'end' }],
        [{ type: 'end' }],
      ];
      for (const [index, message] of messages.entries()) {
        const letter = {
          take,
          writer: 'liar',
          number: index + 1,
          messages: JSON.stringify(message),
        };
        await connection.xadd(stream, '*', ...seal(letter, stream, undefined));
      }
      await eventually(async () => {
        const told = await connection.xrange(attacker.names.toWorker('liar'), '-', '+');
        return told.filter(([, [, to]]) => to === take).length;
      }).toBeGreaterThan(0);
    },
    { connection, prefix: 'sluice' },
  );
  onTestFinished(async () => {
    await liar.close(true);
    connection.disconnect();
  });
  const folder = makeWorkspace({
    'b.batch.yaml':
      'inputs: [a, b, c, d, e, f]\nsteps:\n  - uses: write\noutput: out/{index}.txt\nconcurrency: 1\n',
  });
  const { events } = await sluice(folder, [
    ...['run', 'b.batch.yaml', '--json', '--queue', redis.url],
  ]);
  expect(ofType(events, 'end').map(({ state }) => state)).toEqual(Array(6).fill('failed'));
  const last = ofType(events, 'end').at(-1)?.failure?.message;
  expect(last).toMatch(/says that the item is done, and has not sent its results/);
  expect(ofType(events, 'result')).toEqual([]);
  expect(existsSync('/tmp/evil.txt')).toBe(false);
  for (const name of ['evil.txt', 'evil.txt.s3.json']) {
    expect(existsSync(join(folder, name))).toBe(false);
  }
  // It is told that the item does not need that file, and not what is in it.
  const told = JSON.stringify(await connection.xrange(attacker.names.toWorker('liar'), '-', '+'));
  expect(told).toContain('the item does not need it');
  expect(told).not.toContain('root:');
});
