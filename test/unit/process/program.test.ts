import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { stripAnsi } from '../../../src/progress/detect.ts';
import { start } from './run.ts';

describe('startProgram', () => {
  test('gives both streams, in bytes, and the exit code', async () => {
    const run = start('sh', ['-c', 'printf "a\\303\\251"; echo b >&2; exit 3']);
    expect(await run.exited).toEqual({ code: 3, signal: null });
    expect([run.out(), run.err()]).toEqual(['aé', 'b\n']);
    expect(run.program.pid).toBeGreaterThan(1);
  });

  test('gives the signal that ended it', async () => {
    expect(await start('sh', ['-c', 'kill -9 $$']).exited).toEqual({
      code: null,
      signal: 'SIGKILL',
    });
  });

  test('takes arguments as they are', async () => {
    const run = start('printf', ['%s|', '$HOME', '*', 'a b', '', '"\'', ';ls']);
    await run.exited;
    expect(run.out()).toBe('$HOME|*|a b||"\'|;ls|');
  });

  test.each([false, true] as const)('says what is missing (pty: %s)', async (pty) => {
    const { exited, program } = start('no-such-program', [], { pty });
    expect(program.pid).toBeUndefined();
    expect(await exited).toEqual({
      code: null,
      signal: null,
      failure: {
        message: 'The program no-such-program was not found',
        hint: expect.stringContaining('PATH'),
      },
    });
    await program.stop();
  });

  test('names a program of nearly the same name', async () => {
    const env = { PATH: '/usr/bin:/bin' };
    const { failure } = await start('sh3', [], { env }).exited;
    expect(failure?.hint).toContain('There is a program sh:');
  });

  test('tells a missing folder from a missing program', async () => {
    const { failure } = await start('true', [], { cwd: '/no/such/folder' }).exited;
    expect(failure?.message).toBe('The folder /no/such/folder to run true in does not exist');
  });

  test('says that a file may not be run', async () => {
    const { failure } = await start('/etc/passwd', []).exited;
    expect(failure?.message).toBe('/etc/passwd may not be run');
  });

  test.each([false, true] as const)('says that arguments are too long (pty: %s)', async (pty) => {
    const { code, failure } = await start('true', ['x'.repeat(3_000_000)], { pty }).exited;
    if (pty) expect(code).not.toBe(0);
    else expect(failure?.message).toBe('true was given too long arguments');
    const { failure: other } = await start('true', ['a\0b']).exited;
    expect(other?.message).toContain('did not start');
  });

  test('writes to its input, and survives a program that reads none', async () => {
    const reader = start('cat', [], { stdin: 'pipe' });
    reader.program.stdin?.end('hello');
    expect((await reader.exited).code).toBe(0);
    expect(reader.out()).toBe('hello');

    const deaf = start('true', [], { stdin: 'pipe' });
    deaf.program.stdin?.write('x'.repeat(1_000_000));
    expect((await deaf.exited).code).toBe(0);
  });

  test('has no input without being asked', async () => {
    const run = start('cat', []);
    expect(run.program.stdin).toBeUndefined();
    expect((await run.exited).code).toBe(0);
  });

  test('pauses and goes on, and loses nothing', async () => {
    const run = start('sh', ['-c', 'head -c 3000000 /dev/zero; echo end']);
    await run.says('\0');
    run.program.pause();
    await sleep(50);
    const held = run.out().length;
    await sleep(300);
    expect(run.out().length).toBe(held);
    expect(held).toBeLessThan(3_000_000);
    run.program.resume();
    await run.exited;
    expect(run.out().length).toBe(3_000_004);
  });

  test('reads to the end what is printed at the end', async () => {
    for (let index = 0; index < 10; index += 1) {
      const run = start('sh', ['-c', 'head -c 300000 /dev/zero | tr "\\0" x']);
      await run.exited;
      expect(run.out().length).toBe(300_000);
    }
  });
});

describe('pty', () => {
  test('is a wide terminal, with both streams in one', async () => {
    const run = start('sh', ['-c', 'test -t 1 && tput cols; echo err >&2; cat; exit 4'], {
      pty: true,
    });
    expect(await run.exited).toEqual({ code: 4, signal: null });
    expect(run.program.note).toBeUndefined();
    expect(stripAnsi(run.out())).toContain('200\r\nerr\r\n');
    expect(run.err()).toBe('');
  });

  test('says which signal ended it', async () => {
    const run = start('sh', ['-c', 'kill -TERM $$'], { pty: true });
    expect(await run.exited).toEqual({ code: null, signal: 'SIGTERM' });
  });

  test('takes input', async () => {
    const run = start('sh', ['-c', 'read -r name; echo "hello $name"'], {
      pty: true,
      stdin: 'pipe',
    });
    run.program.stdin?.write('Ada\n');
    expect((await run.exited).code).toBe(0);
    expect(run.out()).toContain('hello Ada');
  });

  test.each([true, 'auto'] as const)('makes a C program live (pty: %s)', async (pty) => {
    // `cut` holds its output back on a pipe until it ends.
    const script = 'for i in 1 2 3; do echo line $i; sleep 0.5; done | cut -c1-';
    const run = start('sh', ['-c', script], { pty });
    if (pty === true) {
      const alone = start('cut', ['-c1-'], { pty, stdin: 'pipe' });
      alone.program.stdin?.write('one\n');
      await alone.says('one');
      await alone.program.stop();
      await run.exited;
    } else {
      await run.says('line 1');
      expect(run.out()).not.toContain('line 3');
      await run.exited;
    }
    expect(run.out().replaceAll('\r', '')).toBe('line 1\nline 2\nline 3\n');
  });
});
