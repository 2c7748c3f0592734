import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fill, fillDeep, PLACEHOLDERS, placeholdersIn } from '../../../src/batch/placeholders.ts';

test('names are found in order, with and without padding', () => {
  expect(placeholdersIn('{index:3}-{slug} of {row.First name} {input}')).toEqual([
    'index',
    'slug',
    'row.First name',
    'input',
  ]);
});

test.for(['row.name', 'row.Größe', 'row.名前', 'row.Price (€)', 'row.a-b_c.d', 'row.1'])(
  'a column may have any name: {%s}',
  (name) => {
    expect(placeholdersIn(`<{${name}}>`)).toEqual([name]);
    expect(fill(`<{${name}}>`, { [name]: 'x' })).toBe('<x>');
  },
);

test.for(['{}', '{ index }', '{"a": 1}', '{a: 1}', '{1}', 'a } b { c', '{{index}}', '{{{{'])(
  '%s has no placeholder',
  (text) => {
    expect(placeholdersIn(text)).toEqual([]);
  },
);

describe('filling in', () => {
  test('two braces are one', () => {
    expect(fill('{{slug}} {slug} {{{slug}}}', { slug: 'x' })).toBe('{slug} x {x}');
  });

  test('pads by zeros to the width', () => {
    expect(fill('{index:3} {index:1} {index}', { index: '42' })).toBe('042 42 42');
  });

  test('leaves a name without a value as it is', () => {
    expect(fill('{slug} {toString} {constructor}', {})).toBe('{slug} {toString} {constructor}');
  });

  test('does not fill in what a value brings', () => {
    expect(fill('{a}{b}', { a: '{b}', b: '$& {a}' })).toBe('{b}$& {a}');
  });

  test('goes through lists and maps', () => {
    const value = { list: ['{slug}', 1, { deep: '{slug}' }], no: null, yes: true };
    expect(fillDeep(value, { slug: 'x' })).toEqual({
      list: ['x', 1, { deep: 'x' }],
      no: null,
      yes: true,
    });
  });
});

/** Text without a placeholder or double brace, between placeholders. */
const plain = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[{}]/g, ''));
const part = fc.oneof(
  plain.map((text) => ({ text, value: text })),
  fc.constantFrom(...PLACEHOLDERS).map((name) => ({ text: `{${name}}`, value: `<${name}>` })),
  fc.constant({ text: '{{', value: '{' }),
  fc.constant({ text: '}}', value: '}' }),
);

test('any mixture is filled in part by part, and only its placeholders are found', () => {
  const values = Object.fromEntries(PLACEHOLDERS.map((name) => [name, `<${name}>`]));
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      // `}` after `}}` would be read from the left; a space keeps the parts apart.
      const text = parts.map((one) => one.text).join(' ');
      expect(fill(text, values)).toBe(parts.map((one) => one.value).join(' '));
      expect(placeholdersIn(text)).toEqual(
        parts.filter((one) => /^\{\w/.test(one.text)).map((one) => one.text.slice(1, -1)),
      );
    }),
  );
});

test('a text with its braces doubled comes out as it went in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(fill(text.replace(/[{}]/g, '$&$&'), { slug: 'x' })).toBe(text);
    }),
  );
});
