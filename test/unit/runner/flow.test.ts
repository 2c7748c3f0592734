import { expect, test } from 'vitest';
import { Flow } from '../../../src/runner/flow.ts';

interface Got {
  readonly pieces: [number, string][];
  ended: boolean;
}

function taker(flow: Flow): Got {
  const got: Got = { pieces: [], ended: false };
  flow.attach({
    piece: (number, text) => void got.pieces.push([number, text]),
    end: () => {
      got.ended = true;
    },
  });
  return got;
}

test('a taker that comes late gets what is there as one piece, then piece by piece, then the end', () => {
  const flow = new Flow();
  flow.push('One. ', undefined);
  flow.push('Two. ', undefined);
  const got = taker(flow);
  flow.push('Three.', undefined);
  flow.end('One. Two. Three. Four.');
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
  taker(flow);
  for (let index = 0; index < 20; index += 1) flow.push('x'.repeat(1000), undefined);
  expect(held).toEqual([false, true]);
  flow.took(10);
  expect(held).toEqual([false, true]);
  flow.took(17);
  expect(held).toEqual([false, true, false]);
  expect(flow.idle).toBe(false);
  flow.took(20);
  expect(flow.idle).toBe(true);
});

test('without a taker, and after it has gone, nobody is held', () => {
  const flow = new Flow();
  const held: boolean[] = [];
  flow.giver = (high) => held.push(high);
  flow.push('x'.repeat(100_000), undefined);
  expect(held).toEqual([false]);
  taker(flow);
  expect(held).toEqual([false, true]);
  flow.detach();
  expect(held).toEqual([false, true, false]);
});

test('another taker gets all of the text again, numbered from 1', () => {
  const flow = new Flow();
  flow.push('One. ', undefined);
  taker(flow);
  flow.detach();
  flow.push('Two.', undefined);
  expect(taker(flow).pieces).toEqual([[1, 'One. Two.']]);
});
