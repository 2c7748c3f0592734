import type { Fact, RunEvent, RunHeader } from '../../src/protocol/events.ts';
import { applyEvents, EMPTY_STATE, type RunState } from '../../src/protocol/state.ts';

/** Makes the events of a run, numbered and timed as a runner does. */
export class RunFixture {
  readonly events: RunEvent[] = [];
  readonly header: RunHeader;
  #time: number;

  constructor(
    id: string,
    name: string,
    titles: readonly string[],
    started = 1_700_000_000_000,
    workspace = '/workspace',
    /** The file that all items work on. */
    input?: string,
  ) {
    this.#time = started;
    this.header = {
      id,
      name,
      batch: `${id}.batch.yaml`,
      workspace,
      steps: [{ name: 'write' }, { name: 'speak' }],
      concurrency: 2,
      total: titles.length,
      pid: 4242,
    };
    this.add({ type: 'run', version: 1, run: this.header });
    this.add({
      type: 'items',
      items: titles.map((title, index) => ({
        item: index + 1,
        title,
        source: { file: 'prompts.txt', line: index + 1, column: 1 },
        ...(input === undefined ? {} : { input }),
        output: `out/${index + 1}.mp3`,
      })),
    });
  }

  /** Adds a fact, `after` ms after the one before; answers it as an event. */
  add(fact: Fact, after = 0): RunEvent {
    this.#time += after;
    const event: RunEvent = { ...fact, seq: this.events.length + 1, time: this.#time };
    this.events.push(event);
    return event;
  }

  /** An item that is made from beginning to end, a sound of so many seconds. */
  make(item: number, seconds: number, took = 20_000): void {
    this.add({ type: 'start', item, attempt: 1 });
    this.add({ type: 'step', item, step: 1 });
    const result = { path: `out/${item}.mp3`, mime: 'audio/mpeg', bytes: seconds * 8000, seconds };
    this.add({ type: 'result', item, step: 1, result }, took);
    this.add({ type: 'end', item, state: 'done' });
  }

  fail(item: number, message: string, hint?: string): void {
    this.add({ type: 'start', item, attempt: 1 });
    const where = { file: 'prompts.txt', line: item };
    this.add({
      type: 'end',
      item,
      state: 'failed',
      failure: { message, where, ...(hint === undefined ? {} : { hint }) },
    });
  }

  /** An item that is under way in step `step`. */
  begin(item: number, step: number, fraction: number, text: string): void {
    this.add({ type: 'start', item, attempt: 1 });
    this.add({ type: 'step', item, step });
    this.add({ type: 'text', item, step, text });
    this.add({ type: 'progress', item, step, progress: { fraction } });
  }

  get now(): number {
    return this.#time;
  }

  get state(): RunState {
    return applyEvents(EMPTY_STATE, this.events);
  }
}
