/**
 * A thousand short jobs, two at once: xargs, GNU parallel, execa and our layer in a bare loop, and
 * the whole of `sluice run`. Peers that are not installed or not built are left out.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { compare, type Peer } from './lib/rounds.ts';
import { duration, printTable } from './lib/table.ts';

const JOBS = 1000;
const CONCURRENCY = 2;
const ROUNDS = 3;
const CLI = resolve(import.meta.dirname, '../dist/sluice.js');
const numbers = Array.from({ length: JOBS }, (_, index) => String(index + 1));

const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const list = join(folder, 'items.txt');
writeFileSync(list, `${numbers.join('\n')}\n`);
writeFileSync(
  join(folder, 'jobs.batch.yaml'),
  `name: Jobs\ninputs: { lines: items.txt }\nsteps:\n  - run: ['true']\nconcurrency: ${CONCURRENCY}\n`,
);

async function shell(command: string): Promise<undefined> {
  const child = spawn('sh', ['-c', command], { cwd: folder, stdio: 'ignore' });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command}: exit code ${String(code)}`);
  return undefined;
}

const NODE = `'${process.execPath}'`;
const loop = (peer: string) => (): Promise<undefined> =>
  shell(`${NODE} '${join(import.meta.dirname, 'lib/loop.ts')}' ${peer} ${JOBS} ${CONCURRENCY}`);

function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

const peers: Peer[] = [
  { name: 'xargs -P2 -n1', run: () => shell(`xargs -P${CONCURRENCY} -n1 true < items.txt`) },
  { name: 'GNU parallel -j2', run: () => shell(`parallel -j${CONCURRENCY} true {} < items.txt`) },
  { name: 'execa in a loop', run: loop('execa') },
  { name: 'startProgram in a loop', run: loop('sluice') },
  {
    name: 'sluice run',
    async run() {
      // Without what an earlier round made, which the next one would skip.
      rmSync(join(folder, '.sluice'), { recursive: true, force: true });
      return shell(`${NODE} '${CLI}' run jobs.batch.yaml`);
    },
  },
];

const present = peers.filter(({ name }) => {
  if (name.startsWith('sluice')) return existsSync(CLI);
  return !/xargs|parallel/.test(name) || isInstalled(name.includes('xargs') ? 'xargs' : 'parallel');
});

try {
  const times = await compare(present, ROUNDS);
  const reference = times[present.findIndex(({ name }) => name.includes('parallel'))] ?? NaN;
  printTable(
    `${JOBS} times \`true\`, ${CONCURRENCY} at once, median of ${ROUNDS} rounds`,
    ['runner', 'time', 'each', 'x parallel'],
    times.map((ms, index) => [
      present[index]?.name ?? '',
      duration(ms),
      duration(ms / JOBS),
      Number.isNaN(reference) ? '' : (ms / reference).toFixed(2),
    ]),
  );
  const missing = peers.filter((peer) => !present.includes(peer)).map(({ name }) => name);
  if (missing.length > 0) console.log(`\nNot measured, as not there: ${missing.join(', ')}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
