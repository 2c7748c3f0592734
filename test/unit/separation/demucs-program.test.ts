import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, sep } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { childEnvironment } from '../../../src/process/environment.ts';
import { startProgram } from '../../../src/process/program.ts';
import { createOutput } from '../../../src/progress/output.ts';
import type { Progress } from '../../../src/protocol/events.ts';
import type { FromStep } from '../../../src/protocol/step.ts';
import { eventually } from '../../support/eventually.ts';
import { readSound, tone, writeSound } from '../../support/sounds.ts';
import { StepProcess } from '../speech/step-process.ts';

const SEPARATE = join(import.meta.dirname, '../../../src/steps/separate.ts');
/** The shape of Demucs with the real tqdm: see its head. Demucs itself is 2 GB of Python. */
const DEMUCS = join(import.meta.dirname, '../../programs/demucs.py');

let folder = '';
let step: StepProcess;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-demucs-'));
  for (const name of ['bin', 'empty', 'out']) mkdirSync(join(folder, name));
  copyFileSync(DEMUCS, join(folder, 'bin/demucs'));
  chmodSync(join(folder, 'bin/demucs'), 0o755);
});
afterEach(() => {
  step.child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const place = (name: string): string => join(folder, name);

function start(env: NodeJS.ProcessEnv = {}): void {
  const path = `${place('bin')}${delimiter}${process.env['PATH']}`;
  step = new StepProcess(SEPARATE, { ...process.env, PATH: path, ...env });
}

function item(options: Record<string, unknown> = {}): Promise<FromStep> {
  const given = { engine: 'demucs-python', bits: 32, ...options };
  step.item('1', { file: place('song.wav'), output: place('out') + sep, with: given });
  return step.answer('1');
}

const told = (): Extract<FromStep, { type: 'progress' }>[] =>
  step.lines.filter((line) => line.type === 'progress');

test('its stems get the rate, the channels and the length of the recording', async () => {
  await writeSound(place('song.wav'), 22_050, [tone(22_050, 3.003)]);
  start();
  expect(await item()).toMatchObject({
    type: 'done',
    engine: 'demucs-python',
    files: [{ stem: 'bass' }, { stem: 'drums' }, { stem: 'other' }, { stem: 'vocals' }],
  });
  const [wanted, vocals] = [
    await readSound(place('song.wav')),
    await readSound(place('out/vocals.wav')),
  ];
  expect(vocals.sampleRate).toBe(22_050);
  expect(vocals.channels).toHaveLength(1);
  expect(vocals.channels[0]).toHaveLength(wanted.channels[0]?.length ?? 0);
  // The fourth of its stems is 3/8 on the left and 3/16 on the right all the time.
  expect(vocals.channels[0]?.[20_000]).toBeCloseTo(0.28125, 4);
  // Nothing of its own is left.
  expect(readdirSync(folder).toSorted()).toEqual(['bin', 'empty', 'out', 'song.wav']);
});

test('gives the voice and the rest alone', async () => {
  await writeSound(place('song.wav'), 8000, [tone(8000, 4), tone(8000, 4)]);
  start();
  expect(await item({ stems: 'vocals' })).toMatchObject({
    type: 'done',
    files: [{ stem: 'no_vocals' }, { stem: 'vocals' }],
  });
});

test('takes any of its options, and says how far it is by all of its bars', async () => {
  await writeSound(place('song.wav'), 8000, [tone(8000, 20), tone(8000, 20)]);
  start();
  const args = ['-n', 'htdemucs_ft', '--shifts', 2, '--two-stems', 'vocals', '--int24'];
  expect(await item({ args })).toMatchObject({
    type: 'done',
    files: [{ stem: 'no_vocals' }, { stem: 'vocals' }],
  });
  const loading = told().filter(({ phase }) => phase === 'loading');
  expect(Math.max(...loading.map(({ fraction = 0 }) => fraction))).toBeGreaterThan(0.05);
  const fractions = told().map(({ fraction = 0 }) => fraction);
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  // Eight bars with four segments each, between 10 and 95 %.
  const separating = told().filter(({ phase }) => phase === 'separating');
  const steps = Array.from({ length: 33 }, (_, step) => (0.1 + (0.85 * step) / 32).toFixed(4));
  const seen = new Set(separating.map(({ fraction = 0 }) => fraction.toFixed(4)));
  for (const fraction of seen) expect(steps).toContain(fraction);
  // tqdm itself leaves some out on a busy machine.
  expect(seen.size).toBeGreaterThan(16);
  expect(separating.at(-1)?.fraction).toBeCloseTo(0.95, 2);
});

test.each([
  ['a pipe', false],
  ['a pseudo-terminal', true],
])('the first progress comes within a second of its first bar, over %s', async (_, pty) => {
  await writeSound(place('song.wav'), 8000, [tone(8000, 60)]);
  start();
  const begun = performance.now();
  let first = 0;
  let seen = 0;
  const progress: Progress[] = [];
  const reader = createOutput({
    onLines: () => {},
    onProgress(told) {
      if (told.unit !== 'seconds') return;
      seen ||= performance.now() - begun;
      progress.push(told);
    },
  });
  const take = (chunk: Uint8Array): void => {
    if (first === 0 && Buffer.from(chunk).includes('seconds/s')) first = performance.now() - begun;
    reader.push(chunk);
  };
  const args = ['-o', place('out'), '--filename', '{stem}.{ext}', place('song.wav')];
  const options = { args, cwd: folder, env: childEnvironment(), pty, tag: 'test' };
  const program = startProgram(
    { ...options, program: place('bin/demucs') },
    { onOut: take, onErr: take },
  );
  expect(await program.exited).toMatchObject({ code: 0 });
  await reader.end();
  expect(seen - first).toBeLessThan(1000);
  expect(progress.at(-1)?.fraction).toBe(1);
  expect(progress.length).toBeGreaterThanOrEqual(10);
});

test('a cancelled one is ended with all that it started, and leaves nothing', async () => {
  await writeSound(place('song.wav'), 44_100, [tone(44_100, 20)]);
  start({ HANG: '1' });
  const answer = item();
  await step.until((line) => line.type === 'progress' && (line.fraction ?? 0) > 0.2);
  const running = childOf(step.child.pid ?? 0);
  expect(running).toBeDefined();
  step.send({ type: 'cancel', id: '1' });
  expect(await answer).toMatchObject({ type: 'error', message: 'cancelled' });
  await eventually(() => childOf(step.child.pid ?? 0)).toBeUndefined();
  expect(readdirSync(folder).toSorted()).toEqual(['bin', 'empty', 'out', 'song.wav']);
  expect(readdirSync(place('out'))).toEqual([]);
});

test('says what it said when it fails, and what to do where it is not there', async () => {
  await writeSound(place('song.wav'), 44_100, [tone(44_100, 1)]);
  start({ FAIL: '3' });
  expect(await item()).toMatchObject({
    type: 'error',
    message: 'demucs ended with exit code 3: RuntimeError: no such weights',
  });
  step.child.kill('SIGKILL');
  start({ PATH: place('empty') });
  expect(await item()).toMatchObject({
    message: 'The program demucs was not found',
    hint: expect.stringContaining('pip install demucs'),
    retry: false,
  });
});

/** The process that a process has started, if one runs. Linux. */
function childOf(pid: number): number | undefined {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const children = tasks.flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  );
  return children[0] === undefined ? undefined : Number(children[0]);
}
