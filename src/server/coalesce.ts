import type { RunEvent } from '../protocol/events.ts';

interface Latest {
  /** By step: two of them may be under way. */
  progress: Map<number, number>;
  log?: number;
  text?: number;
}

/**
 * The same news in fewer events: `applyEvents` gives the same state for both. Of an item's progress and log
 * lines only the last are kept, and text is joined, so that a program that floods costs one event a frame.
 */
export function coalesce(events: readonly RunEvent[]): readonly RunEvent[] {
  if (events.length < 2) return events;
  const kept: (RunEvent | undefined)[] = [];
  const items = new Map<number, Latest>();
  for (const event of events) {
    kept.push(event);
    if (!('item' in event)) continue;
    const at = kept.length - 1;
    const latest: Latest = items.get(event.item) ?? { progress: new Map() };
    items.set(event.item, latest);
    if (event.type === 'progress') {
      const before = latest.progress.get(event.step);
      if (before !== undefined) kept[before] = undefined;
      latest.progress.set(event.step, at);
    } else if (event.type === 'log') {
      const line = event.lines.at(-1);
      if (line === undefined) continue;
      if (latest.log !== undefined) kept[latest.log] = undefined;
      if (event.lines.length > 1) kept[at] = { ...event, lines: [line] };
      latest.log = at;
    } else if (event.type === 'text') {
      const before = latest.text === undefined ? undefined : kept[latest.text];
      if (before?.type === 'text' && before.step === event.step) {
        kept[latest.text ?? at] = undefined;
        kept[at] = { ...event, text: before.text + event.text };
      }
      latest.text = at;
    } else if (event.type === 'start' || event.type === 'step') {
      // What came before belongs to another step: nothing is joined across.
      items.delete(event.item);
    }
  }
  return kept.filter((event) => event !== undefined);
}
