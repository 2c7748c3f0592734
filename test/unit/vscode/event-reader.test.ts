import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Fact, RunEvent } from '../../../src/protocol/events.ts';
import { layoutOf, runLayout } from '../../../src/runner/layout.ts';
import { Runs } from '../../../src/runner/runs.ts';
import { EventReader } from '../../../src/vscode/event-reader.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeList, FakeRun } from '../../support/fake-run.ts';
import { RunFixture } from '../../support/run-fixture.ts';
import { makeWorkspace } from '../../support/sluice.ts';

const LINES = 40;

/** A run with many lines, in a folder, of which nothing is written yet. */
async function makeRun() {
  const folder = makeWorkspace({});
  const fixture = new RunFixture('run', 'Run', ['a', 'b'], undefined, folder);
  fixture.add({ type: 'start', item: 1, attempt: 1 });
  for (let number = 1; number <= LINES; number += 1) fixture.add(line(number));
  const run = new FakeRun(fixture.state);
  const runs = new Runs(async () => new FakeList(run));
  await runs.watch(folder);
  const path = runLayout(layoutOf(folder), 'run').events;
  mkdirSync(dirname(path), { recursive: true });
  const write = (text: string): void => appendFileSync(path, text);
  const seen: RunEvent[] = [];
  const read = (limit = 1 << 20): EventReader => {
    const options = {
      runs,
      run: 'run',
      limit,
      tell: (events: readonly RunEvent[]) => void seen.push(...events),
    };
    const reader = new EventReader(options);
    onTestFinished(() => reader.dispose());
    return reader;
  };
  return { fixture, run, write, read, seen };
}

function line(number: number): Fact {
  return { type: 'log', item: 1, step: 0, stream: 'out', lines: [`line ${number}`] };
}

function asLines(events: readonly RunEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

test('a run that is over is read from its log', async () => {
  const { fixture, write, read, seen } = await makeRun();
  write(asLines(fixture.events));
  const reader = read();
  await reader.whole;
  expect(seen).toEqual(fixture.events);
  expect(reader.cut).toBe(false);
});

test('of a long log the end is read', async () => {
  const { fixture, write, read, seen } = await makeRun();
  write(asLines(fixture.events));
  const reader = read(500);
  await reader.whole;
  expect(reader.cut).toBe(true);
  expect(seen.length).toBeGreaterThan(2);
  expect(seen).toEqual(fixture.events.slice(-seen.length));
});

test('of a run under way the log is read, and then what comes, each event once and in order', async () => {
  const { fixture, run, write, read, seen } = await makeRun();
  const known = [...fixture.events];
  // The log lags behind, and a line is on its way.
  const text = asLines(known);
  const half = text.length - 20;
  write(text.slice(0, half));
  const { whole } = read();
  run.emit(
    fixture.add(line(100)),
    fixture.add({ type: 'progress', item: 1, step: 0, progress: {} }),
  );
  run.emit(fixture.add(line(101)));
  await eventually(() => seen.length).toBeGreaterThan(LINES);
  expect(seen.length).toBeLessThan(known.length);
  write(text.slice(half));
  await whole;
  run.emit(fixture.add(line(102)));
  expect(seen).toEqual(fixture.events);
});

test('a run that is heard from its first event on needs no log', async () => {
  const { fixture, run, read, seen } = await makeRun();
  const { whole } = read();
  // A handle tells what came before anybody listened.
  queueMicrotask(() => run.emit(...fixture.events));
  await whole;
  run.emit(fixture.add(line(100)));
  expect(seen).toEqual(fixture.events);
});

test('what this window was too slow for is read from the log', async () => {
  const { fixture, run, write, read, seen } = await makeRun();
  write(asLines(fixture.events));
  await read().whole;
  const missed = [fixture.add(line(100)), fixture.add(line(101))];
  // A runner sends a state in the place of what was missed.
  run.state = fixture.state;
  run.emit();
  run.emit(fixture.add(line(102)));
  write(asLines(missed));
  await eventually(() => seen.length).toBe(fixture.events.length);
  expect(seen).toEqual(fixture.events);
});

test('without a log what comes is told all the same', async () => {
  const { fixture, run, read, seen } = await makeRun();
  const { whole } = read();
  run.emit(fixture.add(line(100)));
  await whole;
  run.emit(fixture.add(line(101)));
  expect(seen).toEqual(fixture.events.slice(-2));
});

test('nothing is told after dispose', async () => {
  const { fixture, run, write, read, seen } = await makeRun();
  write(asLines(fixture.events));
  const reader = read();
  reader.dispose();
  await reader.whole;
  run.emit(fixture.add(line(100)));
  expect(seen).toEqual([]);
});
