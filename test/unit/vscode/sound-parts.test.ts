import { describe, expect, test } from 'vitest';
import type { Sound } from '../../../src/protocol/events.ts';
import type { Runs } from '../../../src/runner/runs.ts';
import { forPanel } from '../../../src/server/panel-state.ts';
import { Opener } from '../../../src/vscode/opener.ts';
import { FakeRun } from '../../support/fake-run.ts';
import { FakeVscode } from '../../support/fake-vscode.ts';
import { RunFixture } from '../../support/run-fixture.ts';
import { makeWorkspace } from '../../support/sluice.ts';

const sound = (chunk: number, path: string): Sound => {
  const [from, to, start, end] = [chunk * 5, chunk * 5 + 5, chunk, chunk + 1];
  return { chunk, path, text: 'Word.', from, to, start, end };
};

/** A run whose item is making a sound of these parts. */
function making(workspace: string, ...sounds: readonly Sound[]): RunFixture {
  const run = new RunFixture('lesson', 'Lesson', ['Plants'], 0, workspace);
  run.begin(1, 1, 0.5, 'Word.Word.');
  for (const one of sounds) run.add({ type: 'sound', item: 1, step: 1, sound: one });
  return run;
}

function opener(run: RunFixture): Opener {
  const fake = new FakeRun(run.state);
  const runs = { get: (id: string) => (id === fake.id ? fake : undefined) };
  return new Opener(new FakeVscode().module, runs as unknown as Runs);
}

describe('the parts of a sound that is being made', () => {
  test('are read as the run has named them, and nothing else is', async () => {
    const bytes = new Uint8Array(100_000).fill(3);
    const folder = makeWorkspace({ 'work/chunks/0.wav': bytes, 'secret.wav': 'secret' });
    const run = making(
      folder,
      sound(0, 'work/chunks/0.wav'),
      sound(1, '../elsewhere.wav'),
      sound(2, 'work/chunks/2.wav'),
    );
    const parts = opener(run);
    const id = { run: 'lesson', item: 1 };
    expect(await parts.sound({ ...id, chunk: 0 })).toEqual({ bytes, whole: true });
    expect(await parts.sound({ ...id, chunk: 1 })).toEqual({
      problem: '../elsewhere.wav lies outside the workspace and is not opened.',
    });
    expect(await parts.sound({ ...id, chunk: 2 })).toEqual({
      problem: 'work/chunks/2.wav is not there any more.',
    });
    const gone = { problem: 'There is no such sound any more.' };
    expect(await parts.sound({ ...id, chunk: 9 })).toEqual(gone);
    expect(await parts.sound({ ...id, item: 2, chunk: 0 })).toEqual(gone);
    expect(await parts.sound({ ...id, run: 'other', chunk: 0 })).toEqual(gone);
  });

  test('are told to a panel while the item is under way, and not after it', () => {
    const run = making('/work', sound(0, 'a.wav'));
    expect(forPanel(run.state).items[0]?.sounds).toHaveLength(1);
    run.add({ type: 'end', item: 1, state: 'done' });
    expect(run.state.items[0]?.sounds).toHaveLength(1);
    expect(forPanel(run.state).items[0]?.sounds).toBeUndefined();
  });
});
