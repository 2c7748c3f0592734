import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { RunEvent } from '../../src/protocol/events.ts';
import { layoutOf, runLayout } from '../../src/runner/layout.ts';
import { ofType, parseEvents } from './sluice.ts';

/** The ids of the runs of a folder, oldest first. */
export function runsOf(folder: string): string[] {
  const { runs } = layoutOf(folder);
  return existsSync(runs) ? readdirSync(runs).sort() : [];
}

/** Writes the log of a run as its runner does. */
export function writeLog(folder: string, events: readonly RunEvent[]): void {
  const [first] = events;
  const files = runLayout(layoutOf(folder), first?.type === 'run' ? first.run.id : '');
  mkdirSync(files.folder, { recursive: true });
  const kept = events.filter(({ type }) => type !== 'progress');
  writeFileSync(files.events, kept.map((event) => `${JSON.stringify(event)}\n`).join(''));
}

/** What the newest run of a folder has written of itself, so far. */
export function eventsOf(folder: string): RunEvent[] {
  const id = runsOf(folder).at(-1);
  const file = id === undefined ? undefined : runLayout(layoutOf(folder), id).events;
  if (file === undefined || !existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  // The last line may be on its way.
  return parseEvents(text.slice(0, text.lastIndexOf('\n') + 1));
}

/** The processes that have worked for the newest run of a folder, its runner left out. */
export function pidsOf(folder: string): number[] {
  const pids = ofType(eventsOf(folder), 'step').map((event) => event.pid);
  return [...new Set(pids.filter((pid) => pid !== undefined))];
}

/** Every line of output that the newest run of a folder has logged, in order. */
export function logLinesOf(folder: string): string[] {
  return ofType(eventsOf(folder), 'log').flatMap((event) => event.lines);
}
