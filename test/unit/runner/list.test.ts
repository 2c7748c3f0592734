import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { watchRuns } from '../../../src/runner/client.ts';
import { layoutOf, runLayout } from '../../../src/runner/layout.ts';
import { RunFixture } from '../../support/run-fixture.ts';
import { makeWorkspace } from '../../support/sluice.ts';

/** Writes a run that has ended. */
function write(workspace: string, number: number): void {
  const id = `2026010100000${String(number).padStart(4, '0')}-abcdef`;
  const run = new RunFixture(id, 'Old', ['one'], number);
  run.make(1, 1);
  run.add({ type: 'finish', state: 'done' });
  const files = runLayout(layoutOf(workspace), id);
  mkdirSync(files.folder, { recursive: true });
  writeFileSync(files.state, JSON.stringify(run.state));
}

test('a list that is kept for long lets go of the oldest runs that have ended', async () => {
  const workspace = makeWorkspace({});
  mkdirSync(join(workspace, '.sluice/runs'), { recursive: true });
  const list = await watchRuns(workspace);
  onTestFinished(() => list.dispose());
  for (let number = 0; number < 80; number += 1) {
    write(workspace, number);
    await list.refresh();
  }
  expect(list.runs).toHaveLength(50);
  expect(list.runs.map(({ state }) => state.started)).toEqual(
    Array.from({ length: 50 }, (_, index) => 79 - index),
  );
});
