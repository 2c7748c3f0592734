import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TextRefused, type TextService } from '../../../src/runner/text-service.ts';
import { Windows } from '../../../src/runner/windows.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const says =
  (...pieces: readonly string[]): TextService =>
  async (_, onPiece) => {
    for (const piece of pieces) onPiece(piece);
    return {};
  };

const lost = new TextRefused({ message: 'gone' }, true);

/** A window that goes after some pieces. */
const goes =
  (...pieces: readonly string[]): TextService =>
  async (_, onPiece) => {
    for (const piece of pieces) onPiece(piece);
    throw lost;
  };

function open() {
  const notes: string[] = [];
  const windows = new Windows((note) => notes.push(note));
  const ask = (signal = new AbortController().signal): Promise<string> => {
    let text = '';
    const add = (piece: string): void => {
      text += piece;
    };
    return windows.text({ prompt: 'p' }, add, signal).then(() => text);
  };
  return { windows, notes, ask };
}

test('a run that has just begun waits for its window', async () => {
  const { windows, notes, ask } = open();
  const text = ask();
  await vi.advanceTimersByTimeAsync(1500);
  windows.add(says('here'));
  expect(await text).toBe('here');
  expect(notes).toEqual([]);
});

test('without a window a text is refused after a while, then at once; the run says so once', async () => {
  const { notes, ask } = open();
  const first = expect(ask()).rejects.toThrow('No window of VS Code is attached');
  await vi.advanceTimersByTimeAsync(2000);
  await first;
  await expect(ask()).rejects.toThrow('No window of VS Code is attached');
  expect(notes).toEqual([expect.stringMatching(/^No window is attached: /)]);
});

test('the window that came first writes; the next one when it has gone', async () => {
  const { windows, ask } = open();
  const leave = windows.add(says('first'));
  windows.add(says('second'));
  expect(await ask()).toBe('first');
  leave();
  leave();
  expect(await ask()).toBe('second');
});

test('a window that goes before it has begun is followed by the next one', async () => {
  const { windows, ask } = open();
  windows.add(goes());
  windows.add(says('second'));
  expect(await ask()).toBe('second');
});

test('a window that goes in the middle fails the text, and is not asked again', async () => {
  const { windows, ask } = open();
  windows.add(goes('half'));
  windows.add(says('second'));
  await expect(ask()).rejects.toBe(lost);
  expect(await ask()).toBe('second');
});

test('a window that is being reloaded is waited for', async () => {
  const { windows, notes, ask } = open();
  await vi.advanceTimersByTimeAsync(60_000);
  const leave = windows.add(says('before'));
  leave();
  const text = ask();
  await vi.advanceTimersByTimeAsync(29_000);
  windows.add(says('after'));
  expect(await text).toBe('after');
  expect(notes).toEqual([]);
});

test('who waits for a window can give up', async () => {
  const { ask } = open();
  const controller = new AbortController();
  const text = expect(ask(controller.signal)).rejects.toThrow('enough');
  controller.abort(new Error('enough'));
  await text;
});

test('what a window refuses is not asked of another one', async () => {
  const { windows, ask } = open();
  const refused = new TextRefused({ message: 'no', retry: false });
  windows.add(async () => {
    throw refused;
  });
  windows.add(says('second'));
  await expect(ask()).rejects.toBe(refused);
});
