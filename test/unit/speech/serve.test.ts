import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StepProcess } from './step-process.ts';

describe('serveStep', { timeout: 20_000 }, () => {
  let step: StepProcess;
  beforeEach(() => {
    step = new StepProcess(join(import.meta.dirname, 'programs', 'test-step.ts'));
  });
  afterEach(() => {
    step.child.kill('SIGKILL');
  });

  it('answers an item with its lines, in order, and ends with its input', async () => {
    step.item('1', { text: 'hello' });
    await step.answer('1');
    expect(step.lines).toEqual([
      { type: 'ready', concurrency: 1 },
      { type: 'progress', id: '1', fraction: 0.5 },
      { type: 'text', id: '1', text: 'line\u2028one\n' },
      { type: 'log', id: '1', text: 'é' },
      { type: 'done', id: '1', text: 'said hello' },
    ]);
    expect(await step.end()).toBe(0);
  });

  it('takes lines cut anywhere, within a character too', async () => {
    const line = Buffer.from(
      `${JSON.stringify({ type: 'item', id: '1', text: 'né\u2028e', with: {}, output: '/x', title: '', index: 1, total: 1, run: '' })}\n`,
    );
    for (const byte of line) {
      step.write(Uint8Array.of(byte));
      await new Promise(setImmediate);
    }
    expect(await step.answer('1')).toMatchObject({ text: 'said né\u2028e' });
  });

  it('finishes what is under way when its input ends', async () => {
    step.item('1', { text: 'wait 200' });
    step.item('2', { text: 'last' });
    expect(await step.end()).toBe(0);
    expect(step.lines.filter((line) => line.type === 'done')).toHaveLength(2);
  });

  it('does one item after the other, unless the items say otherwise', async () => {
    step.item('1', { text: 'wait 200' });
    step.item('2', { text: 'b' });
    await step.answer('2');
    expect(step.lines.findIndex((line) => line.type === 'done')).toBe(
      step.lines.findIndex((line) => line.type === 'done' && line.id === '1'),
    );
    step.item('3', { text: 'wait 5000', with: { many: true } });
    step.item('4', { text: 'd', with: { many: true } });
    await step.answer('4');
    expect(step.lines).toContainEqual({ type: 'ready', concurrency: 3 });
    expect(step.lines.some((line) => line.type === 'done' && line.id === '3')).toBe(false);
  });

  it('cancels what is under way and what waits', async () => {
    step.item('1', { text: 'wait 60000' });
    step.item('2', { text: 'never' });
    await step.until((line) => line.type === 'ready');
    step.send({ type: 'cancel', id: '2' });
    step.send({ type: 'cancel', id: '1' });
    step.send({ type: 'cancel', id: 'unknown' });
    const cancelled = { type: 'error', message: 'cancelled', retry: false };
    expect(await step.answer('1')).toEqual({ ...cancelled, id: '1' });
    expect(await step.answer('2')).toEqual({ ...cancelled, id: '2' });
    step.item('1', { text: 'again' });
    await step.until((line) => line.type === 'done' && line.id === '1');
  });

  it('tells what an error knows', async () => {
    for (const text of ['fail', 'refuse', 'hints']) step.item(text, { text });
    expect(await step.answer('fail')).toEqual({ type: 'error', id: 'fail', message: 'it broke' });
    expect(await step.answer('refuse')).toEqual({
      type: 'error',
      id: 'refuse',
      message: 'refused',
      hint: 'do not',
      retry: false,
      retryAfter: 3,
    });
    expect(await step.answer('hints')).toMatchObject({ hint: 'look there' });
    await step.end();
    expect(step.errors).toContain('it broke');
  });

  it('keeps its output for the protocol', async () => {
    step.item('1', { text: 'print' });
    step.item('2', { text: 'console' });
    await step.answer('2');
    expect(step.lines.every((line) => 'type' in line)).toBe(true);
    await step.end();
    expect(step.errors).toContain('a native library says hello');
  });

  it('says what it cannot read, and goes on', async () => {
    step.write('garbage\n{"type":"dance"}\n[]\n\n');
    step.item('1', { text: 'fine' });
    await step.answer('1');
    const logs = step.lines.filter((line) => line.type === 'log' && line.id === undefined);
    expect(logs).toHaveLength(3);
  });

  it('ends when it does not speak the version', async () => {
    const other = new StepProcess(join(import.meta.dirname, 'programs', 'test-step.ts'));
    other.send({ type: 'hello', protocol: 99, workspace: '/', concurrency: 1 });
    expect(await other.end()).toBe(1);
  });
});
