import { endFamily } from './ending.ts';
import { findFamily, readProcesses } from './processes.ts';

/*
 * Who left a program's group and its pipes can only be found by reading all processes, which takes
 * some ms: too much after each of thousand short programs. So many finished ones share a search.
 */

/** Between the end of a program and the search for what it left, in ms. */
const PAUSE = 1000;
const DELAY = 500;

let finished = new Set<string>();
let timer: NodeJS.Timeout | undefined;

async function sweep(): Promise<void> {
  const tags = finished;
  finished = new Set();
  timer = undefined;
  const family = { hasTag: (tag: string): boolean => tags.has(tag) };
  try {
    if (findFamily(await readProcesses(), family).length > 0) await endFamily(family, DELAY).done;
  } catch {
    // Without a table of processes there is nothing to search.
  }
}

/**
 * Soon ends what a finished program left outside its group. It does not keep this process alive:
 * whoever is about to leave calls `endLeftovers`.
 */
export function sweepLater(tag: string): void {
  if (process.platform === 'win32') return;
  finished.add(tag);
  if (timer === undefined) timer = setTimeout(() => void sweep(), PAUSE).unref();
}
