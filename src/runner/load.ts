import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { LineSplitter } from '../process/lines.ts';
import type { RunEvent } from '../protocol/events.ts';
import { applyEvents, EMPTY_STATE, type RunState } from '../protocol/state.ts';
import type { RunLayout } from './layout.ts';

/**
 * The state of a run that has no runner any more: as it was written at the end, or from its log when the
 * runner was killed; it is `interrupted` then. `undefined` when there is no such run.
 */
export async function loadState(files: RunLayout): Promise<RunState | undefined> {
  try {
    return JSON.parse(await readFile(files.state, 'utf8')) as RunState;
  } catch {
    return replay(files.events);
  }
}

/** Characters of one event as JSON: the list of all items may be long. */
const EVENT_LIMIT = 256 << 20;

async function replay(path: string): Promise<RunState | undefined> {
  let state = EMPTY_STATE;
  let last = 0;
  try {
    // Node's readline would also split at U+2028, which may stand in a text.
    const splitter = new LineSplitter(EVENT_LIMIT);
    for await (const chunk of createReadStream(path)) {
      const fresh = splitter
        .push(chunk as Buffer)
        .map(parse)
        .filter((event) => event !== undefined);
      state = applyEvents(state, fresh);
      last = fresh.at(-1)?.time ?? last;
    }
  } catch {
    return undefined;
  }
  if (state.run.id === '') return undefined;
  return state.ended === undefined
    ? { ...state, state: 'interrupted', ended: last, active: [] }
    : state;
}

/** A line may be cut where the runner was killed. */
function parse(line: string): RunEvent | undefined {
  try {
    return JSON.parse(line) as RunEvent;
  } catch {
    return undefined;
  }
}
