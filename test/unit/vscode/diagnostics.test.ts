import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseBatch } from '../../../src/batch/parse.ts';
import { Diagnostics } from '../../../src/vscode/diagnostics.ts';
import { FakeVscode, fakeDocument } from '../../support/fake-vscode.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const GOOD = 'inputs: [a]\nsteps:\n  - run: [cp]\n';
const BAD = 'inputs: [a]\nsteps:\n  - run: [cp]\nretris: 2\n';

test('a batch file is checked when it is opened, soon after it changes, and forgotten when closed', async () => {
  const vscode = new FakeVscode();
  const open = fakeDocument('/workspace/a.batch.yaml', BAD);
  const other = fakeDocument('/workspace/other.yaml', 'x: [');
  vscode.documents.push(open, other);
  const diagnostics = new Diagnostics(
    vscode.module,
    async (text, file) => parseBatch(text, file).problems,
    (error) => {
      throw error;
    },
  );
  await vi.advanceTimersByTimeAsync(0);
  const [found] = vscode.diagnostics.get(open.uri.fsPath) ?? [];
  expect(found?.message).toMatch(/^Unknown key `retris`\. Did you mean `retries`\?/);
  expect(found?.range.numbers).toEqual([3, 0, 3, 6]);
  expect(vscode.diagnostics.has(other.uri.fsPath)).toBe(false);

  open.text = GOOD;
  for (let key = 0; key < 5; key += 1) {
    vscode.edited.fire({ document: open });
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(vscode.diagnostics.get(open.uri.fsPath)?.length).toBe(1);
  await vi.advanceTimersByTimeAsync(250);
  expect(vscode.diagnostics.get(open.uri.fsPath)).toEqual([]);

  open.text = BAD;
  vscode.edited.fire({ document: open });
  vscode.closed.fire(open);
  await vi.advanceTimersByTimeAsync(1000);
  expect(vscode.diagnostics.has(open.uri.fsPath)).toBe(false);
  diagnostics.dispose();
  expect(vi.getTimerCount()).toBe(0);
});
