import type { RunEvent } from '../protocol/events.ts';
import type { RunState } from '../protocol/state.ts';
import { madeCount } from './labels.ts';
import { text } from './text.ts';

/** What a screen reader is to say of new events: failures and the end of a run, and nothing else. */
export function announcement(state: RunState, events: readonly RunEvent[]): string {
  const failed = events.filter((event) => event.type === 'end' && event.state === 'failed');
  const said: string[] = [];
  const [first] = failed;
  if (failed.length > 1) said.push(text.itemsFailed(failed.length));
  else if (first?.type === 'end') {
    const title = state.items[first.item - 1]?.title ?? '';
    said.push(text.itemFailed(first.item, title, first.failure?.message ?? ''));
  }
  if (events.some((event) => event.type === 'finish')) {
    const { name, total } = state.run;
    const word = text.runState[state.state];
    said.push(text.runEnded(name, word, madeCount(state), total, state.counts.failed));
  }
  return said.join(' ');
}
