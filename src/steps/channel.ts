import { StringDecoder } from 'node:string_decoder';
import { inspect } from 'node:util';
import type { FromStep, ToStep } from '../protocol/step.ts';

/** Writes one line of the step protocol. */
export type Send = (line: FromStep) => void;

/**
 * Takes standard output for the protocol alone: whatever else writes to `process.stdout` or the
 * console goes to standard error from now on. `onGone` is called when nobody reads any more.
 */
export function takeStdout(onGone: () => void): { send: Send; flush(): Promise<void> } {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  stdout.on('error', onGone);
  for (const name of ['log', 'info', 'debug'] as const) console[name] = console.error;
  return {
    send: (line) => void write(`${toLine(line)}\n`),
    flush: () => new Promise((resolve) => write('', () => resolve())),
  };
}

/** Many readers of lines take U+2028 and U+2029 for the end of one. */
function toLine(line: FromStep): string {
  return JSON.stringify(line).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/**
 * Lines of the protocol out of the chunks of a stream. Splits at `\n` alone, since texts may hold
 * U+2028; a line that is no message is given to `onBad`. Ends when the stream ends.
 */
export async function* readLines(
  stream: AsyncIterable<Uint8Array>,
  onBad: (problem: string) => void,
): AsyncGenerator<ToStep> {
  const decoder = new StringDecoder('utf8');
  // Parts, not one growing string: a long text comes in many chunks.
  let parts: string[] = [];
  for await (const chunk of stream) {
    const lines = decoder.write(Buffer.from(chunk)).split('\n');
    for (const [index, line] of lines.entries()) {
      parts.push(line);
      if (index === lines.length - 1) break;
      const message = parseLine(parts.join(''), onBad);
      parts = [];
      if (message) yield message;
    }
  }
  const last = parseLine(parts.join('') + decoder.end(), onBad);
  if (last) yield last;
}

function parseLine(line: string, onBad: (problem: string) => void): ToStep | undefined {
  if (line.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    onBad(`not JSON: ${inspect(line.slice(0, 80))}`);
    return undefined;
  }
  if (isMessage(value)) return value;
  onBad(`not a message of the step protocol: ${inspect(line.slice(0, 80))}`);
  return undefined;
}

const ANSWERS = ['answer', 'answered', 'refused'] as const;

function isMessage(value: unknown): value is ToStep {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  if (value.type === 'hello') return 'protocol' in value && typeof value.protocol === 'number';
  if (ANSWERS.some((type) => type === value.type)) {
    return 'ask' in value && typeof value.ask === 'string';
  }
  if (!('id' in value) || typeof value.id !== 'string') return false;
  if (['cancel', 'finish', 'end'].some((type) => type === value.type)) return true;
  if (value.type === 'piece') {
    return (
      'piece' in value &&
      typeof value.piece === 'number' &&
      'text' in value &&
      typeof value.text === 'string'
    );
  }
  return (
    value.type === 'item' &&
    'with' in value &&
    typeof value.with === 'object' &&
    value.with !== null &&
    'output' in value &&
    typeof value.output === 'string'
  );
}
