import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PYTHON, start } from './run.ts';

const ASK = 'import os, sys; print(sys.stdout.isatty(), os.environ.get("GIT_TERMINAL_PROMPT"))';

async function says(program: string, args: readonly string[], options: object): Promise<string> {
  const run = start(program, args, { pty: 'auto', ...options });
  expect(await run.exited).toEqual({ code: 0, signal: null });
  expect(run.program.note).toBeUndefined();
  return run.out().trim();
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-shy-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a pseudo-terminal with pty: 'auto'", () => {
  test('goes to a program that hides its progress on a pipe', async () => {
    expect(await says(PYTHON, ['-c', ASK], { mayMerge: true })).toBe('True 0');
  });

  test('goes to a script of Python', async () => {
    const script = join(folder, 'render');
    writeFileSync(script, `#!/usr/bin/env python3\n${ASK}\n`);
    chmodSync(script, 0o755);
    expect(await says(script, [], { mayMerge: true })).toBe('True 0');
  });

  test('does not go to one whose output is the result, nor to one that is written to', async () => {
    expect(await says(PYTHON, ['-c', ASK], {})).toBe('False None');
    expect(await says(PYTHON, ['-c', ASK], { mayMerge: true, stdin: 'pipe' })).toBe('False None');
  });

  test('does not go to other programs', async () => {
    const script = 'test -t 1 || echo a pipe';
    expect(await says('sh', ['-c', script], { mayMerge: true })).toBe('a pipe');
  });

  test('makes nobody wait: a question has no answer, a log has no pager', async () => {
    const ask = 'try: input("Sure? ")\nexcept EOFError: print("nobody")';
    expect(await says(PYTHON, ['-c', ask], { mayMerge: true })).toContain('nobody');
    const page = 'import pydoc; pydoc.pager("line\\n" * 500)';
    expect(await says(PYTHON, ['-c', page], { mayMerge: true })).toContain('line');
  });
});
