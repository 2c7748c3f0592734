import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type RunList, watchRuns } from '../../src/runner/client.ts';
import { isAlive } from '../../src/runner/liveness.ts';
import { eventually } from '../support/eventually.ts';
import { eventsOf, logLinesOf, pidsOf } from '../support/run-files.ts';
import { fileOf, openScene } from '../support/scene.ts';
import { ofType } from '../support/sluice.ts';
import { panelOf, runBatchFile, runLogLines, runLogsOf } from '../support/window.ts';

const BATCH = `
name: Long
inputs: [one, two, three]
steps: [{ run: [python3, count.py, "{input}", "2000", "0.05"] }]
concurrency: 2
`;

test('a run outlives its window, which finds it again and can end it', async () => {
  const { folder, window } = await openScene({
    'long.batch.yaml': BATCH,
    'count.py': readFileSync(fileOf('test/programs/count.py'), 'utf8'),
  });
  await runBatchFile(window, 'long.batch.yaml');
  await eventually(() => logLinesOf(folder).length).toBeGreaterThan(40);
  const programs = pidsOf(folder);
  expect(programs.length).toBe(2);

  // The extension host is killed: nobody cleans up.
  const [host = 0] = window.server.extensionHosts();
  process.kill(host, 'SIGKILL');
  await eventually(() => isAlive(host)).toBe(false);
  expect(programs.map(isAlive)).toEqual([true, true]);

  // Once with the host that VS Code starts in its place, once with the window anew.
  await eventually(() => runLogsOf(window, 'Long').length, 60_000).toBe(2);
  await expectWholeOutput();
  await window.reload();
  await eventually(() => runLogsOf(window, 'Long').length, 60_000).toBe(3);
  await expectWholeOutput();
  expect(programs.map(isAlive)).toEqual([true, true]);
  expect(pidsOf(folder)).toEqual(programs);

  // Its events have no gap either, for whoever attaches now.
  const seqs = await sequenceSeenBy(await watchRuns(folder));
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));

  // The panel shows where the run stands, and ends it.
  const panel = await panelOf(window);
  const run = panel.run('Long');
  await run.getByText('0 of 3').waitFor();
  expect(await panel.items('running').count()).toBe(2);
  expect(await panel.items('queued').count()).toBe(1);
  await window.statusBar(/Sluice 0\/3/).waitFor();
  await run.getByRole('button', { name: 'Cancel run' }).click();
  await run.getByText('cancelled').first().waitFor();
  await eventually(() => ofType(eventsOf(folder), 'finish').map(({ state }) => state)).toEqual([
    'cancelled',
  ]);
  const [runner] = ofType(eventsOf(folder), 'run').map((event) => event.run.pid);
  await eventually(() => [...programs, runner ?? 0].filter(isAlive)).toEqual([]);
  expect(pidsOf(folder)).toEqual(programs);

  /** The newest output channel goes on growing, and has each item's lines from the first on. */
  async function expectWholeOutput(): Promise<void> {
    await eventually(() => numbersOf('[1/3] python3: one ').length).toBeGreaterThan(40);
    const before = numbersOf('[1/3] python3: one ').length;
    await eventually(() => numbersOf('[1/3] python3: one ').length).toBeGreaterThan(before);
    for (const prefix of ['[1/3] python3: one ', '[2/3] python3: two ']) {
      const numbers = numbersOf(prefix);
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    }
    expect(runLogLines(window, 'Long').filter((line) => line.startsWith('──── Long'))).toHaveLength(
      1,
    );
  }

  function numbersOf(prefix: string): number[] {
    const lines = runLogLines(window, 'Long').slice(0, -1);
    return lines
      .filter((line) => line.startsWith(prefix))
      .map((line) => Number(line.split(' ').at(-1)));
  }
});

/** The numbers of the events that a client gets which attaches now and listens for a second. */
async function sequenceSeenBy(list: RunList): Promise<number[]> {
  const seqs: number[] = [];
  try {
    list.runs[0]?.onChange((events) => seqs.push(...events.map((event) => event.seq)));
    await eventually(() => seqs.length).toBeGreaterThan(0);
    const { length } = seqs;
    await eventually(() => seqs.length).toBeGreaterThan(length + 20);
    return seqs;
  } finally {
    list.dispose();
  }
}
