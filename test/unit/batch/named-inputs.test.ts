import { describe, expect, test } from 'vitest';
import { listedItems, namedFile } from '../../../src/batch/named-inputs.ts';

describe('items that are written in the batch file', () => {
  test('stand at their lines', () => {
    expect(listedItems('inputs:\n  - a\n  # b\n  - "c\n    d"\n  - 4\nsteps: [')).toEqual([
      { item: 1, line: 2 },
      { item: 2, line: 4 },
      { item: 3, line: 6 },
    ]);
    expect(listedItems('x: 1\ninputs: [a, b]\n').map(({ line }) => line)).toEqual([2, 2]);
  });

  test('are none when there is no list', () => {
    for (const text of ['', 'inputs:', 'inputs: { lines: a.txt }', '- inputs', 'inputs: *x']) {
      expect(listedItems(text), text).toEqual([]);
    }
  });
});

describe('the file that a batch reads its items from', () => {
  const named = (text: string) => namedFile(text, '/w/sub/a.batch.yaml');

  test('is relative to the batch file or to its folder', () => {
    expect(named('inputs: { lines: p.txt }')).toEqual({ kind: 'lines', path: '/w/sub/p.txt' });
    expect(named('inputs: { rows: ../p.csv }')).toEqual({ kind: 'rows', path: '/w/p.csv' });
    expect(named('folder: ..\ninputs:\n  lines: p.txt\n')?.path).toBe('/w/p.txt');
    expect(named('inputs: { lines: /else/p.txt }')?.path).toBe('/else/p.txt');
  });

  test('is none where none is named', () => {
    for (const text of ['', 'inputs: [a]', 'inputs: { files: "*.txt" }', 'inputs: { lines: 3 }']) {
      expect(named(text), text).toBeUndefined();
    }
  });
});
