import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startRun, watchRuns } from '../../src/runner/client.ts';
import { Runs } from '../../src/runner/runs.ts';
import { PanelFeed } from '../../src/server/panel-feed.ts';
import { PanelBrowser } from '../../test/support/panel-page.ts';
import { snapshot } from '../../test/support/panel-scenes.ts';

const ROOT = join(import.meta.dirname, '../..');
const SCRIPT = join(ROOT, 'test/programs/level.py');
// The runner is the built one.
process.env['SLUICE_DIST'] ??= join(ROOT, 'dist');
/** Each child prints so many lines, one each so many seconds. */
const LINES = 120;
const PAUSE = 0.1;
/** The clock of /proc. */
const TICK_MS = 10;

/** Ms from the moment that a line was printed, for each line while all children print. */
export interface Painted {
  /** To the event that the runner made of it. */
  readonly event: readonly number[];
  /** To the host, which has it in its state. */
  readonly host: readonly number[];
  /** To the paint of the row that shows it: of rows in sight, each time that they changed. */
  readonly paint: readonly number[];
  readonly seconds: number;
  /** Ms of the processor that each took in that time. */
  readonly busy: {
    readonly children: number;
    readonly runner: number;
    readonly host: number;
    readonly browser: number;
  };
  readonly machine: { readonly busy: number };
}

/** A line, when it was printed and when it was there: ms since 1970. */
interface Line {
  readonly printed: number;
  readonly there: number;
}

/** Runs so many children at once and looks at every line of theirs on its way to a panel. */
export async function paintedBy(children: number): Promise<Painted> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const browser = await PanelBrowser.start();
  try {
    writeFileSync(
      join(folder, 'live.batch.yaml'),
      JSON.stringify({
        inputs: Array.from({ length: children }, (_, index) => `child ${index + 1}`),
        // On a pseudo-terminal a worker of the kernel hands the bytes on, when a busy machine lets it.
        steps: [{ run: ['python3', SCRIPT, 1, LINES, PAUSE], pty: false }],
        concurrency: children,
      }),
    );
    const { page } = await browser.open({ width: 400, height: 1200 });
    return await measure(folder, page, children);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, page: Page, children: number): Promise<Painted> {
  const runs = new Runs(watchRuns);
  await runs.watch(folder);
  await page.evaluate(watchPaints);
  const feed = new PanelFeed({
    runs,
    snapshot: () =>
      snapshot(
        runs.all.map(({ state }) => state),
        { now: Date.now() },
      ),
    send: (message) => {
      // As text, and then one copy: what a message to a webview costs the page.
      const json = JSON.stringify(message);
      page.evaluate((text) => window.postMessage(JSON.parse(text)), json).catch(() => {});
    },
  });
  feed.show();
  const event: Line[] = [];
  const host: Line[] = [];
  const counts = new Map<number, number>();
  const work: Busy[] = [];
  const over = Promise.withResolvers<void>();
  runs.changed.on(({ run, events }) => {
    const there = Date.now();
    for (const one of events) {
      if (one.type !== 'log') continue;
      for (const line of one.lines) {
        const printed = printedAt(line);
        if (printed === undefined) continue;
        event.push({ printed, there: one.time });
        host.push({ printed, there });
        const count = (counts.get(one.item) ?? 0) + 1;
        counts.set(one.item, count);
        // All have begun; the first one is about to end.
        if (count === 1 && counts.size === children) work.push(busy(run.state.run.pid));
        if (count === LINES - 5 && work.length === 1) work.push(busy(run.state.run.pid));
      }
    }
    if (run.state.ended !== undefined) over.resolve();
  });
  const run = await startRun({ batchFile: join(folder, 'live.batch.yaml'), workspace: folder });
  await over.promise;
  const shown = await page.evaluate(() => (window as Watching).paints ?? []);
  feed.dispose();
  runs.dispose();
  run.dispose();
  const paint = shown.flatMap(({ text, time }) => {
    const printed = printedAt(text);
    return printed === undefined ? [] : [{ printed, there: time }];
  });
  const [before, after] = work;
  if (before === undefined || after === undefined)
    throw new Error('Not all children have printed.');
  const inTime = (lines: readonly Line[]): number[] =>
    lines
      .filter(({ printed }) => printed > before.time && printed < after.time)
      .map(({ printed, there }) => there - printed);
  return {
    event: inTime(event),
    host: inTime(host),
    paint: inTime(paint),
    seconds: (after.time - before.time) / 1000,
    busy: {
      children: after.children - before.children,
      runner: after.runner - before.runner,
      host: after.host - before.host,
      browser: after.browser - before.browser,
    },
    machine: { busy: after.machine - before.machine },
  };
}

function printedAt(line: string): number | undefined {
  const found = /^at (\d+\.\d+)$/.exec(line.trim())?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Ms of the processor so far, and when that was: ms since 1970. */
interface Busy {
  readonly time: number;
  readonly children: number;
  readonly runner: number;
  readonly host: number;
  readonly browser: number;
  readonly machine: number;
}

function busy(runner: number): Busy {
  const { user, system } = process.cpuUsage();
  const times = new Map<number, { parent: number; ms: number }>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const ms = (Number(fields[11]) + Number(fields[12])) * TICK_MS;
      times.set(Number(name), { parent: Number(fields[1]), ms });
    } catch {
      // It has ended.
    }
  }
  const below = (root: number): number => {
    let sum = 0;
    for (const [pid, { parent, ms }] of times) if (parent === root) sum += ms + below(pid);
    return sum;
  };
  const machine = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1]?.split(' ') ?? [];
  // User, nice, system, and interrupts; idle and waiting stand between.
  const used = [0, 1, 2, 5, 6, 7].reduce((sum, index) => sum + Number(machine[index] ?? 0), 0);
  const children = below(runner);
  const own = times.get(runner)?.ms ?? Number.NaN;
  return {
    time: Date.now(),
    children,
    runner: own,
    host: (user + system) / 1000,
    // It was started here, as the runner was.
    browser: below(process.pid) - own - children,
    machine: used * TICK_MS,
  };
}

interface Watching {
  paints?: { text: string; time: number }[];
}

/** In the page: notes what a row shows once it is painted. The panel changes rows while a frame is made. */
function watchPaints(): void {
  const paints: { text: string; time: number }[] = [];
  (window as Watching).paints = paints;
  let changed = new Set<Element>();
  const { port1, port2 } = new MessageChannel();
  // The next task comes when the frame has been painted.
  port1.onmessage = () => {
    const time = Date.now();
    const rows = changed;
    changed = new Set();
    for (const row of rows) {
      const text = row.textContent ?? '';
      const { top, bottom } = row.getBoundingClientRect();
      if (bottom > 0 && top < innerHeight) paints.push({ text, time });
    }
  };
  new MutationObserver((mutations) => {
    if (changed.size === 0) port2.postMessage(undefined);
    for (const { target } of mutations) {
      const element = target instanceof Element ? target : target.parentElement;
      const row = element?.closest('.last-line');
      if (row != null) changed.add(row);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
}
