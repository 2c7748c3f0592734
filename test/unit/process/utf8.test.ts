import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Utf8Decoder } from '../../../src/process/utf8.ts';

function decode(pieces: readonly Uint8Array[]): string {
  const decoder = new Utf8Decoder();
  return pieces.map((piece) => decoder.push(piece)).join('') + decoder.end();
}

const awkward = fc
  .array(
    fc.constantFrom(
      0x41,
      0xc3,
      0xa9,
      0xe2,
      0x82,
      0xac,
      0xf0,
      0x9f,
      0x8e,
      0xb5,
      0xff,
      0x80,
      0xed,
      0xa0,
    ),
  )
  .map((bytes) => Uint8Array.from(bytes));

describe('Utf8Decoder', () => {
  test('does what TextDecoder does, at every split point', () => {
    fc.assert(
      fc.property(fc.oneof(awkward, fc.uint8Array()), (bytes) => {
        const wanted = new TextDecoder().decode(bytes);
        expect(decode([...bytes].map((byte) => Uint8Array.of(byte)))).toBe(wanted);
        for (let at = 0; at <= bytes.length; at += 1) {
          expect(decode([bytes.subarray(0, at), bytes.subarray(at)])).toBe(wanted);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('leaves out the mark at the beginning, and only there', () => {
    expect(decode([Buffer.from('\ufeffa\ufeffb')])).toBe('a\ufeffb');
  });
});
