import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAlive } from '../../../src/runner/liveness.ts';
import { makeWorkspace, ofType, parseEvents, sluice, startSluice } from '../../support/sluice.ts';

const read = (folder: string, path: string): string => readFileSync(join(folder, path), 'utf8');
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('events come once, numbered from 1 without a gap, the first and the last where they belong', async () => {
  const folder = makeWorkspace({
    'b.batch.yaml': 'inputs: [a, b, c]\nsteps:\n  - run: [echo, "{input}"]\nconcurrency: 2\n',
  });
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(0);
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  expect(events[0]?.type).toBe('run');
  expect(events.at(-1)).toMatchObject({ type: 'finish', state: 'done' });
  expect(
    ofType(events, 'log')
      .flatMap((event) => event.lines)
      .sort(),
  ).toEqual(['a', 'b', 'c']);
});

test('steps hand on: standard output becomes the next step’s input, the last one’s the result', async () => {
  const folder = makeWorkspace({
    'b.batch.yaml': `
inputs: [hello]
steps:
  - run: [printf, "%s world", "{input}"]
    output: between/{slug}.txt
  - run: tr a-z A-Z < "$SLUICE_INPUT"
    shell: true
output: out/{slug}.txt
`,
  });
  const { code } = await sluice(folder, ['run', 'b.batch.yaml']);
  expect(code).toBe(0);
  expect(read(folder, 'between/hello.txt')).toBe('hello world');
  expect(read(folder, 'out/hello.txt')).toBe('HELLO WORLD');
});

test('a program that writes many files into {outdir} has them all in its own folder', async () => {
  const folder = makeWorkspace({
    'b.batch.yaml': `
inputs: [song]
steps:
  - run: [sh, -c, 'mkdir "$0/deep"; echo v > "$0/vocals.wav"; echo d > "$0/deep/drums.wav"', "{outdir}"]
`,
  });
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(0);
  expect(read(folder, 'out/song/vocals.wav')).toBe('v\n');
  expect(read(folder, 'out/song/deep/drums.wav')).toBe('d\n');
  expect(
    ofType(events, 'result')
      .map(({ result }) => result.path)
      .sort(),
  ).toEqual(['out/song/deep/drums.wav', 'out/song/vocals.wav']);
});

test('what is made is skipped; what changed, or was touched, is not', async () => {
  const folder = makeWorkspace({
    'names.txt': 'a\nb\nc\n',
    'b.batch.yaml':
      'inputs: { lines: names.txt }\nsteps:\n  - run: [echo, "{input}"]\noutput: out/{index}.txt\n',
  });
  const ends = async (...flags: string[]): Promise<string[]> => {
    const { events, err } = await sluice(folder, ['run', 'b.batch.yaml', '--json', ...flags]);
    expect(err).toBe('');
    return ofType(events, 'end').map((end) => end.state);
  };
  expect(await ends()).toEqual(['done', 'done', 'done']);
  expect(await ends()).toEqual(['skipped', 'skipped', 'skipped']);
  writeFileSync(join(folder, 'names.txt'), 'a\nB!\nc\n');
  expect(await ends()).toEqual(['skipped', 'done', 'skipped']);
  expect(read(folder, 'out/2.txt')).toBe('B!\n');
  expect(await ends('--force')).toEqual(['done', 'done', 'done']);
  // A person's own edit is not thrown away.
  writeFileSync(join(folder, 'out/3.txt'), 'my own words');
  expect(await ends('--force')).toEqual(['done', 'done', 'failed']);
  expect(read(folder, 'out/3.txt')).toBe('my own words');
  expect(await ends('--force', '--overwrite')).toEqual(['done', 'done', 'done']);
});

test('every result has its provenance in the manifest', async () => {
  const folder = makeWorkspace({
    'names.txt': '\nhello\n',
    'b.batch.yaml':
      'inputs: { lines: names.txt }\nsteps:\n  - run: [echo, "{input}"]\noutput: out/{slug}.txt\n',
  });
  const { events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  const id = ofType(events, 'run')[0]?.run.id ?? '';
  const manifest = JSON.parse(read(folder, `.sluice/runs/${id}/manifest.json`)) as unknown;
  expect(manifest).toMatchObject({
    run: id,
    results: [
      {
        path: 'out/hello.txt',
        size: 6,
        mime: 'text/plain',
        provenance: {
          item: 1,
          step: 0,
          input: {
            // printf hello | sha256sum
            sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
            file: 'names.txt',
            line: 2,
          },
          steps: [{ name: 'echo' }],
        },
      },
    ],
  });
});

test('a failed item is tried again after a growing wait, from the step that failed', async () => {
  const folder = makeWorkspace({
    'b.batch.yaml': `
inputs: [a]
steps:
  - run: [sh, -c, "echo first >> log.txt; echo made"]
  - run: [sh, -c, "echo second >> log.txt; test $(grep -c second log.txt) -ge 3 && cat $0", "{input}"]
output: out/a.txt
retries: 3
backoff: 100ms
`,
  });
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(0);
  const retries = ofType(events, 'retry');
  expect(retries).toHaveLength(2);
  expect(retries[1]?.delay).toBeGreaterThan(retries[0]?.delay ?? Infinity);
  expect(read(folder, 'log.txt')).toBe('first\nsecond\nsecond\nsecond\n');
  expect(read(folder, 'out/a.txt')).toBe('made\n');
});

test('timeouts of an item and of a run end their programs and say so', async () => {
  const folder = makeWorkspace({
    'item.batch.yaml':
      'inputs: [a, b]\nsteps:\n  - run: [sh, -c, "test $0 = b || sleep 60", "{input}"]\ntimeout: 400ms\n',
    'run.batch.yaml': 'inputs: [a, b, c]\nsteps:\n  - run: [sleep, "60"]\nrunTimeout: 400ms\n',
  });
  const one = await sluice(folder, ['run', 'item.batch.yaml', '--json']);
  expect(one.code).toBe(1);
  expect(ofType(one.events, 'end')).toMatchObject([
    { item: 1, state: 'failed', failure: { message: 'It took longer than 0.4 s.' } },
    { item: 2, state: 'done' },
  ]);
  const all = await sluice(folder, ['run', 'run.batch.yaml', '--json']);
  expect(all.code).toBe(1);
  expect(ofType(all.events, 'end').map((end) => end.state)).toEqual(['failed', 'failed', 'failed']);
});

test('an input that is gone when its turn comes fails its item, and no more than that', async () => {
  const folder = makeWorkspace({
    'a.txt': 'a',
    'b.txt': 'b',
    'c.txt': 'c',
    'b.batch.yaml':
      'inputs: { files: "*.txt" }\nsteps:\n  - run: [rm, -f, b.txt]\nretries: 1\nbackoff: 50ms\n',
  });
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(1);
  expect(ofType(events, 'end').map((end) => [end.item, end.state])).toEqual([
    [1, 'done'],
    [3, 'done'],
    [2, 'failed'],
  ]);
  expect(ofType(events, 'end').at(-1)?.failure?.message).toBe(
    `${join(folder, 'b.txt')} is not there any more.`,
  );
});

test('silence is said, and again, and is over with the next output', async () => {
  const folder = makeWorkspace({
    'b.batch.yaml':
      'inputs: [a]\nsteps:\n  - run: [sh, -c, "echo x; sleep 2.3; echo y"]\nsilence: 1s\n',
  });
  const { events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(ofType(events, 'silence').map((event) => event.seconds)).toEqual([1, 2]);
});

test('Ctrl-C cancels the run with all its descendants, and is no failure', async () => {
  const folder = makeWorkspace({
    // A child that ignores SIGTERM, and its own child, in a session of its own.
    'b.batch.yaml': `
inputs: [a, b]
steps:
  - run: [sh, -c, "trap '' TERM; setsid sleep 300 & echo $!; echo $$; sleep 300"]
output: out/{slug}.txt
`,
  });
  const started = startSluice(folder, ['run', 'b.batch.yaml', '--json']);
  let seen = '';
  const pids = await new Promise<number[]>((resolve) => {
    started.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      const whole = parseEvents(seen.slice(0, seen.lastIndexOf('\n') + 1));
      const lines = ofType(whole, 'log').flatMap((event) => event.lines);
      if (lines.length === 2) resolve(lines.map(Number));
    });
  });
  started.kill('SIGINT');
  const { exitCode } = await started;
  expect(exitCode).toBe(130);
  for (const pid of pids) expect(isAlive(pid)).toBe(false);
  expect(existsSync(join(folder, 'out'))).toBe(false);
  expect(seen).toContain('"state":"cancelled"');
  expect(seen).not.toContain('"state":"failed"');
});

test('a run goes on when its terminal dies, and can be cancelled from elsewhere', async () => {
  const folder = makeWorkspace({
    'b.batch.yaml': 'inputs: [a, b]\nsteps:\n  - run: [sleep, "300"]\nconcurrency: 2\n',
  });
  const started = startSluice(folder, ['run', 'b.batch.yaml', '--json']);
  let seen = '';
  await new Promise<void>((resolve) => {
    started.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      if ([...seen.matchAll(/"type":"step"/g)].length === 2) resolve();
    });
  });
  started.kill('SIGKILL');
  await started;
  const pids = [...seen.matchAll(/"type":"step".*?"pid":(\d+)/g)].map((match) => Number(match[1]));
  await wait(200);
  for (const pid of pids) expect(isAlive(pid)).toBe(true);
  expect((await sluice(folder, ['list'])).out).toContain('running');
  expect((await sluice(folder, ['cancel'])).code).toBe(0);
  for (const pid of pids) expect(isAlive(pid)).toBe(false);
  expect((await sluice(folder, ['list'])).out).toContain('cancelled');
});
