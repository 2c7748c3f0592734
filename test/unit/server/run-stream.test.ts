import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fact, RunEvent } from '../../../src/protocol/events.ts';
import { applyEvents, EMPTY_STATE, type RunState } from '../../../src/protocol/state.ts';
import type { RunHandle } from '../../../src/runner/client.ts';
import { Outlet, Outlets, type RawAnswer } from '../../../src/server/outlet.ts';
import { RunStream } from '../../../src/server/run-stream.ts';
import { RunFixture } from '../../support/run-fixture.ts';

/** A client that reads when it is told to. */
class FakeClient extends EventEmitter {
  readonly #taken: string[] = [];
  #waiting: string[] = [];
  reads = true;
  ended = false;
  destroyed = false;
  writes = 0;

  get writableLength(): number {
    return this.#waiting.reduce((sum, text) => sum + text.length, 0);
  }
  writeHead(): this {
    return this;
  }
  write(bytes: Uint8Array): boolean {
    this.writes += 1;
    (this.reads ? this.#taken : this.#waiting).push(Buffer.from(bytes).toString());
    return this.reads;
  }
  end(): this {
    this.ended = true;
    return this;
  }
  destroy(): this {
    this.destroyed = true;
    this.emit('close');
    return this;
  }
  /** Takes all that waits. */
  read(): void {
    this.#taken.push(...this.#waiting);
    this.#waiting = [];
    this.reads = true;
    this.emit('drain');
  }
  get raw(): RawAnswer {
    return this as unknown as RawAnswer;
  }
  get messages(): { id: number; snapshot: boolean; data: RunEvent & RunState }[] {
    return this.#taken
      .join('')
      .split('\n\n')
      .filter((block) => block.includes('data: '))
      .map((block) => ({
        id: Number(/^id: (\d+)/m.exec(block)?.[1]),
        snapshot: block.includes('event: snapshot'),
        data: JSON.parse(block.slice(block.indexOf('data: ') + 6)) as RunEvent & RunState,
      }));
  }
}

/** A run whose events the test says. */
class FakeRun implements RunHandle {
  readonly fixture: RunFixture;
  readonly stream: RunStream;
  live = true;
  #state: RunState = EMPTY_STATE;

  constructor(items = 3) {
    this.fixture = new RunFixture(
      'r1',
      'Run',
      Array.from({ length: items }, (_, n) => `item ${n}`),
    );
    this.#state = applyEvents(EMPTY_STATE, this.fixture.events);
    this.stream = new RunStream(this);
    this.stream.take(this, this.fixture.events);
  }
  get id(): string {
    return 'r1';
  }
  get state(): RunState {
    return this.#state;
  }
  onChange = (): (() => void) => () => {};
  request = (): Promise<never> => Promise.reject(new Error('not asked'));
  dispose(): void {}

  say(...facts: readonly Fact[]): void {
    const events = facts.map((fact) => this.fixture.add(fact, 1));
    this.#state = applyEvents(this.#state, events);
    this.stream.take(this, events);
  }
  interrupt(): void {
    this.live = false;
    this.#state = { ...this.#state, state: 'interrupted', ended: 1 };
    this.stream.take(this, []);
  }
  connect(after?: number, client = new FakeClient()): FakeClient {
    this.stream.connect(after, () => new Outlet(client.raw, 'sse'));
    return client;
  }
}

const log = (text: string): Fact => ({
  type: 'log',
  item: 1,
  step: 0,
  stream: 'out',
  lines: [text],
});

test('a client gets the state, then every event; one that says what it has gets the rest alone', () => {
  const run = new FakeRun();
  run.say({ type: 'start', item: 1, attempt: 1 }, log('a'));
  const fresh = run.connect();
  const back = run.connect(3);
  const first = run.connect(0);
  run.say(log('b'), log('c'));
  expect(fresh.messages.map(({ id }) => id)).toEqual([4, 5, 6]);
  expect(fresh.messages[0]).toMatchObject({
    snapshot: true,
    data: { seq: 4, counts: { running: 1 } },
  });
  expect(back.messages.map(({ id }) => id)).toEqual([4, 5, 6]);
  expect(first.messages.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
  // A number that the run never had is answered by the state.
  expect(run.connect(99).messages[0]?.snapshot).toBe(true);
});

test('an event is made into bytes once, and what comes together is one write for each client', () => {
  const run = new FakeRun();
  const clients = Array.from({ length: 50 }, () => run.connect());
  const before = clients.map(({ writes }) => writes);
  let made = 0;
  const fact = log('once');
  Object.defineProperty(fact, 'toJSON', {
    enumerable: true,
    value(this: object) {
      made += 1;
      return { ...this, toJSON: undefined };
    },
  });
  run.say(log('first'), fact);
  expect(made).toBe(1);
  expect(clients.map(({ writes }, index) => writes - (before[index] ?? 0))).toEqual(
    clients.map(() => 1),
  );
});

test('a stream ends with its run, and a client that has all of it is not sent any', () => {
  const run = new FakeRun();
  const client = run.connect();
  run.say({ type: 'finish', state: 'done' });
  expect(client.ended).toBe(true);
  expect(client.messages.at(-1)?.data).toMatchObject({ type: 'finish' });
  expect(run.stream.connect(run.state.seq, () => expect.unreachable())).toBe(false);
  const late = run.connect(run.state.seq - 1);
  expect(late.messages.map(({ data }) => data.type)).toEqual(['finish']);
  expect(late.ended).toBe(true);
});

test('when its runner is killed the clients get the state, which no event says', () => {
  const run = new FakeRun();
  const client = run.connect();
  run.interrupt();
  expect(client.messages.at(-1)).toMatchObject({ snapshot: true, data: { state: 'interrupted' } });
  expect(client.ended).toBe(true);
});

test('a slow client holds a bounded number of bytes and slows nobody; then it gets the state', () => {
  const run = new FakeRun();
  const slow = run.connect();
  const quick = run.connect();
  slow.reads = false;
  const text = 'x'.repeat(10_000);
  for (let count = 0; count < 1000; count += 1) run.say(log(text));
  expect(slow.writableLength).toBeLessThan(1.2 * 2 ** 20);
  expect(quick.messages).toHaveLength(1001);
  slow.read();
  expect(slow.messages.at(-1)).toMatchObject({ snapshot: true, id: run.state.seq });
  run.say(log('on'));
  expect(slow.messages.at(-1)).toMatchObject({ snapshot: false, id: run.state.seq });
});

test('a slow client gets the last state also when the run ended meanwhile', () => {
  const run = new FakeRun();
  const slow = run.connect();
  slow.reads = false;
  for (let count = 0; count < 200; count += 1) run.say(log('x'.repeat(10_000)));
  run.say({ type: 'finish', state: 'done' });
  expect(slow.ended).toBe(false);
  slow.read();
  expect(slow.messages.at(-1)).toMatchObject({ snapshot: true, data: { state: 'done' } });
  expect(slow.ended).toBe(true);
});

test('whenever a client goes and comes back, it has every event once, in order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 60 }),
      (steps) => {
        const run = new FakeRun();
        const got: number[] = [];
        let after = 0;
        for (const [index, count] of steps.entries()) {
          const client = run.connect(after);
          run.say(...Array.from({ length: count }, (_, n) => log(`${index} ${n}`)));
          // It goes at a random place: what was on its way is lost, and asked for again.
          const seen = client.messages.slice(0, (index * 7) % (client.messages.length + 1));
          got.push(...seen.map(({ id }) => id));
          after = got.at(-1) ?? after;
          client.destroy();
        }
        const end = run.connect(after);
        got.push(...end.messages.map(({ id }) => id));
        expect(got).toEqual(run.fixture.events.map(({ seq }) => seq));
      },
    ),
  );
});

test('a client that missed more than is kept gets the state', () => {
  const run = new FakeRun();
  run.say(log('a'));
  for (let count = 0; count < 120; count += 1) run.say(log('x'.repeat(20_000)));
  expect(run.connect(2).messages[0]).toMatchObject({ snapshot: true, id: run.state.seq });
});

test('the text of items that are not running is left out of a state', () => {
  const run = new FakeRun();
  run.say(
    { type: 'start', item: 1, attempt: 1 },
    { type: 'text', item: 1, step: 0, text: 'long' },
    { type: 'end', item: 1, state: 'done' },
    { type: 'start', item: 2, attempt: 1 },
    { type: 'text', item: 2, step: 0, text: 'now' },
  );
  const state: RunState | undefined = run.connect().messages[0]?.data;
  expect(state?.items.map(({ text }) => text)).toEqual(['', 'now', '']);
});

test('a silent stream says something by the clock, whatever its run does', async () => {
  const outlets = new Outlets(50);
  const client = new FakeClient();
  outlets.open(client.raw);
  const { writes } = client;
  await expect.poll(() => client.writes - writes).toBeGreaterThan(2);
  expect(outlets.size).toBe(1);
  client.destroy();
  expect(outlets.size).toBe(0);
  outlets.dispose();
});
