import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/engines/scheduling/input-error.ts';
import { readProblem } from '../../../src/engines/scheduling/read.ts';
import { CLASSIC, classic } from './instances.ts';

/** What is wrong with an input, with its place. */
function wrong(text: string, file?: string): string {
  try {
    readProblem(text, file, 2);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { line, column, message, hint } = error;
    return `${line}:${column}: ${message}${hint === undefined ? '' : ` ${hint}`}`;
  }
  throw new Error('Nothing is wrong.');
}

describe('YAML and JSON', () => {
  test('tasks and machines', () => {
    const text = `
tasks:
  - { id: a, length: 10, release: 2, priority: 1 }
  - { id: 7, length: 4, after: a, transfer: 3 }
machines:
  - { id: fast, speed: 2, cost: 0.5 }
  - { speed: 1 }
`;
    expect(readProblem(text, 'tasks.yaml', 9)).toMatchObject({
      tasks: ['a', '7'],
      machines: ['fast', 'm2'],
      times: Float64Array.from([5, 10, 2, 4]),
      rates: Float64Array.from([0.5, 0]),
      releases: Float64Array.from([2, 0]),
      priorities: Float64Array.from([1, 0]),
      transfers: Float64Array.from([0, 3]),
      before: [[], [0]],
    });
  });

  test('machines that the input does not say', () => {
    const text = '{"tasks":[{"id":"t1","length":10}]}';
    expect(readProblem(text, undefined, 3).machines).toEqual(['m1', 'm2', 'm3']);
    const given = [{ id: 'x', speed: 2, cost: 1 }];
    expect(readProblem(text, 'a.json', given)).toMatchObject({
      machines: ['x'],
      times: Float64Array.from([5]),
    });
    expect(
      readProblem('{"tasks":[{"id":"a","length":1}],"machines":2}', undefined, 9).machines,
    ).toEqual(['m1', 'm2']);
  });

  test('a matrix of times', () => {
    const text = 'tasks: [{ id: a }, { id: b }]\ntimes: [[1, 2, 3], [4, 5, 6]]\n';
    expect(readProblem(text, undefined, 9)).toMatchObject({
      machines: ['m1', 'm2', 'm3'],
      times: Float64Array.from([1, 2, 3, 4, 5, 6]),
    });
  });

  test.for([
    ['tasks:\n  - { id: a, lenght: 3 }\n', '2:14: unknown key `lenght` Did you mean `length`?'],
    ['tasks:\n  - { id: a, length: -3 }\n', '2:22: `length` must be at least 0'],
    ['tasks:\n  - { id: a, length: long }\n', '2:22: `length` must be a number, not text'],
    ['tasks:\n  - { id: a }\n', '2:5: the task `a` has no `length`'],
    ['tasks: []\n', '1:8: `tasks` must not be empty'],
    ['machines: 2\n', '1:1: `tasks` is missing'],
    [
      'tasks:\n  - { id: a, length: 1 }\n  - { id: a, length: 2 }\n',
      '3:5: there are two tasks `a` Rename one.',
    ],
    ['tasks:\n  - { id: a, length: 1, after: b }\n', '2:5: there is no task `b` to come after'],
    [
      'tasks:\n  - { id: a, length: 1, after: b }\n  - { id: b, length: 1, after: a }\n',
      '2:5: the task `a` waits for itself, by way of others',
    ],
    [
      'tasks: [{ id: a }]\ntimes: [[1, 2], [3, 4]]\n',
      '2:8: there are 1 tasks, but `times` has 2 rows',
    ],
    [
      'tasks: [{ id: a }, { id: b }]\ntimes:\n  - [1, 2]\n  - [3]\n',
      '4:5: this row has 1 times, the first one has 2',
    ],
    [
      'tasks: [{ id: a, length: 1 }]\nmachines:\n  - { speed: 0 }\n',
      '3:14: `speed` must be more than 0',
    ],
    ['{"tasks": [', '1:12: not valid YAML or JSON: '],
  ] as const)('%j', ([text, problem]) => {
    expect(wrong(text)).toContain(problem);
  });
});

describe('CSV', () => {
  test('two tables', () => {
    const text = 'id,length,after\na,10,\nb,4,a\n"c, d",6,a b\n\nid,speed\nm,2\nn,1\n';
    expect(readProblem(text, 'x.csv', 9)).toMatchObject({
      tasks: ['a', 'b', 'c, d'],
      machines: ['m', 'n'],
      times: Float64Array.from([5, 10, 2, 4, 3, 6]),
      before: [[], [0], [0, 1]],
    });
  });

  test('a column for each machine', () => {
    expect(readProblem('id,fast,slow\na,1,2\nb,3,4\n', 'x.csv', 9)).toMatchObject({
      machines: ['fast', 'slow'],
      times: Float64Array.from([1, 2, 3, 4]),
    });
  });

  test('without a file, told by its first line', () => {
    expect(readProblem('id,length\na,3\n', undefined, 1).tasks).toEqual(['a']);
  });

  test.for([
    ['id,length\na,1\nb,x\n', '3:1: `length` must be a number of at least 0, not `x`'],
    ['id,length\na,1\n,2\n', '3:1: `id` is missing'],
    ['id,length,colour\na,1,red\n', '1:1: unknown column `colour`'],
    ['name,length\na,1\n', '1:1: there is no column `id`'],
    ['id,length\na,1\n\nid,speed\nm,0\n', '5:1: `speed` must be more than 0'],
    ['id,length\na,1\n\nid,speed\nm,1\n\nid\n', '7:1: there are more than two tables'],
    ['id,fast\na,\n', '2:1: `fast` is missing'],
    ['id,length\na,1,2\n', '2:1: not valid CSV: '],
  ] as const)('%j', ([text, problem]) => {
    expect(wrong(text, 'x.csv')).toContain(problem);
  });
});

describe('a matrix as text', () => {
  test.for(CLASSIC)('$name', ({ name }) => {
    const { tasks, machines, times } = classic(name);
    expect([tasks.length, machines.length, times.length]).toEqual([512, 16, 8192]);
    expect([tasks[0], machines[15]]).toEqual(['t1', 'm16']);
  });

  test('however it is broken into lines', () => {
    expect(readProblem('2 2\n1 2\n3 4\n', undefined, 9).times).toEqual(
      Float64Array.from([1, 2, 3, 4]),
    );
    expect(readProblem('2 2 0\r\n1\r\n2\r\n3\r\n4\r\n', 'x.0', 9).times).toEqual(
      Float64Array.from([1, 2, 3, 4]),
    );
  });

  test.for([
    ['2 2\n1 2\n3 x\n', '3:3: `x` is no time A time is a number of at least 0.'],
    ['2 2\n1 2\n3 -4\n', '3:3: `-4` is no time'],
    ['2 2\n1 2 3\n', '3:1: the matrix ends after 3 of 2 x 2 times'],
    ['2 2\n1 2 3 4\n5\n', '3:1: there are more than the 2 x 2 times'],
    ['0 2\n1\n', '1:1: the first line must be the number of tasks'],
    ['90000 90000\n1\n', '3:1: the matrix ends after 1 of'],
  ] as const)('%j', ([text, problem]) => {
    expect(wrong(text)).toContain(problem);
  });
});

test('whatever a file holds, it is read or its place is told', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.constantFrom('a.yaml', 'a.csv', 'a.json', 'a.0', undefined),
      (text, file) => {
        try {
          readProblem(text, file, 2);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as InputError).line).toBeGreaterThan(0);
        }
      },
    ),
  );
});
