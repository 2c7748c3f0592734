import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shellWordIn, showCommand, splitCommand } from '../../../src/process/command-line.ts';

describe('a command line', () => {
  test.each([
    ['', []],
    ['  wc  -w\t{input} ', ['wc', '-w', '{input}']],
    ["echo \"two words\" 'and {index}' ''", ['echo', 'two words', 'and {index}', '']],
    ['say it\\ is "a \\"word\\""', ['say', 'it is', 'a "word"']],
    // Nothing is expanded, and nothing is a shell's.
    ['rm $HOME/* `id` $(id) | tee', ['rm', '$HOME/*', '`id`', '$(id)', '|', 'tee']],
  ])('%j is split as a shell does', (line, argv) => {
    expect(splitCommand(line, 'linux')).toEqual(argv);
  });

  test.each([
    ['echo "open', 'quote'],
    ["echo it's", 'quote'],
    ['echo \\', 'escape'],
  ])('%j is unfinished', (line, what) => {
    expect(splitCommand(line, 'linux')).toBe(what);
  });

  test('keeps the backslashes of Windows', () => {
    expect(splitCommand('C:\\bin\\x.exe "C:\\My Files\\a"', 'win32')).toEqual([
      'C:\\bin\\x.exe',
      'C:\\My Files\\a',
    ]);
  });

  test('is shown so that a shell would give the program the same', () => {
    const word = fc.string({ unit: 'binary' }).filter((text) => !/[\0\ud800-\udfff]/.test(text));
    const print = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), (words) => {
        expect(splitCommand(showCommand(words), 'linux')).toEqual(words);
      }),
    );
    const hostile = ['a b', "it's", '$(id)', '`id`', '"', '\\', '*', '', 'é\n'];
    const line = showCommand([process.execPath, '-e', print, '--', ...hostile]);
    const said = execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' });
    expect(JSON.parse(said)).toEqual(hostile);
  });
});

test.each([
  [['cat', '{input}', '|', 'wc'], '|'],
  [['make', '&&', 'x'], '&&'],
  [['x', '2>&1'], '2>&1'],
  [['x', '>', 'y'], '>'],
  [['grep', 'a|b', '-e', '>x'], undefined],
])('of %j %s is a shell’s', (argv, word) => {
  expect(shellWordIn(argv)).toBe(word);
});
