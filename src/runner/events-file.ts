import { createReadStream } from 'node:fs';
import type { RunEvent } from '../protocol/events.ts';

const READ_BYTES = 1 << 20;
const LINE_END = 10;

export interface EventsPart {
  readonly events: readonly RunEvent[];
  /** Byte of the file after the last whole line that was read. */
  readonly end: number;
}

/**
 * The events in a run's log, in order, from byte `from` to its present end. A line that is cut, where the
 * reading begins or where a runner was killed, is left out. Rejects when the file cannot be read.
 */
export async function* readEvents(path: string, from = 0): AsyncGenerator<EventsPart> {
  let rest: Buffer = Buffer.alloc(0);
  let end = from;
  for await (const chunk of createReadStream(path, { start: from, highWaterMark: READ_BYTES })) {
    const bytes = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    const whole = bytes.lastIndexOf(LINE_END) + 1;
    rest = bytes.subarray(whole);
    if (whole === 0) continue;
    end += whole;
    const lines = bytes.toString('utf8', 0, whole - 1).split('\n');
    yield { events: lines.map(parse).filter((event) => event !== undefined), end };
  }
}

function parse(line: string): RunEvent | undefined {
  try {
    return JSON.parse(line) as RunEvent;
  } catch {
    return undefined;
  }
}
