import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseQueue } from '../../../src/cluster/address.ts';
import { LETTER_BYTES, type Letter, seal, unseal } from '../../../src/cluster/letter.ts';
import { downSchema, messagesOf, upSchema } from '../../../src/cluster/messages.ts';
import { Trust } from '../../../src/cluster/trust.ts';
import { fromWire, toWire } from '../../../src/cluster/wire-path.ts';

const letters = fc.record({
  take: fc.string(),
  writer: fc.string(),
  number: fc.nat(),
  messages: fc.string(),
  data: fc.option(
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    { nil: undefined },
  ),
});
const STREAM = 'sluice:run:test:in';
const trust = new Trust('a key that is long enough for a test');
const fieldsOf = (letter: Letter, by: Trust | undefined): Buffer[] =>
  seal(letter, STREAM, by).map((field) => Buffer.from(field));

test('a letter comes out as it went in', () => {
  fc.assert(
    fc.property(letters, fc.boolean(), (letter, signed) => {
      const by = signed ? trust : undefined;
      expect(unseal(fieldsOf(letter, by), STREAM, by)).toEqual(letter);
    }),
  );
});

test('a letter of which anything was changed, or that stands in another stream, is none', () => {
  fc.assert(
    fc.property(letters, fc.nat(), fc.nat({ max: 255 }), (letter, at, flip) => {
      const fields = fieldsOf(letter, trust);
      expect(unseal(fields, 'sluice:run:another:in', trust)).toBeUndefined();
      expect(unseal(fields, STREAM, new Trust('another key that is long enough'))).toBeUndefined();
      expect(unseal(fieldsOf(letter, undefined), STREAM, trust)).toBeUndefined();
      // One byte of one value, whichever it is.
      const values = fields.filter((field, index) => index % 2 === 1 && field.length > 0);
      const field = values[at % values.length];
      if (field === undefined) return;
      const place = at % field.length;
      field[place] = ((field[place] ?? 0) + 1 + (flip % 255)) % 256;
      const read = unseal(fields, STREAM, trust);
      // A text whose bytes are none of UTF-8 may read as it was.
      expect(read === undefined || JSON.stringify(read) === JSON.stringify(letter)).toBe(true);
    }),
  );
});

test('what is larger than any letter is none, whoever has signed it', () => {
  const letter = { take: 't', writer: 'w', number: 1, messages: '[]' };
  const data = Buffer.alloc(LETTER_BYTES);
  expect(unseal(fieldsOf({ ...letter, data }, undefined), STREAM, undefined)).toBeUndefined();
});

test('what is signed as one part is not signed as two', () => {
  const whole = trust.sign(['ab', 'c']);
  expect(trust.signed(['ab', 'c'], whole)).toBe(true);
  expect(trust.signed(['a', 'bc'], whole)).toBe(false);
  expect(trust.signed(['abc'], whole)).toBe(false);
  expect(trust.signed(['ab', 'c'], undefined)).toBe(false);
  expect(trust.signed(['ab', 'c'], whole.subarray(1))).toBe(false);
});

test('whatever comes is a list of messages or an error', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      for (const schema of [upSchema, downSchema]) {
        try {
          expect(Array.isArray(messagesOf<unknown>(schema, json))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }
    }),
  );
  expect(() => messagesOf(upSchema, '[{"type":"file","name":"0/../x"}]')).toThrow(/at name/);
});

test('paths keep their relations on another machine, and none leads out', () => {
  const name = fc.stringMatching(/^[^/\\\0]{1,8}$/).filter((one) => !/^(\.|\.\.|\s+)$/.test(one));
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), fc.boolean(), (names, folder) => {
      const path = `/${names.join('/')}${folder ? '/' : ''}`;
      expect(fromWire('/there', toWire(path))).toBe(`/there${path}`);
    }),
  );
});

test('addresses of queues', () => {
  expect(parseQueue('redis://h')).toEqual({
    options: { host: 'h', port: 6379, db: 0 },
    prefix: 'sluice',
    shown: 'redis://h:6379',
  });
  expect(parseQueue('rediss://u:p%40%2F@h.example:7/3?prefix=team-a')).toEqual({
    options: {
      host: 'h.example',
      port: 7,
      db: 3,
      username: 'u',
      password: 'p@/',
      tls: { servername: 'h.example' },
    },
    prefix: 'team-a',
    shown: 'rediss://h.example:7/3',
  });
  expect(parseQueue('redis://[::1]:7').options.host).toBe('::1');
  for (const wrong of [
    '',
    'h:6379',
    'http://h',
    'redis://',
    'redis://h/x',
    'redis://h?tls=1',
    'redis://h?prefix=a:b',
    'redis://:secret@/0',
    'redis://:50%secret@h',
    'redis://u:7#secret@h',
  ]) {
    expect(() => parseQueue(wrong)).toThrow(/It is redis:/);
    expect(() => parseQueue(wrong)).not.toThrow(/secret/);
  }
});
