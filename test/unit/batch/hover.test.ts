import { describe, expect, test } from 'vitest';
import { hoverAt } from '../../../src/batch/hover.ts';
import { BUILT_IN_STEPS } from '../../../src/batch/uses.ts';

/** What is said at the `|` of a file, and the text that it is said of. */
function hover(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const found = hoverAt(text, offset);
  return found === undefined ? undefined : { ...found, of: text.slice(found.from, found.to) };
}

function facts(marked: string) {
  const found = hover(marked);
  if (found?.kind !== 'key') throw new Error('There is nothing to say.');
  return { name: found.name, of: found.of, ...found.facts };
}

describe('a key or its value', () => {
  test('is described, with what is allowed and what is taken without it', () => {
    expect(facts('inputs: [a]\nretr|ies: 2\n')).toMatchObject({
      name: 'retries',
      of: 'retries',
      description: 'More attempts at an item that failed.',
      default: 0,
      forms: [{ type: 'integer', minimum: 0, maximum: 100 }],
      values: [],
    });
    expect(facts('retries: |2\n')).toMatchObject({ name: 'retries', of: '2' });
    expect(facts('steps: [{ run: [x], p|ty: auto }]')).toMatchObject({
      default: 'auto',
      values: [{ value: true }, { value: false }, { value: 'auto' }],
      forms: [],
    });
    expect(facts('timeout: 9|0s')).toMatchObject({
      forms: [
        { type: 'number', title: 'seconds' },
        { type: 'string', title: 'duration' },
      ],
    });
  });

  test('of a step is that of the step', () => {
    const options = 'steps:\n  - uses: speak\n    with: { eng|ine: flite }\n';
    expect(facts(options).values.map(({ value }) => value)).toContain('kokoro');
    const uses = facts('steps: [{ us|es: write }]');
    expect(uses.values.map(({ value }) => value)).toEqual(Object.keys(BUILT_IN_STEPS));
    expect(uses.values[0]?.description).toMatch(/^Writes/);
  });

  test('is known in a file that is half typed', () => {
    expect(facts('inputs: [a\nsteps:\n  - us|es: write\n    with: {').name).toBe('uses');
    expect(facts('output: "x\nretr|').name).toBe('output');
  });

  test('that is not known has nothing to say', () => {
    for (const text of ['retris|: 2', '# retries| x', 'inputs: [a|]', 'a: *b|', '|']) {
      expect(hover(text), text).toBeUndefined();
    }
  });
});

describe('a placeholder', () => {
  test('says what it stands for', () => {
    expect(hover('output: "out/{sl|ug}.mp3"')).toMatchObject({
      kind: 'placeholder',
      name: 'slug',
      of: '{slug}',
    });
    expect(hover('output: out/{index:|3}-{slug}')).toMatchObject({
      name: 'index',
      of: '{index:3}',
    });
    expect(hover('output: "{row.na|me}"')).toMatchObject({ name: 'row.name' });
    const own = 'steps: [{ uses: speak, with: { command: [x, "{text|file}"] } }]';
    expect(hover(own)).toMatchObject({ name: 'textfile' });
  });

  test('that is not there says nothing', () => {
    expect(hover('output: "out/{slg|u}.mp3"')).toBeUndefined();
    expect(hover('output: "{{sl|ug}}"')).toMatchObject({ kind: 'key', name: 'output' });
  });
});
