import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatProblem } from '../../../src/batch/problem.ts';
import { failedLines } from '../../../src/protocol/failed.ts';
import { LogLines } from '../../../src/protocol/log-lines.ts';
import { RunFixture } from '../../support/run-fixture.ts';

const manifest = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
);
const [{ pattern }] = manifest.contributes.problemMatchers;

/** What `$sluice` finds in a line. */
function match(line: string) {
  const found = new RegExp(pattern.regexp).exec(line);
  return found === null
    ? undefined
    : [pattern.file, pattern.line, pattern.column, pattern.message].map((index) => found[index]);
}

test('`$sluice` finds problems of batch files and items that failed', () => {
  const problem = { file: 'sub/a b.batch.yaml', line: 3, column: 4, message: 'No.', hint: 'Do.' };
  expect(match(formatProblem(problem))).toEqual(['sub/a b.batch.yaml', '3', '4', 'No. Do.']);
  const fixture = new RunFixture('run', 'A', ['one', 'two']);
  fixture.fail(2, 'a:1:2: broke');
  expect(failedLines(fixture.state).map(match)).toEqual([
    ['prompts.txt', '2', '1', 'a:1:2: broke'],
  ]);
});

test('`$sluice` finds nothing in what a run says of itself and of its programs', () => {
  const fixture = new RunFixture('run', 'A', ['one', 'x.py:1:2: two']);
  fixture.add({ type: 'start', item: 2, attempt: 1 });
  fixture.add({ type: 'log', item: 2, step: 0, stream: 'err', lines: ['x.py:1:2: no'] });
  fixture.fail(2, 'It broke.');
  fixture.add({ type: 'finish', state: 'failed' });
  const log = new LogLines((text, ...values) =>
    text.replace(/\{(\d)\}/g, (_, index) => String(values[Number(index)])),
  );
  const lines = fixture.events.flatMap((event) => log.lines(fixture.state, event));
  expect(lines.length).toBeGreaterThan(3);
  for (const line of [log.header(fixture.state), ...lines])
    expect(match(line), line).toBeUndefined();
});
