import { expect, test } from 'vitest';
import { Flow, type FlowReader } from '../../../src/runner/flow.ts';

interface Got {
  readonly pieces: [number, string][];
  ended: boolean;
  file?: string | undefined;
}

function taker(reader: FlowReader): Got {
  const got: Got = { pieces: [], ended: false };
  reader.attach({
    piece: (number, text) => void got.pieces.push([number, text]),
    end: (file) => {
      got.ended = true;
      got.file = file;
    },
  });
  return got;
}

test('a taker that comes late gets what is there as one piece, then piece by piece, then the end', () => {
  const flow = new Flow();
  flow.push('One. ', undefined);
  flow.push('Two. ', undefined);
  const got = taker(flow.reader());
  flow.push('Three.', undefined);
  flow.end({ text: 'One. Two. Three. Four.' });
  expect(got.pieces).toEqual([
    [1, 'One. Two. '],
    [2, 'Three.'],
    [3, ' Four.'],
  ]);
  expect(got.ended).toBe(true);
  expect(flow.text).toBe('One. Two. Three. Four.');
});

test('the giver is held while the taker is behind, and goes on when it has caught up', () => {
  const flow = new Flow();
  const held: boolean[] = [];
  flow.giver = (high) => held.push(high);
  const reader = flow.reader();
  taker(reader);
  for (let index = 0; index < 20; index += 1) flow.push('x'.repeat(1000), undefined);
  expect(held).toEqual([false, true]);
  reader.took(10);
  expect(held).toEqual([false, true]);
  reader.took(17);
  expect(held).toEqual([false, true, false]);
  expect(reader.idle).toBe(false);
  reader.took(20);
  expect(reader.idle).toBe(true);
});

test('without a taker, and after it has gone, nobody is held', () => {
  const flow = new Flow();
  const held: boolean[] = [];
  flow.giver = (high) => held.push(high);
  flow.push('x'.repeat(100_000), undefined);
  expect(held).toEqual([false]);
  const reader = flow.reader();
  taker(reader);
  expect(held).toEqual([false, true]);
  reader.detach();
  expect(held).toEqual([false, true, false]);
});

test('another taker gets all of the text again, numbered from 1', () => {
  const flow = new Flow();
  flow.push('One. ', undefined);
  const reader = flow.reader();
  taker(reader);
  reader.detach();
  flow.push('Two.', undefined);
  expect(taker(reader).pieces).toEqual([[1, 'One. Two.']]);
});

test('of two takers each has its own pace, and the slower one holds the giver', () => {
  const flow = new Flow();
  const held: boolean[] = [];
  flow.giver = (high) => held.push(high);
  const [quick, slow] = [flow.reader(), flow.reader()];
  const got = [taker(quick), taker(slow)];
  for (let index = 1; index <= 20; index += 1) {
    flow.push('x'.repeat(1000), undefined);
    quick.took(index);
  }
  expect(held).toEqual([false, true]);
  slow.took(20);
  expect(held).toEqual([false, true, false]);
  expect(got.map(({ pieces }) => pieces.length)).toEqual([20, 20]);
});

test('a file at the end need not hold the text: no more of it comes, and the taker is told the path', () => {
  const flow = new Flow();
  flow.push('One.', undefined);
  const got = taker(flow.reader());
  flow.end({ file: '/made.json' });
  expect(got).toEqual({ pieces: [[1, 'One.']], ended: true, file: '/made.json' });
});
