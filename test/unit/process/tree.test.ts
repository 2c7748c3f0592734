import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { findFamily, parsePs } from '../../../src/process/processes.ts';
import { endLeftovers } from '../../../src/process/program.ts';
import { eventually } from '../../support/eventually.ts';
import { alive, PROGRAMS, PYTHON, start } from './run.ts';

const family = (kind: string, options = {}) =>
  start(PYTHON, [join(PROGRAMS, 'family.py'), kind], options);

// Who is alive is looked up in /proc.
const onLinux = describe.skipIf(process.platform !== 'linux');

onLinux('stop', () => {
  test.each(['group', 'session', 'daemon', 'deaf'])('ends all: %s', async (kind) => {
    const run = family(kind);
    await run.says('ready');
    expect(alive(run.tag).length).toBeGreaterThanOrEqual(2);
    const begin = performance.now();
    await run.program.stop({ delay: 400 });
    expect(alive(run.tag)).toEqual([]);
    const took = performance.now() - begin;
    if (kind === 'deaf') expect(took).toBeGreaterThanOrEqual(390);
    expect(await run.exited).toEqual({
      code: null,
      signal: kind === 'deaf' ? 'SIGKILL' : 'SIGTERM',
    });
  });

  test('ends all on a pseudo-terminal', async () => {
    const run = family('daemon', { pty: true });
    await run.says('ready');
    await run.program.stop({ delay: 400 });
    expect(alive(run.tag)).toEqual([]);
  });

  test('ends a stopped process', async () => {
    const run = start('sh', ['-c', 'echo ready; kill -STOP $$']);
    await run.says('ready');
    await run.program.stop();
    expect((await run.exited).signal).toBe('SIGTERM');
  });

  test('lets a program tidy up', async () => {
    const run = start('sh', [
      '-c',
      'trap "sleep 0.2; echo tidy; exit 7" TERM; echo ready; sleep 60 & wait',
    ]);
    await run.says('ready');
    await run.program.stop({ delay: 5000 });
    expect(await run.exited).toEqual({ code: 7, signal: null });
    expect(run.out()).toBe('ready\ntidy\n');
  });

  test('may be called again, in more of a hurry', async () => {
    const run = family('deaf');
    await run.says('ready');
    const slow = run.program.stop({ delay: 60_000 });
    await sleep(50);
    await run.program.stop({ delay: 0 });
    await slow;
    expect(alive(run.tag)).toEqual([]);
    await run.program.stop();
  });

  test('may be called at once, and after the end', async () => {
    const run = start('sleep', ['60']);
    await run.program.stop();
    expect((await run.exited).signal).toBe('SIGTERM');
    const done = start('true', []);
    await done.exited;
    await done.program.stop();
  });

  test('ends a program whose output nobody reads', async () => {
    const run = start('yes', []);
    await run.says('y');
    run.program.pause();
    await run.program.stop();
    expect((await run.exited).signal).not.toBeNull();
  });
});

onLinux('what outlives a program', () => {
  test('may still write for a while', async () => {
    const run = family('writer');
    expect((await run.exited).code).toBe(0);
    expect(run.out()).toBe('ready\nlate\n');
  });

  test('does not hold it up by its pipe for long, and is ended', async () => {
    const run = family('pipe');
    await run.says('ready');
    const begin = performance.now();
    expect((await run.exited).code).toBe(0);
    expect(performance.now() - begin).toBeLessThan(20_000);
    expect(alive(run.tag)).toEqual([]);
  });

  test('is ended at once in its group, and soon outside of it', async () => {
    const group = start('sh', ['-c', 'sleep 600 >/dev/null 2>&1 &']);
    await group.exited;
    expect(alive(group.tag)).toEqual([]);
    const gone = family('gone');
    await gone.exited;
    await eventually(() => alive(gone.tag)).toEqual([]);
  });

  test('does not outlive the next search for a killed runner’s programs', async () => {
    const prefix = `orphan-${process.pid}/`;
    const runner = spawn(
      process.execPath,
      [join(PROGRAMS, 'orphan.ts'), `${prefix}1`, PYTHON, join(PROGRAMS, 'family.py'), 'deaf'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const other = start('sleep', ['60'], { tag: `orphan-${process.pid}0/` });
    await once(runner.stdout, 'data');
    runner.kill('SIGKILL');
    await once(runner, 'exit');
    expect(alive(prefix).length).toBeGreaterThanOrEqual(2);
    expect(await endLeftovers(prefix)).toBeGreaterThanOrEqual(2);
    expect(alive(prefix)).toEqual([]);
    expect(alive(other.tag)).toEqual([other.program.pid]);
    await other.program.stop();
    expect(await endLeftovers(prefix)).toBe(0);
  });
});

describe('findFamily', () => {
  const row = (pid: number, parent: number, group = pid, session = group) => ({
    pid,
    parent,
    group,
    session,
  });
  const self = process.pid;

  test('takes group, session, tag and all below, and never itself', () => {
    const table = {
      rows: [
        row(1, 0),
        row(self, 1),
        row(10_000_001, self),
        row(10_000_002, 1, 10_000_001),
        row(10_000_003, 1, 10_000_003, 10_000_001),
        row(10_000_004, 1),
        row(10_000_005, 10_000_004),
        row(10_000_006, self),
        row(10_000_007, 1),
      ],
      tag: (pid: number) => (pid === 10_000_004 || pid === self ? 'mine' : undefined),
    };
    const found = findFamily(table, { leader: () => 10_000_001, hasTag: (tag) => tag === 'mine' });
    expect(found).toEqual([10_000_001, 10_000_002, 10_000_003, 10_000_004, 10_000_005]);
  });

  test('reads what ps of macOS prints', () => {
    const table = parsePs(
      [
        '    1     0     1 0 Ss   /sbin/launchd',
        '  501     1   501 0 S    /bin/sh -c sleep 60 PATH=/usr/bin SLUICE_TAG=run/1:9.1 HOME=/Users/a',
        '  502   501   501 0 Z    (sleep)',
        '  503   501   501 0 R+   sleep 60',
      ].join('\n'),
    );
    expect(table.rows.map(({ pid }) => pid)).toEqual([1, 501, 503]);
    expect(findFamily(table, { hasTag: (tag) => tag.startsWith('run/') })).toEqual([501, 503]);
  });
});
