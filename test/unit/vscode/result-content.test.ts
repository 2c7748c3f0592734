import { execFileSync } from 'node:child_process';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readContent } from '../../../src/vscode/result-content.ts';
import { FakeVscode } from '../../support/fake-vscode.ts';
import { makeWorkspace } from '../../support/sluice.ts';

const { t } = new FakeVscode().module.l10n;
const SOUND = 'audio/mpeg';
const TEXT = 'text/plain';

function read(folder: string, path: string, mime: string) {
  return readContent(folder, { path, mime }, t);
}

describe('the content of a result', () => {
  test('is a whole sound, and the first part of a text', async () => {
    const sound = new Uint8Array(300_000).fill(7);
    const folder = makeWorkspace({ 'a.mp3': sound, 'a.txt': 'short', 'b.txt': 'x'.repeat(70_000) });
    expect(await read(folder, 'a.mp3', SOUND)).toEqual({ bytes: sound, whole: true });
    const short = new TextEncoder().encode('short');
    expect(await read(folder, 'a.txt', TEXT)).toEqual({ bytes: short, whole: true });
    const part = await read(folder, 'b.txt', TEXT);
    expect('bytes' in part && [part.bytes.length, part.whole]).toEqual([65_536, false]);
  });

  test('is a problem where there is no file, none in the workspace, or too much of it', async () => {
    const folder = makeWorkspace({ 'a.mp3': '', 'd/a.txt': '' });
    truncateSync(join(folder, 'a.mp3'), (256 << 20) + 1);
    execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', join(folder, 'pipe.txt')]);
    const problems = [
      await read(folder, 'a.mp3', SOUND),
      await read(folder, '../../etc/passwd', TEXT),
      await read(folder, 'gone.txt', TEXT),
      await read(folder, 'd', TEXT),
      await read(folder, 'pipe.txt', TEXT),
    ].map((content) => ('problem' in content ? content.problem : ''));
    expect(problems).toEqual([
      expect.stringContaining('too long'),
      expect.stringContaining('outside the workspace'),
      expect.stringContaining('not there any more'),
      expect.stringContaining('no file'),
      expect.stringContaining('no file'),
    ]);
  });
});
