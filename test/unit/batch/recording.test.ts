import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseBatch } from '../../../src/batch/parse.ts';
import { FINDINGS, type Processing, recordingBatch } from '../../../src/batch/recording.ts';

const WANTED: Processing = {
  name: 'Über talks',
  files: ['a.mp3', 'b/*.wav'],
  result: '{input.stem}',
  language: 'en',
  translateTo: 'es',
  labels: ['sales', 'support'],
  findings: FINDINGS,
};

/** The names of the steps of the batch, which has no problem. */
function steps(change: Partial<Processing>): string[] {
  const { batch, problems } = parseBatch(stringify(recordingBatch({ ...WANTED, ...change })), 'x');
  expect(problems).toEqual([]);
  const { from } = batch?.steps.at(-1) ?? {};
  const uses = batch?.steps.map((step) => step.uses ?? '') ?? [];
  // The report is of all that was found.
  expect(from).toEqual(['input', ...uses.slice(0, -1)]);
  expect(batch?.output).toBe('out/uber-talks/{input.stem}/report.md');
  return uses;
}

test('everything that is wanted is a step on the transcript, and the report joins them', () => {
  expect(steps({})).toEqual([
    'transcribe',
    'translate',
    'entities',
    'classify',
    'summarise',
    'insights',
    'report',
  ]);
  expect(steps({ files: 'a.mp3', translateTo: '', labels: [], findings: ['insights'] })).toEqual([
    'transcribe',
    'insights',
    'report',
  ]);
});

test('what knows English only is left out of another language, and kept where that is not known', () => {
  expect(steps({ language: 'fr', translateTo: 'en' })).toEqual([
    'transcribe',
    'translate',
    'summarise',
    'insights',
    'report',
  ]);
  expect(steps({ language: '' })).toContain('entities');
  expect(steps({ language: 'en-GB' })).toContain('classify');
});
