import { readFile } from 'node:fs/promises';
import { applyEvents, EMPTY_STATE, type RunState } from '../protocol/state.ts';
import { readEvents } from './events-file.ts';
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

async function replay(path: string): Promise<RunState | undefined> {
  let state = EMPTY_STATE;
  let last = 0;
  try {
    for await (const { events } of readEvents(path)) {
      state = applyEvents(state, events);
      last = events.at(-1)?.time ?? last;
    }
  } catch {
    return undefined;
  }
  if (state.run.id === '') return undefined;
  return state.ended === undefined
    ? { ...state, state: 'interrupted', ended: last, active: [] }
    : state;
}
