import { expect, test } from 'vitest';
import { withLanguages } from '../../../src/batch/languages.ts';
import { parseBatch } from '../../../src/batch/parse.ts';

/** The language that each step is told. */
function languages(steps: string): unknown[] {
  const text = `inputs: { files: "*.wav" }\nsteps:\n${steps}output: out/{slug}.md\n`;
  const { batch } = parseBatch(text, 'b.batch.yaml');
  if (batch === undefined) throw new Error(text);
  return withLanguages(batch).steps.map((step) => step.with?.['language']);
}

test('a step is told the language of what it works on, where the step that makes it was', () => {
  const steps = `
  - { uses: transcribe, with: { language: "{row.spoken}" }, output: a.json }
  - { uses: translate, from: transcribe, with: { to: en }, output: b.json }
  - { uses: entities, from: translate, output: c.json }
  - { uses: insights, from: transcribe, output: d.json }
  - { uses: summarise, from: transcribe, with: { language: pt }, output: e.md }
  - { uses: report, from: [transcribe, translate] }
`;
  const spoken = '{row.spoken}';
  expect(languages(steps)).toEqual([spoken, spoken, 'en', spoken, 'pt', undefined]);
});

test('a language that nobody says is found out', () => {
  const steps = `
  - { uses: transcribe, output: a.json }
  - { uses: translate, from: transcribe, with: { to: es }, output: b.json }
  - { uses: summarise, from: transcribe }
`;
  expect(languages(steps)).toEqual([undefined, undefined, undefined]);
  expect(languages('  - run: [cat, "{input}"]\n  - uses: entities\n')).toEqual([
    undefined,
    undefined,
  ]);
});
