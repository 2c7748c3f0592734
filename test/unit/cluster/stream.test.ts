import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { IncomingFile } from '../../../src/cluster/incoming-file.ts';
import { type Letter, seal } from '../../../src/cluster/letter.ts';
import { type Reader, Receiver } from '../../../src/cluster/receiver.ts';
import { Sender } from '../../../src/cluster/sender.ts';
import { needsPackages } from '../../support/debian.ts';
import { eventually } from '../../support/eventually.ts';
import { startRedis } from '../../support/redis.ts';
import { makeWorkspace } from '../../support/sluice.ts';

needsPackages('redis-server', 'redis-tools');

const STREAM = 'sluice:run:test:in';
const MB = 1 << 20;

function connect(port: number): Redis {
  const redis = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null });
  onTestFinished(() => redis.disconnect());
  return redis;
}

/** Reads all letters of the stream. */
function read(
  port: number,
  onLetter: (letter: Letter) => void,
  { knows = () => true, lost }: Partial<Pick<Reader, 'knows' | 'lost'>> = {},
): void {
  const receiver = new Receiver(
    {
      ...{ blocking: connect(port), redis: connect(port) },
      ...{ trust: undefined, stream: STREAM },
    },
    {
      read: onLetter,
      knows,
      lost: (take) => (lost ?? expect.unreachable)(`letters of ${take} were lost`),
      unknown: () => expect.unreachable('something is no letter'),
      broken: (error) => expect.unreachable(error.message),
    },
  );
  onTestFinished(() => receiver.close());
}

test('a stream that nobody reads takes little memory; who reads it later gets all, and empties it', async () => {
  const server = await startRedis();
  const redis = connect(server.port);
  const file = join(makeWorkspace({}), 'large');
  const large = randomBytes(64 * MB);
  writeFileSync(file, large);
  const sender = new Sender({ redis, trust: undefined, stream: STREAM, take: 't' });
  sender.sendFile(file, '0/large');
  sender.send({ type: 'end' });
  // It waits for a reader.
  await eventually(() => redis.xlen(STREAM)).toBeGreaterThan(128);
  const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
  expect(used).toBeLessThan(32 * MB);
  const hash = createHash('sha256');
  const said: string[] = [];
  read(server.port, ({ messages, data }) => {
    if (data === undefined) said.push(messages);
    else hash.update(data);
  });
  await eventually(() => said.length).toBe(3);
  expect(said[1]).toContain(hash.copy().digest('hex'));
  expect(hash.digest('hex')).toBe(createHash('sha256').update(large).digest('hex'));
  await sender.sent();
  await eventually(() => redis.xlen(STREAM)).toBe(0);
});

test('many who write small letters into one stream wait for its reader, and none is lost', async () => {
  const server = await startRedis();
  const redis = connect(server.port);
  const [writers, each] = [100, 60];
  const sending = Array.from({ length: writers }, async (_, at) => {
    const take = String(at);
    const sender = new Sender({ redis, trust: undefined, stream: STREAM, take });
    for (let number = 0; number < each; number += 1) {
      sender.send({ type: 'withdraw', ask: String(number) });
      await sender.sent();
    }
  });
  await eventually(() => redis.xlen(STREAM)).toBeGreaterThan(1000);
  const heard = new Map<string, string[]>();
  read(server.port, ({ take, messages }) => {
    heard.set(take, [...(heard.get(take) ?? []), messages]);
  });
  await Promise.all(sending);
  await eventually(() => [...heard.values()].flat().length).toBe(writers * each);
  const all = Array.from({ length: each }, (_, number) =>
    JSON.stringify([{ type: 'withdraw', ask: String(number) }]),
  );
  for (const messages of heard.values()) expect(messages).toEqual(all);
});

test('letters that come again are not read, and a gap is noticed; of takings that nobody knows nothing is remembered', async () => {
  const server = await startRedis();
  const redis = connect(server.port);
  const heard: string[] = [];
  const onLetter = ({ take, number }: Letter): void => void heard.push(`${take} ${number}`);
  read(server.port, onLetter, {
    knows: (take) => take === 'known',
    lost: (what) => void heard.push(what),
  });
  const say = async (take: string, number: number): Promise<void> => {
    const letter = { take, writer: 'w', number, messages: '[]' };
    await redis.xadd(STREAM, '*', ...seal(letter, STREAM, undefined));
    await eventually(() => redis.xlen(STREAM)).toBe(0);
  };
  for (const number of [1, 2, 1, 2, 9, 3, 10]) await say('known', number);
  for (const number of [1, 7, 1]) await say('unknown', number);
  const known = ['known 1', 'known 2', 'letters of known were lost', 'known 10'];
  expect(heard).toEqual([...known, 'unknown 1', 'unknown 7', 'unknown 1']);
});

test('a message that is too large is refused where it is made', async () => {
  const server = await startRedis();
  const redis = connect(server.port);
  const sender = new Sender({ redis, trust: undefined, stream: STREAM, take: 't' });
  const message = { type: 'missing', path: 'x', message: 'x'.repeat(81 * MB) } as const;
  expect(() => sender.send(message)).toThrow(/^What is to be said through Redis has 81 million/);
  await sender.sent();
  expect(await redis.exists(STREAM)).toBe(0);
});

test('a file that comes otherwise than it was sent is not put in its place', async () => {
  const path = join(makeWorkspace({}), 'result');
  const sha256 = createHash('sha256').update('right').digest('hex');
  const damaged = await IncomingFile.begin(path);
  await damaged.add(Buffer.from('wrong'));
  await expect(damaged.finish(sha256, 0o644)).rejects.toThrow('its checksum is wrong');
  expect(readdirSync(dirname(path))).toEqual([]);
  const whole = await IncomingFile.begin(path);
  await whole.add(Buffer.from('ri'));
  await whole.add(Buffer.from('ght'));
  expect(existsSync(path)).toBe(false);
  await whole.finish(sha256, 0o644);
  expect(readFileSync(path, 'utf8')).toBe('right');
});
