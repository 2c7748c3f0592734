import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ofType, parseEvents, startSluice } from '../../support/sluice.ts';
import { ends, listing, runJson, SHOUT, script, textOf, workspaceWith } from './folder.ts';

const BAD = 'two';

/** Three inputs, the second of which meets `code`; the others are shouted. */
function batchWith(code: string, more: object = {}): object {
  const whole = `if (args[0] === '${BAD}') { ${code} } else process.stdout.write(args[0].toUpperCase())`;
  return {
    inputs: ['one', BAD, 'three'],
    steps: [{ ...script(whole, '{input}'), name: 'shout' }],
    output: 'out/{slug}.txt',
    ...more,
  };
}

/** Runs it; the first and third item must be done. Answers what became of the second. */
async function fateOf(code: string, more: object = {}): Promise<string> {
  const folder = workspaceWith(batchWith(code, more));
  const outcome = await runJson(folder);
  expect(outcome.code).toBe(1);
  expect(listing(join(folder, 'out'))).toEqual(['one.txt', 'three.txt']);
  expect(listing(join(folder, '.sluice', 'work'))).toEqual([]);
  const [first, second = '', third] = ends(outcome.events);
  expect([first, third]).toEqual(['done', 'done']);
  return second;
}

describe('an item fails, and the others are done', () => {
  test('when its program ends with an exit code, with what it said last', async () => {
    const code = "console.error('starting'); console.error('no such voice: x'); process.exit(3)";
    expect(await fateOf(code)).toBe('shout ended with exit code 3. It said last: no such voice: x');
  });

  test('when its program said nothing on standard error, with the last line of its output', async () => {
    expect(await fateOf("console.log('giving up'); process.exit(1)")).toBe(
      'shout ended with exit code 1. It said last: giving up',
    );
  });

  test('when its program is killed by a signal', async () => {
    const code = "process.kill(process.pid, 'SIGKILL'); setTimeout(() => {}, 9999)";
    expect(await fateOf(code)).toBe('shout was killed by SIGKILL.');
  });

  test('when its program ends well without a word', async () => {
    expect(await fateOf('')).toBe(
      'shout ended well, but it printed nothing, so there is no result. A program that writes a file itself takes its path from {output}.',
    );
  });

  test('when its program ends well without the file that it was to write', async () => {
    const code = `if (args[0] !== '${BAD}') require('fs').writeFileSync(args[1], args[0])`;
    const steps = [{ ...script(code, '{input}', '{output}'), name: 'shout' }];
    expect(await fateOf('', { steps })).toBe(
      'The step ended well, but it made no result for out/two.txt. Check that the program writes to {output} or {outdir}.',
    );
  });

  test('when its program takes too long', async () => {
    expect(await fateOf('setInterval(() => {}, 1000)', { timeout: '2s' })).toBe(
      'It took longer than 2 s.',
    );
  });

  test('again and again, as often as `retries` says', async () => {
    const folder = workspaceWith(batchWith('process.exit(7)', { retries: 2, backoff: '10ms' }));
    const { events, code } = await runJson(folder);
    expect(code).toBe(1);
    expect(ofType(events, 'retry').map(({ item, attempt }) => [item, attempt])).toEqual([
      [2, 1],
      [2, 2],
    ]);
    expect(ends(events)[1]).toBe('shout ended with exit code 7.');
  });
});

test('a program that is not there fails its items once, and is named', async () => {
  const steps = [{ run: ['demucks', '{input}'] }];
  const folder = workspaceWith({ inputs: ['a', 'b'], steps, retries: 3 });
  const { code, events } = await runJson(folder);
  expect(code).toBe(1);
  const message = expect.stringMatching(/^The program demucks was not found\b.*PATH/);
  expect(ends(events)).toEqual([message, message]);
  expect(ofType(events, 'retry')).toEqual([]);
});

test('a program by a path that is not there is named with its path', async () => {
  const folder = workspaceWith({ inputs: ['a'], steps: [{ run: ['./bin/make', '{input}'] }] });
  const { code, events } = await runJson(folder);
  expect(code).toBe(1);
  expect(ends(events)).toEqual([expect.stringMatching(/^There is no program \.\/bin\/make/)]);
});

test('output that is not UTF-8 is shown with replacement characters and kept as it is', async () => {
  const code = 'process.stdout.write(Buffer.from([0x63, 0xff, 0x61, 0xc3, 0x0a]))';
  const folder = workspaceWith({
    inputs: ['a'],
    steps: [script(code)],
    output: 'out/{slug}.bin',
  });
  const outcome = await runJson(folder);
  expect(outcome.code).toBe(0);
  const lines = ofType(outcome.events, 'log').flatMap((event) => event.lines);
  expect(lines).toEqual(['c\ufffda\ufffd']);
  expect([...readFileSync(join(folder, 'out/a.bin'))]).toEqual([0x63, 0xff, 0x61, 0xc3, 0x0a]);
});

test('a line of 100 MB is kept whole in its result, and not in the memory of the runner', async () => {
  const code = `
    const block = Buffer.alloc(1e6, 'x');
    let left = 100;
    (function more() {
      while (left-- > 0) if (!process.stdout.write(block)) return process.stdout.once('drain', more);
    })();`;
  const steps = [SHOUT, { ...script(code), name: 'flood' }];
  const folder = workspaceWith({ inputs: ['a'], steps, output: 'out/{slug}.txt' });
  const running = startSluice(folder, ['run', 'a.batch.yaml', '--json']);
  let text = '';
  const memory: number[] = [];
  running.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    const pid = /"pid":(\d+)/.exec(text)?.[1];
    if (pid !== undefined) memory.push(peakMegabytes(pid));
  });
  const { exitCode } = await running;
  expect(exitCode).toBe(0);
  expect(readFileSync(join(folder, 'out/a.txt')).length).toBe(100e6);
  const events = parseEvents(text);
  for (const { lines } of ofType(events, 'log')) {
    for (const line of lines) expect(line.length).toBeLessThan(70_000);
  }
  const peak = Math.max(...memory);
  expect(peak - (memory[0] ?? 0), `MB: ${memory.join(' ')}`).toBeLessThan(80);
});

test('a program that keeps its output open is not waited for when it has ended', async () => {
  const code = `
    require('child_process')
      .spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'inherit' })
      .unref();
    console.log('done');`;
  const batch = { inputs: ['a'], steps: [script(code)], output: 'out/{slug}.txt' };
  const folder = workspaceWith(batch);
  const began = performance.now();
  expect((await runJson(folder)).code).toBe(0);
  expect(performance.now() - began).toBeLessThan(20_000);
  expect(textOf(folder, 'out/a.txt')).toBe('done\n');
});

/** The most memory that a process has had so far; 0 where the system does not tell. */
function peakMegabytes(pid: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000;
  } catch {
    return 0;
  }
}
