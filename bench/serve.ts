/**
 * A thousand readers of one run's events, 20 a second: `sluice serve`, and beside it the least that node:http can do by
 * hand. How late events are, how many are lost, what a client costs in memory, and what all of them cost
 * in processor time. Two minutes; `--quick` takes twenty seconds, and says less.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Seen, SseClients } from './lib/sse-clients.ts';
import { duration, median, printTable, quantile, verdict } from './lib/table.ts';

const QUICK = process.argv.includes('--quick');
const CLIENTS = Number(process.env['CLIENTS'] ?? 1000);
const EVENTS = Number(process.env['EVENTS'] ?? (QUICK ? 60 : 300));
const EVERY = 50;
const ROUNDS = QUICK ? 1 : 3;
const CLI = resolve(import.meta.dirname, '../dist/sluice.js');

/** Prints a line with its time, again and again, once it is told to by a file. */
const TICKER = `import os, sys, time
while not os.path.exists('go'): time.sleep(0.02)
at = time.time()
for n in range(${EVENTS}):
    at += ${EVERY / 1000}
    time.sleep(max(0, at - time.time()))
    print('at %.2f' % (time.time() * 1000), flush=True)
`;

interface Measured extends Seen {
  /** Seconds of processor time of the server while the events went out. */
  readonly cpu: number;
  /** Bytes of memory a client. */
  readonly memory: number;
}

/** Clock ticks a second of /proc: 100 on every Linux that Node runs on. */
const TICKS = 100;

function cpuOf({ pid }: ChildProcess): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

function memoryOf({ pid }: ChildProcess): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return Number(kilobytes) * 1024;
}

async function measure(
  server: ChildProcess,
  port: number,
  path: string,
  go: () => void,
): Promise<Measured> {
  const clients = new SseClients();
  const before = memoryOf(server);
  await clients.open(CLIENTS, port, path);
  const memory = (memoryOf(server) - before) / CLIENTS;
  const started = cpuOf(server);
  go();
  const seen = await clients.done();
  return { ...seen, memory, cpu: cpuOf(server) - started };
}

async function sluice(): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  writeFileSync(join(folder, 'ticker.py'), TICKER);
  const batch = 'inputs: [one]\nsteps:\n  - run: [python3, ticker.py]\n';
  writeFileSync(join(folder, 'ticker.batch.yaml'), batch);
  const args = [CLI, 'serve', '--port', '0', '--host', '127.0.0.1', '--no-auth', '--allow-run'];
  const server = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const port = await portOf(server, /:(\d+)\/openapi/);
    const answer = await fetch(`http://127.0.0.1:${port}/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ batch: 'ticker.batch.yaml' }),
    });
    const { id } = (await answer.json()) as { id: string };
    const go = (): void => writeFileSync(join(folder, 'go'), '');
    return await measure(server, port, `/runs/${id}/events`, go);
  } finally {
    server.kill();
    await once(server, 'close');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function plain(): Promise<Measured> {
  const args = [join(import.meta.dirname, 'lib/plain-sse.ts'), String(EVENTS), String(EVERY)];
  const server = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const port = await portOf(server, /^(\d+)$/);
    return await measure(server, port, '/', () => void server.stdin.write('go\n'));
  } finally {
    server.stdin.end();
    await once(server, 'close');
  }
}

/** The port that a server says on its standard output. */
async function portOf({ stdout }: ChildProcess, pattern: RegExp): Promise<number> {
  if (stdout === null) throw new Error('The server has no output.');
  for await (const line of createInterface({ input: stdout })) {
    const port = pattern.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error('The server did not start.');
}

const rounds: { readonly ours: Measured; readonly peer: Measured }[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  rounds.push({ ours: await sluice(), peer: await plain() });
}

const row = (name: string, of: readonly Measured[]): string[] => {
  const delays = of.flatMap((one) => one.delays);
  const sent = of.length * CLIENTS * EVENTS;
  const lost = sent - of.reduce((sum, one) => sum + one.events, 0);
  const wrong = of.reduce((sum, one) => sum + one.wrong, 0);
  return [
    name,
    duration(quantile(delays, 0.5)),
    duration(quantile(delays, 0.99)),
    String(lost + wrong),
    `${(median(of.map((one) => one.memory)) / 1024).toFixed(1)} kB`,
    `${median(of.map((one) => one.cpu)).toFixed(2)} s`,
  ];
};
printTable(
  `${CLIENTS} clients, ${EVENTS} events, one each ${EVERY} ms, ${ROUNDS} rounds`,
  ['server', 'p50', 'p99', 'lost', 'memory a client', 'processor'],
  [
    row(
      'sluice serve',
      rounds.map(({ ours }) => ours),
    ),
    row(
      'node:http by hand',
      rounds.map(({ peer }) => peer),
    ),
  ],
);
const ratio = median(rounds.map(({ ours, peer }) => ours.cpu / peer.cpu));
const lost = rounds.some(({ ours }) => ours.wrong > 0 || ours.events !== CLIENTS * EVENTS);
console.log(
  `\nprocessor time beside node:http by hand: ${ratio.toFixed(2)} ${verdict(ratio <= 1.3, 'at most 1.3')}`,
);
console.log(`events lost: ${verdict(!lost, 'none')}`);
process.exitCode = lost ? 1 : 0;
