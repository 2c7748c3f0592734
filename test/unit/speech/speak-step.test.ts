import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeSound } from '../../../src/engines/sound/decode.ts';
import { StepProcess } from './step-process.ts';

const speak = join(import.meta.dirname, '../../../src/steps/speak.ts');
const talker = join(import.meta.dirname, 'programs', 'talker.mjs');
const command = [process.execPath, talker, '--file', '{output}', '{textfile}'];

describe('speak', { timeout: 60_000 }, () => {
  let folder = '';
  let step: StepProcess;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-speak-test-'));
    step = new StepProcess(speak);
  });
  afterEach(async () => {
    step.child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  it('speaks a file with a program and says how far it is', async () => {
    const file = join(folder, 'text.md');
    const output = join(folder, 'speech.wav');
    await writeFile(file, '# Title\n\nSome *text*.\n');
    step.item('1', { file, output, with: { engine: 'command', command, pause: 0 } });
    expect(await step.answer('1')).toEqual({
      type: 'done',
      id: '1',
      file: true,
      mime: 'audio/wav',
      seconds: ('Title.'.length + 'Some text.'.length) / 100,
      engine: 'command',
      model: { name: process.execPath },
    });
    const progress = step.lines.filter((line) => line.type === 'progress');
    expect(progress.map(({ phase, done, total }) => [phase, done, total])).toEqual([
      ['load', undefined, undefined],
      ['speak', 0, 16],
      ['speak', 6, 16],
      ['speak', 16, 16],
    ]);
    const { samples, sampleRate } = await decodeSound(await readFile(output));
    expect(samples.length / sampleRate).toBeCloseTo(0.16, 3);
    expect((await readFile(output)).toString()).toContain('A title');
    expect(await step.end()).toBe(0);
  });

  it.each([
    ['an empty text', { text: ' \n' }, 'nothing to speak'],
    ['a text of signs', { text: '*** --- ???' }, 'nothing to speak'],
    ['an option that it does not know', { text: 'a', with: { voise: 'x' } }, 'voise'],
    ['an ending that it does not know', { text: 'a', output: '/tmp/x.aac' }, '.aac'],
    [
      'a file that is not there',
      { file: '/no/such/file.txt' },
      'cannot read /no/such/file.txt: there is no such file',
    ],
  ])('refuses %s', async (_, item, message) => {
    const options = { engine: 'command', command, ...('with' in item && item.with) };
    step.item('1', { output: join(folder, 'x.mp3'), ...item, with: options });
    expect(await step.answer('1')).toMatchObject({
      type: 'error',
      message: expect.stringContaining(message),
    });
  });

  it('says where a file is not UTF-8', async () => {
    const file = join(folder, 'bad.txt');
    await writeFile(file, Buffer.from('one\ntw\xff', 'latin1'));
    step.item('1', { file, output: join(folder, 'x.mp3') });
    expect(await step.answer('1')).toMatchObject({
      message: 'bad.txt:2:3: byte 0xff is not UTF-8',
      retry: false,
    });
  });

  it('leaves no file behind when it fails half way', async () => {
    const output = join(folder, 'x.wav');
    const failing = [
      process.execPath,
      '-e',
      `
      const text = require('fs').readFileSync(0, 'utf8');
      if (text.includes('Second')) process.exit(1);
      process.stdout.write(Buffer.from('52494646ffffffff57415645666d74201000000001000100401f0000803e00000200100064617461ffffffff00400040', 'hex'));
    `,
    ];
    step.item('1', {
      text: 'First.\n\nSecond.',
      output,
      with: { engine: 'command', command: failing },
    });
    expect(await step.answer('1')).toMatchObject({ type: 'error' });
    await expect(stat(output)).rejects.toThrow('ENOENT');
  });

  it.skipIf(process.platform === 'win32')('lets espeak-ng speak other languages', async () => {
    const program = join(folder, 'espeak-ng');
    const script = `[ "$1" = --version ] && exit; [ "$2 $4" = "fr 350" ] && exec "${process.execPath}" "${talker}" --file "$6" "$8"`;
    await writeFile(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const other = new StepProcess(speak, {
      ...process.env,
      PATH: `${folder}:${process.env['PATH']}`,
    });
    const options = { language: 'fr', speed: 2 };
    other.item('1', { text: 'Bonjour.', output: join(folder, 'fr.mp3'), with: options });
    expect(await other.answer('1')).toMatchObject({ type: 'done', engine: 'command' });
    expect(other.lines).toContainEqual(
      expect.objectContaining({ text: expect.stringContaining('speaking with espeak-ng') }),
    );
    expect(await other.end()).toBe(0);
  });

  it('stops soon when it is cancelled, and takes the next item', async () => {
    const output = join(folder, 'long.mp3');
    step.item('1', {
      text: 'A sentence that is spoken again and again. '.repeat(3000),
      output,
      with: { engine: 'flite' },
    });
    await step.until(
      (line) => line.type === 'progress' && (line.done ?? 0) > 0 && line.phase === 'speak',
    );
    step.send({ type: 'cancel', id: '1' });
    expect(await step.answer('1')).toMatchObject({ message: 'cancelled' });
    await expect(stat(output)).rejects.toThrow('ENOENT');
    step.item('2', { text: 'Next.', output, with: { engine: 'flite', voice: 'rms' } });
    expect(await step.answer('2')).toMatchObject({
      type: 'done',
      mime: 'audio/mpeg',
      engine: 'flite',
    });
    step.item('3', { text: 'No.', output, with: { engine: 'flite', voice: 'slit' } });
    expect(await step.answer('3')).toMatchObject({
      hint: expect.stringContaining('`slt`'),
      retry: false,
    });
    step.item('4', { text: 'Non.', output, with: { engine: 'flite', language: 'fr' } });
    expect(await step.answer('4')).toMatchObject({
      message: 'flite speaks English only, not `fr`',
    });
    expect(await step.end()).toBe(0);
  });
});
