import { describe, expect, test } from 'vitest';
import { parseBatch } from '../../../src/batch/parse.ts';
import { formatProblem } from '../../../src/batch/problem.ts';
import { BUILT_IN_STEPS } from '../../../src/batch/uses.ts';

const BUILT_IN = Object.keys(BUILT_IN_STEPS)
  .map((name) => `\`${name}\``)
  .join(', ');

const STEPS = 'steps: [{ run: [x] }]\n';

/** What is wrong with a batch file, as a person reads it. */
function problems(text: string): string[] {
  return parseBatch(text, 'f').problems.map(formatProblem);
}

/** The same for one more line above a whole batch. */
function problemOf(line: string): string {
  const found = problems(`${line}\ninputs: [a]\n${STEPS}`);
  expect(found).toHaveLength(1);
  return found[0] ?? '';
}

test('a small batch is filled up with defaults', () => {
  const { batch, problems: none } = parseBatch(`inputs: [a, 2]\n${STEPS}`, 'f');
  expect(none).toEqual([]);
  expect(batch).toEqual({
    inputs: ['a', '2'],
    steps: [{ run: ['x'], shell: false, warm: false, pty: 'auto' }],
    retries: 0,
    backoff: 1000,
    silence: 60_000,
    overwrite: false,
  });
});

describe('YAML that is broken is shown where it breaks', () => {
  test.for([
    ['inputs: [a\nsteps:\n', 'f:2:1: Not valid YAML: Flow sequence in block collection'],
    ['name:\n\tinputs: x\n', 'f:2:1: Not valid YAML: Tabs are not allowed as indentation.'],
    ['inputs: [a]\ninputs: [b]\n', 'f:2:1: Not valid YAML: Map keys must be unique.'],
    [`inputs: [a]\n${STEPS}---\nx: 1\n`, 'f:3:1: Not valid YAML: Source contains multiple doc'],
    [`inputs: *names\n${STEPS}`, 'f:1:9: Not valid YAML: Unresolved alias'],
    ['name: "open\n', 'f:2:1: Not valid YAML: Missing closing "quote'],
  ] as const)('%j', ([text, start]) => {
    expect(problems(text)[0]).toContain(start);
  });

  test('aliases that multiply without end are refused', () => {
    const lines = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh', 'hi']) {
      lines.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join(',')}]`);
    }
    expect(problems(lines.join('\n'))[0]).toMatch(/^f:\d+:\d+: Not valid YAML: Excessive alias/);
  });

  test('an anchor is read where it is used', () => {
    const text = 'inputs: [a]\nsteps:\n  - run: &r [x]\n  - run: *r\n';
    expect(parseBatch(text, 'f').batch?.steps.map((step) => step.run)).toEqual([['x'], ['x']]);
  });
});

describe('a key that is unknown is shown with the one that was meant', () => {
  test.for([
    [`inputs: [a]\n${STEPS}outptu: x\n`, 'f:3:1', 'outptu', 'output'],
    [`inputs:\n  lnies: p.txt\n${STEPS}`, 'f:2:3', 'lnies', 'lines'],
    ['inputs: [a]\nsteps:\n  - run: [x]\n    outptu: y\n', 'f:4:5', 'outptu', 'output'],
    ['inputs: [a]\nsteps: [{ uses: write, with: { wrods: 9 } }]\n', 'f:2:32', 'wrods', 'words'],
    [
      'inputs: [a]\nsteps:\n  - uses: speak\n    with:\n      vioce: x\n',
      'f:5:7',
      'vioce',
      'voice',
    ],
  ] as const)('%j', ([text, place, key, meant]) => {
    expect(problems(text)).toContain(
      `${place}: Unknown key \`${key}\`. Did you mean \`${meant}\`?`,
    );
  });

  test('when none is near, all are named', () => {
    const [problem] = problems(`inputs: [a]\nsteps: [{ run: [x], parallel: yes }]\n`);
    expect(problem).toMatch(/^f:2:21: Unknown key `parallel`\. There are `uses`, `with`, `run`, /);
  });
});

describe('a value that is wrong is shown where it stands', () => {
  test.for([
    ['concurrency: 0', 'f:1:14: `concurrency` must be at least 1.'],
    ['concurrency: 257', 'f:1:14: `concurrency` must be at most 256.'],
    ['concurrency: 1.5', 'f:1:14: `concurrency` must be a whole number, not a number.'],
    ['concurrency: many', 'f:1:14: `concurrency` must be a number, not text.'],
    ['retries: -1', 'f:1:10: `retries` must be at least 0.'],
    ['overwrite: "yes"', 'f:1:12: `overwrite` must be true or false, not text.'],
    ['name: ""', 'f:1:7: `name` must not be empty.'],
    ['name: [a]', 'f:1:7: `name` must be text, not a list.'],
    ['output:', 'f:1:8: `output` must be text, not nothing.'],
    [
      'timeout: 5 minutes',
      'f:1:10: `timeout` must be a number of seconds, or a duration such as 500ms, 90s, 10m or 2h.',
    ],
    ['timeout: 0', 'f:1:10: `timeout` must be more than 0 and at most 24 days.'],
    ['silence: 1000h', 'f:1:10: `silence` must be more than 0 and at most 24 days.'],
  ] as const)('%s', ([line, problem]) => {
    expect(problemOf(line)).toBe(problem);
  });

  test.for([
    [
      'inputs: p.txt',
      'f:1:9: `inputs` must be a list of texts, or one of `lines`, `files` or `rows`.',
    ],
    ['inputs: []', 'f:1:9: `inputs` must not be empty.'],
    ['inputs: [a, true]', 'f:1:13: this must be text, or a number, not true or false.'],
    ['inputs: {}', 'f:1:9: `inputs` needs one of `lines`, `files` or `rows`.'],
    ['inputs: { lines: a, rows: b }', 'f:1:9: `inputs` needs one of `lines`, `files` or `rows`.'],
    ['inputs: { lines: a, text: b }', 'f:1:27: `text` goes with `rows`.'],
    ['inputs: { lines: 3 }', 'f:1:18: `lines` must be text, not a number.'],
    ['inputs: { files: [] }', 'f:1:18: `files` must not be empty.'],
    ['inputs: { files: [1] }', 'f:1:19: this must be text, not a number.'],
  ] as const)('%s', ([line, problem]) => {
    expect(problems(`${line}\n${STEPS}`)).toEqual([problem]);
  });

  test.for([
    ['{ name: x }', 'f:2:10: a step has either `uses` or `run`.'],
    ['{ uses: write, run: [x] }', 'f:2:10: a step has either `uses` or `run`.'],
    ['{ uses: wirte }', `f:2:18: \`uses\` must be one of ${BUILT_IN}. Did you mean \`write\`?`],
    ['{ uses: write, warm: true }', 'f:2:10: `warm`, `pty` and `shell` go with `run`.'],
    ['{ run: [x], pty: maybe }', 'f:2:27: `pty` must be true or false, or `auto`, not text.'],
    ['{ run: [] }', 'f:2:17: `run` must not be empty.'],
    ['{ run: [x, false] }', 'f:2:21: this must be text, or a number, not true or false.'],
    ['{ run: [x], shell: true }', 'f:2:17: `shell: true` takes `run` as one string.'],
    [
      '{ run: ls -l }',
      'f:2:17: `run` is a list: the program, then its arguments. Only `shell: true` takes one string.',
    ],
    [
      '{ run: [x], with: { a: 1 } }',
      'f:2:28: `with` goes with `uses`, or with `run` and `warm: true`.',
    ],
    [
      '{ run: [x], env: { A: [1] } }',
      'f:2:32: `A` must be text, or a number, or true or false, not a list.',
    ],
    ['{ uses: write, with: { words: 0 } }', 'f:2:40: `words` must be at least 1.'],
    ['{ uses: speak, with: { speed: 9 } }', 'f:2:40: `speed` must be at most 4.'],
    [
      '{ uses: write, with: { engine: gpt } }',
      'f:2:41: `engine` must be one of `auto`, `local`, `openai`, `vscode`.',
    ],
    [
      '{ uses: write, with: { baseUrl: localhost } }',
      'f:2:42: `baseUrl` must be an address such as http://localhost.',
    ],
  ] as const)('a step %s', ([step, problem]) => {
    expect(problems(`inputs: [a]\nsteps: [ ${step} ]\n`)).toEqual([problem]);
  });

  test('what is missing is named', () => {
    expect(problems('')).toEqual(['f:1:1: `inputs` is missing.', 'f:1:1: `steps` is missing.']);
    expect(problems('inputs: [a]\n')).toEqual(['f:1:1: `steps` is missing.']);
    expect(problems('inputs: [a]\nsteps: []\n')).toEqual([
      'f:2:8: `steps` needs at least one step.',
    ]);
    expect(problems('- a\n')).toEqual(['f:1:1: this must be a map of keys, not a list.']);
  });
});

test('an option with a placeholder is checked when it is filled in, not before', () => {
  const text =
    'inputs: { rows: r.csv }\nsteps: [{ uses: write, with: { words: "{row.words}" } }]\n';
  expect(problems(text)).toEqual([]);
});

test('a problem has its end, too, and columns count after characters of two units', () => {
  const { problems: found } = parseBatch(`name: "🎵"\nconcurency: 2\ninputs: [a]\n${STEPS}`, 'f');
  expect(found).toMatchObject([{ line: 2, column: 1, endLine: 2, endColumn: 11 }]);
});

test('a place that is not in the file is that of what would hold it', () => {
  const { positionOf } = parseBatch(`inputs: [a]\nsteps:\n  - run: [x]\n`, 'f');
  expect(positionOf(['steps', 0, 'run', 0])).toMatchObject({ line: 3, column: 11 });
  expect(positionOf(['steps', 0, 'with', 'deep'])).toMatchObject({ line: 3, column: 5 });
  expect(positionOf(['nothing'])).toMatchObject({ line: 1, column: 1 });
});

test('what is nearly right says what to put in its place', () => {
  const fixes = (text: string) =>
    parseBatch(text, 'f').problems.map(({ line, column, endColumn, fix }) => [
      line,
      column,
      endColumn,
      fix,
    ]);
  expect(fixes(`inputs: [a]\n${STEPS}retris: 1\nbanana: 2\n`)).toEqual([
    [3, 1, 7, 'retries'],
    [4, 1, 7, undefined],
  ]);
  expect(fixes('inputs: [a]\nsteps: [{ uses: "speek" }]\n')).toEqual([[2, 17, 24, 'speak']]);
});

test('options of a step are checked also where another part of the file is wrong', () => {
  const { problems } = parseBatch(
    'inputs: [a]\nsteps:\n  - uses: write\n    with: { words: sixty }\n  - uses: speek\nretris: 1\n',
    'b.batch.yaml',
  );
  expect(problems.map(({ line, fix }) => [line, fix])).toEqual([
    [4, undefined],
    [5, 'speak'],
    [6, 'retries'],
  ]);
});
