import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Workbench } from '../../scripts/vscode/workbench.mjs';
import { eventually } from '../support/eventually.ts';
import {
  type Delays,
  describeDelays,
  eventDelays,
  shownDelays,
  summary,
} from '../support/live-lines.ts';
import { eventsOf, runsOf } from '../support/run-files.ts';
import { fileOf, openScene } from '../support/scene.ts';
import { ofType } from '../support/sluice.ts';
import { watchText } from '../support/watch-text.ts';
import { panelOf, runBatchFile } from '../support/window.ts';

const LINES = 200;
/** Targets for 99 of 100 lines, in ms. */
const EVENT_TARGET = 50;
const SHOWN_TARGET = 100;
/** Whatever else this machine does meanwhile makes lines late: the best measurement counts. */
const TRIES = 3;

test('lines are live through three levels of programs that flush nothing', async () => {
  const { folder, window } = await openScene({
    'three_levels.py': readFileSync(fileOf('test/programs/three_levels.py'), 'utf8'),
    'three.batch.yaml': `
name: Three levels
inputs: [one]
steps: [{ run: [python3, three_levels.py, "${LINES}"] }]
`,
  });
  const measured: { readonly events: Delays; readonly shown: Delays }[] = [];
  while (measured.length < TRIES) {
    const delays = await measure(folder, window);
    measured.push(delays);
    console.log(`events  ${describeDelays(delays.events)}`);
    console.log(`panel   ${describeDelays(delays.shown)}`);
    if (delays.events.p99 <= EVENT_TARGET && delays.shown.p99 <= SHOWN_TARGET) break;
  }
  for (const { events, shown } of measured) {
    // Every line, whatever the machine does.
    expect(events.count).toBe(LINES);
    expect(shown.most).toBeLessThan(Number.POSITIVE_INFINITY);
  }
  const best = (of: 'events' | 'shown'): number =>
    Math.min(...measured.map((delays) => delays[of].p99));
  expect(best('events')).toBeLessThanOrEqual(EVENT_TARGET);
  expect(best('shown')).toBeLessThanOrEqual(SHOWN_TARGET);
});

async function measure(
  folder: string,
  window: Workbench,
): Promise<{ events: Delays; shown: Delays }> {
  const before = runsOf(folder).length;
  const panel = await panelOf(window);
  const shown = await watchText(panel.frame, 'sluice-item .last-line p');
  await runBatchFile(window, 'three.batch.yaml');
  await eventually(() => runsOf(folder).length).toBe(before + 1);
  await eventually(() => ofType(eventsOf(folder), 'finish').length, 60_000).toBe(1);
  const events = eventsOf(folder);
  return {
    events: summary(eventDelays(events)),
    shown: summary(shownDelays(events, await shown())),
  };
}
