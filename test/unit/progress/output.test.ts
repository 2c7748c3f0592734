import { describe, expect, test } from 'vitest';
import { createOutput } from '../../../src/progress/output.ts';
import { growth } from '../../support/growth.ts';
import { feed, record } from './feed.ts';

const bar = (percent: number): string =>
  `\r${percent}%|####| ${percent}/100 [00:01<00:01, 9.00it/s]`;

describe('createOutput', () => {
  test('tells the lines of a chunk together', () => {
    const told = record();
    told.push('a\nb\nc');
    expect(told.lines).toEqual(['a', 'b']);
    void told.end();
    expect(told.lines).toEqual(['a', 'b', 'c']);
  });

  test('a status is seen the moment it is written, before any line ends', () => {
    const told = record();
    told.push(bar(0));
    told.clock.tick(100);
    told.push(bar(12));
    expect(told.progress.at(-1)).toMatchObject({ fraction: 0.12 });
    expect(told.lines).toEqual([]);
  });

  test('a bar redrawn 1000 times is one log line', () => {
    const told = record();
    for (let index = 0; index <= 1000; index += 1) {
      told.push(bar(Math.floor(index / 10)));
      told.clock.tick(20);
    }
    told.push('\n');
    void told.end();
    expect(told.lines).toEqual([bar(100).slice(1)]);
    expect(told.progress.length).toBeGreaterThanOrEqual(100);
    expect(told.progress.length).toBeLessThanOrEqual(130);
    expect(told.progress.at(-1)).toMatchObject({ fraction: 1 });
  });

  test('a bar alone for a while is no prompt', () => {
    const told = record();
    told.push('\r 45% of it\r');
    told.clock.tick(60_000);
    told.push('\r| spinning');
    told.clock.tick(60_000);
    expect(told.lines).toEqual([]);
  });

  test('a prompt is a line after a short quiet', () => {
    const told = record();
    told.push('Your na');
    told.clock.tick(150);
    told.push('me? ');
    told.clock.tick(150);
    expect(told.lines).toEqual([]);
    told.clock.tick(50);
    expect(told.lines).toEqual(['Your name? ']);
    told.push('Ada\nnext\n');
    expect(told.lines).toEqual(['Your name? ', 'Ada', 'next']);
    void told.end();
    expect(told.clock.waiting).toBe(0);
  });

  test('a line cut by a full buffer is no prompt', () => {
    const told = record();
    told.push('x'.repeat(4096));
    told.clock.tick(1000);
    told.push(`${'y'.repeat(10)}\n`);
    expect(told.lines).toEqual([`${'x'.repeat(4096)}${'y'.repeat(10)}`]);
  });

  test('dots printed one by one are few lines', () => {
    const told = record();
    for (let index = 0; index < 100; index += 1) {
      told.push('.');
      told.clock.tick(1000);
    }
    void told.end();
    expect(told.lines.join('')).toBe('.'.repeat(100));
    expect(told.lines.length).toBeLessThan(30);
  });

  test('a number that stands at the end of a status counts after the quiet', () => {
    const told = record();
    told.push('\r3/10');
    expect(told.progress).toEqual([]);
    told.clock.tick(200);
    expect(told.progress).toEqual([{ fraction: 0.3, done: 3, total: 10 }]);
  });

  test('small changes come once a second, and the last one always', () => {
    const told = record();
    for (let index = 0; index < 50; index += 1) {
      told.push(`\r${index}/100000 files`);
      told.clock.tick(50);
    }
    expect(told.progress.length).toBeLessThanOrEqual(4);
    void told.end();
    expect(told.progress.at(-1)).toMatchObject({ done: 49 });
    expect(told.clock.waiting).toBe(0);
  });

  test('even a mad program makes no more than a fact each frame', () => {
    const told = record();
    for (let index = 0; index < 10_000; index += 1) {
      told.push(index % 2 === 0 ? '\r 1%' : '\r 99%');
      told.clock.tick(0.1);
    }
    void told.end();
    // Each fall is a phase, and the last states of some are told at the end.
    expect(told.progress.length).toBeLessThanOrEqual(63 + 8);
  });

  test('100,000 updates a second cost little', () => {
    const updates = Array.from({ length: 100_000 }, (_, index) => `\r${index}/100000 [working]`);
    const all = (size: number) =>
      feed(
        ...Array.from({ length: size / 1000 }, (_, index) =>
          updates.slice(index * 1000, index * 1000 + 1000).join(''),
        ),
      );
    expect(all(100_000).progress.at(-1)).toMatchObject({ done: 99_999 });
    // No more for one of them the more there are.
    expect(growth(all, 12_000)).toBeLessThan(24);
  });

  test('the last progress is found among thousands of lines', () => {
    const filler = 'GET /a/b/c.html 200 in 3 ms\n'.repeat(500);
    const told = feed(`${filler}[2/10] b\n${filler}[3/10] c\n${'plain text\n'.repeat(1000)}`);
    expect(told.progress.at(-1)).toMatchObject({ done: 3, total: 10 });
    expect(told.lines).toHaveLength(2002);
  });

  test('progress never falls within a phase, and a bar that begins again is another', () => {
    const told = record();
    for (const percent of [10, 60, 58, 70, 100, 3, 50]) {
      told.push(bar(percent));
      told.clock.tick(1000);
    }
    expect(told.progress.map(({ fraction, phase }) => [fraction, phase])).toEqual([
      [0.1, undefined],
      [0.6, undefined],
      [0.6, undefined],
      [0.7, undefined],
      [1, undefined],
      [0.03, 'part 2'],
      [0.5, 'part 2'],
    ]);
  });

  test('escapes but colours are taken out of lines', () => {
    const pieces = ['\x1b[31mred\x1b[0m\x1b[K\nplain\n\x1b]0;title\x07\x1b[1mbo', 'ld\x1b[0m\n'];
    expect(feed(...pieces).lines).toEqual(['\x1b[31mred\x1b[0m', 'plain', '\x1b[1mbold\x1b[0m']);
  });

  test('colours take no room: neither do they overwrite a bar, nor are they a line', () => {
    expect(feed('\r 50%\r100%\r\x1b[0m\n').lines).toEqual(['100%\x1b[0m']);
    expect(feed('\r 50%\r\x1b[32m', '100%\x1b[0', 'm\n').lines).toEqual(['\x1b[32m100%\x1b[0m']);
    const told = record();
    told.push('done\n\x1b[0m');
    told.clock.tick(1000);
    void told.end();
    expect(told.lines).toEqual(['done']);
    expect(told.clock.waiting).toBe(0);
  });

  test('progress is found through colours', () => {
    const line = '\x1b[1m3\x1b[0m of \x1b[1m10\x1b[0m files\n';
    expect(feed(line).progress).toEqual([{ fraction: 0.3, done: 3, total: 10, unit: 'files' }]);
    expect(feed(`${'plain text\n'.repeat(40)}${line}`).progress).toEqual(feed(line).progress);
  });

  test('rows redrawn by moving up leave their last states only', () => {
    const told = record();
    for (let index = 1; index <= 100; index += 1) {
      told.push(`\router: ${index}% done\n\rinner: ${index}/100\x1b[A`);
    }
    told.push('\n\n\rall well\n');
    void told.end();
    expect(told.lines.length).toBeLessThan(6);
    expect(told.lines).toContain('outer: 100% done');
    expect(told.lines.at(-1)).toBe('all well');
  });

  test("what a program tells the terminal's progress is taken, wherever it is cut, and its lines only add to it", () => {
    const text =
      '\x1b]9;4;1;30\x1b\\building\n\x1b]9;4;3\x07\x1b]9;4;1;45\x07\r 45% of it\r 99% of a part\n\x1b]9;4;0\x07';
    for (let at = 1; at < text.length; at += 1) {
      const told = feed(text.slice(0, at), text.slice(at));
      expect(told.progress.at(-1)).toEqual({ fraction: 0.45 });
    }
  });

  test('progress is found late in a flood that looked like progress and was none', () => {
    const told = record();
    const lines = (length: number, text: (index: number) => string): string =>
      Array.from({ length }, (_, index) => `${text(index)}\n`).join('');
    const noise = lines(200, (index) => `GET /a/${index}.js 200 cpu=${index % 100}% 5/6/2024`);
    for (let chunk = 0; chunk < 100; chunk += 1) told.push(noise);
    expect(told.progress).toEqual([]);
    // Not at the very end, where all chunks are looked at.
    for (let chunk = 0; chunk < 40; chunk += 1) {
      told.push(`${noise}${chunk + 1}/40 files\n${lines(50, (index) => `made ${index}`)}`);
      told.clock.tick(1000);
    }
    void told.end();
    expect(told.progress.length).toBeGreaterThan(0);
  });

  test('progress whose parts are coloured is found in many lines, too', () => {
    const told = record();
    const other = '\x1b[2mcompiled a file\x1b[0m\n'.repeat(50);
    told.push(`${other}\x1b[32m45\x1b[0m% done\n`);
    void told.end();
    expect(told.progress).toEqual([expect.objectContaining({ fraction: 0.45 })]);
    expect(told.lines.at(0)).toBe('\x1b[2mcompiled a file\x1b[0m');
  });

  test('bars drawn in turns are each told at their own steps', () => {
    const told = record();
    for (let index = 0; index < 1000; index += 1) {
      told.push(`\rone: ${Math.floor(index / 100)}%\n\rtwo: ${Math.floor(index / 50)}%\n`);
      told.clock.tick(5);
    }
    void told.end();
    expect(told.progress.length).toBeLessThanOrEqual(10 + 20 + 2 * 5);
    for (const wanted of [
      { phase: 'one', fraction: 0.09 },
      { phase: 'two', fraction: 0.19 },
    ]) {
      expect(told.progress).toContainEqual(expect.objectContaining(wanted));
    }
  });

  test('a stream knows the length that the other one told', () => {
    const memory = {};
    const progress: unknown[] = [];
    const listener = { onLines: () => undefined, onProgress: (one: unknown) => progress.push(one) };
    const err = createOutput(listener, { memory });
    const out = createOutput(listener, { memory });
    err.push(
      Buffer.from("Input #0, wav, from 'a':\n  Duration: 00:00:04.00, bitrate: 2822 kb/s\n"),
    );
    out.push(Buffer.from('out_time=00:00:01.000000\nspeed=1.0x\nprogress=continue\n'));
    void err.end();
    void out.end();
    expect(progress).toEqual([{ fraction: 0.25, done: 1, total: 4, unit: 's' }]);
  });

  test('nothing is told after the end', () => {
    const told = record();
    void told.end();
    told.push('late\n');
    void told.end();
    expect(told.lines).toEqual([]);
  });
});
