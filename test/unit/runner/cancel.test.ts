import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { startRun } from '../../../src/runner/client.ts';
import { makeWorkspace } from '../../support/sluice.ts';

const CANCELS = 200;
const PLACES = 4;
/** Ms after its start until which an item is cancelled. */
const LATEST = 300;

const DEAF = join(import.meta.dirname, '../../programs/deaf.sh');

/** Process ids whose environment has such a tag, read without our own code. */
function tagged(tag: string): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return (
        readFileSync(`/proc/${name}/environ`, 'latin1').includes(`SLUICE_TAG=${tag}`) &&
        !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${name}/status`, 'latin1'))
      );
    } catch {
      // It has ended.
      return false;
    }
  });
}

const quantile = (values: readonly number[], share: number): string => {
  const sorted = [...values].sort((a, b) => a - b);
  return `${Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN)} ms`;
};

// Who is alive is looked up in /proc.
describe.skipIf(process.platform !== 'linux')('cancelling', () => {
  test(`${CANCELS} items at random moments, whose grandchildren ignore SIGTERM, leaves nothing of them`, {
    timeout: 240_000,
  }, async () => {
    const names = Array.from({ length: CANCELS }, (_, index) => `deaf ${index + 1}`);
    const folder = makeWorkspace({
      'names.txt': [
        ...names,
        ...Array.from({ length: PLACES }, (_, index) => `last ${index}`),
      ].join('\n'),
      'b.batch.yaml': `
inputs: { lines: names.txt }
steps:
  - run: [sh, -c, 'case $0 in last*) echo whole >"$1";; *) exec sh ${DEAF} "$1"; esac', "{input}", "{output}"]
output: out/{slug}.txt
concurrency: ${PLACES}
`,
    });
    const run = await startRun({ batchFile: join(folder, 'b.batch.yaml'), workspace: folder });
    onTestFinished(async () => {
      // A test that breaks off leaves a run that goes on.
      if (run.live) await run.request('cancel', {}).catch(() => {});
      run.dispose();
    });
    const cancelled: number[] = [];
    const started: number[] = [];
    const ended: number[] = [];
    const left: string[] = [];
    const cancel = async (item: number): Promise<void> => {
      await sleep(Math.random() * LATEST);
      const asked = performance.now();
      cancelled.push(asked);
      await run.request('cancel', { items: [item] });
      ended.push(performance.now() - asked);
      // Of this item, not of one whose number begins with its.
      left.push(...tagged(`${run.id}.${item}.`));
    };
    const work: Promise<void>[] = [];
    const over = new Promise<void>((resolve) => {
      run.onChange((events: readonly RunEvent[]) => {
        for (const event of events) {
          if (event.type !== 'start') continue;
          started.push(performance.now());
          if (event.item <= CANCELS) work.push(cancel(event.item));
        }
        if (run.state.ended !== undefined) resolve();
      });
    });
    await over;
    await Promise.all(work);

    expect(cancelled).toHaveLength(CANCELS);
    expect(left).toEqual([]);
    expect(tagged(`${run.id}.`)).toEqual([]);
    const { cancelled: lost, done } = run.state.counts;
    expect({ lost, done }).toEqual({ lost: CANCELS, done: PLACES });
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(
      Array.from({ length: PLACES }, (_, index) => `last-${index}.txt`),
    );
    for (const name of readdirSync(join(folder, 'out'))) {
      expect(readFileSync(join(folder, 'out', name), 'utf8')).toBe('whole\n');
    }
    expect(existsSync(join(folder, '.sluice/work', run.id))).toBe(false);

    // The first items begin by themselves, and each cancel makes place for one more.
    const waited = started.slice(PLACES).map((time, index) => time - (cancelled[index] ?? 0));
    console.log(
      `from cancel to the next item's start: p50 ${quantile(waited, 0.5)}, p99 ${quantile(waited, 0.99)}, most ${quantile(waited, 1)} (aim: 1 s)`,
    );
    console.log(
      `from cancel until nothing of it is left: p50 ${quantile(ended, 0.5)}, p99 ${quantile(ended, 0.99)}, most ${quantile(ended, 1)}`,
    );
  });
});
