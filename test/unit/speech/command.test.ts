import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCommand } from '../../../src/engines/speech/command.ts';
import type { SpeakOptions, SpeechEngine } from '../../../src/engines/speech/engine.ts';

const talker = [process.execPath, join(import.meta.dirname, 'programs', 'talker.mjs')];
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-command-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function samplesOf(engine: SpeechEngine, text: string, options?: SpeakOptions) {
  let count = 0;
  for await (const { samples } of engine.speak(text, options)) count += samples.length;
  return count;
}

it('fills in the places of the arguments', async () => {
  const engine = createCommand([...talker, '--file', '{output}', '{textfile}']);
  expect(await samplesOf(engine, 'héllo')).toBe(5 * 80);
});

it('uses standard input and output where there are no places', async () => {
  expect(await samplesOf(createCommand([...talker, '--stdin', '-']), 'hello')).toBe(5 * 80);
});

it('speaks a long text in pieces', async () => {
  const engine = createCommand([...talker, '--stdin', '-']);
  const chunks: unknown[] = [];
  for await (const chunk of engine.speak('word '.repeat(1500))) chunks.push(chunk);
  expect(chunks.length).toBe(2);
});

it.each([
  ['a program that is not there', ['no-such-program-here', '{text}'], 'cannot find the program'],
  [
    'a program that fails',
    [...talker, '--fail', '{output}'],
    'failed (exit code 3): no such voice',
  ],
  ['a program that makes nothing', [...talker, '--silent', '{output}'], 'wrote nothing'],
  ['a program that says nothing', [...talker, '--silent'], 'the sound is empty'],
  ['a place that is not filled', [...talker, '{voice}'], '`voice` is not set'],
])('says what is wrong with %s', async (_, command, message) => {
  await expect(samplesOf(createCommand(command), 'hello')).rejects.toThrow(message);
});

it('needs a command', () => {
  expect(() => createCommand([])).toThrow('there is no `command`');
});

it('ends the program and its children when it is cancelled', { timeout: 15_000 }, async () => {
  const pids = join(folder, 'pids');
  const controller = new AbortController();
  const engine = createCommand([...talker, '--slow', '{output}', pids]);
  const speaking = samplesOf(engine, 'hello', { signal: controller.signal });
  const started = () => readFile(pids, 'utf8').catch(() => '');
  while (!(await started()).includes(' ')) await wait(20);
  controller.abort();
  await expect(speaking).rejects.toThrow(/abort/i);
  const alive = (pid: string) => {
    try {
      process.kill(Number(pid), 0);
      // An ended process that nobody has waited for is still listed.
      return (
        process.platform !== 'linux' || !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
      );
    } catch {
      return false;
    }
  };
  await wait(300);
  expect((await started()).split(' ').filter(alive)).toEqual([]);
});
