import type { Draft } from './draft.ts';
import { InputError } from './input-error.ts';

/** The first line of a matrix: how many tasks and machines, and in some collections more numbers. */
export const MATRIX_START = /^\s*\d+[ \t]+\d+([ \t]+[\d.]+)*[ \t]*\r?\n/;

/**
 * A matrix of expected times as the collections of Braun and others have it: the first line is the number of tasks and
 * of machines, then come the times of the first task on each machine, of the second task, and so on, however they are
 * broken into lines.
 */
export function readMatrix(text: string): Draft {
  const end = text.indexOf('\n', text.search(/\d/));
  const [tasks = 0, machines = 0] = text.slice(0, end).trim().split(/\s+/).map(Number);
  const first = text.slice(0, end).split('\n').length;
  if (tasks === 0 || machines === 0) {
    const message = 'the first line must be the number of tasks and the number of machines';
    throw new InputError(message, { line: first, column: 1 });
  }
  const times: number[] = [];
  const lines = text.split('\n');
  for (let line = first; line < lines.length; line += 1) {
    for (const { 0: word, index } of (lines[line] ?? '').matchAll(/\S+/g)) {
      const at = { line: line + 1, column: index + 1 };
      const time = Number(word);
      if (!(time >= 0 && time < Number.POSITIVE_INFINITY)) {
        throw new InputError(
          `\`${word.slice(0, 40)}\` is no time`,
          at,
          'A time is a number of at least 0.',
        );
      }
      if (times.length === tasks * machines) {
        throw new InputError(`there are more than the ${tasks} x ${machines} times`, at);
      }
      times.push(time);
    }
  }
  if (times.length < tasks * machines) {
    const message = `the matrix ends after ${times.length} of ${tasks} x ${machines} times`;
    throw new InputError(message, { line: lines.length, column: (lines.at(-1) ?? '').length + 1 });
  }
  const at = { line: first, column: 1 };
  return {
    tasks: Array.from({ length: tasks }, (_, task) => ({ id: `t${task + 1}`, at })),
    machines: Array.from({ length: machines }, () => ({ speed: 1, cost: 0 })),
    times: Float64Array.from(times),
  };
}
