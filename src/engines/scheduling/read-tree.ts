import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { explain, suggest } from '../../batch/explain.ts';
import { keyRange } from '../../batch/reading.ts';
import { machine } from '../../batch/uses/schedule.ts';
import type { Draft } from './draft.ts';
import { InputError, type Position } from './input-error.ts';

const name = z.union([z.string().min(1), z.number()]).transform(String);
const amount = z.number().min(0);

const task = z.strictObject({
  id: name,
  length: amount.optional(),
  release: amount.optional(),
  priority: z.number().optional(),
  after: z.union([z.array(name), name.transform((one) => [one])]).optional(),
  transfer: amount.optional(),
});

const tree = z.strictObject({
  tasks: z.array(task).min(1),
  machines: z.union([z.array(machine).min(1), z.int().min(1).max(10_000)]).optional(),
  times: z.array(z.array(amount)).optional(),
});

/** A problem as YAML, or as JSON, which is YAML: `tasks`, `machines` and, if it has them, `times`. */
export function readTree(text: string): Draft {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  });
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const at = (path: readonly PropertyKey[]): Position => {
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return place(node.range[0]);
    }
    return place(document.contents?.range?.[0] ?? 0);
  };
  const [broken] = document.errors;
  if (broken !== undefined) {
    throw new InputError(`not valid YAML or JSON: ${broken.message}`, place(broken.pos[0]));
  }
  const checked = tree.safeParse(
    plainValue(() => document.toJS({ maxAliasCount: 100 })),
    {
      reportInput: true,
    },
  );
  if (!checked.success) {
    const atKey = (path: readonly PropertyKey[], key: string): Position => {
      const range = keyRange(document.getIn(path, true), key);
      return range === undefined ? at(path) : place(range[0]);
    };
    throw refusal(checked.error.issues, at, atKey);
  }
  const { tasks, machines, times } = checked.data;
  const drafts = tasks.map((one, index) => ({ ...one, at: at(['tasks', index]) }));
  const listed = Array.isArray(machines)
    ? machines.map((one, index) => ({ ...one, at: at(['machines', index]) }))
    : undefined;
  if (times === undefined) {
    const count = typeof machines === 'number' ? machines : 0;
    const equal = Array.from({ length: count }, () => ({ speed: 1, cost: 0 }));
    return { tasks: drafts, machines: listed ?? (count > 0 ? equal : undefined) };
  }
  const width = times[0]?.length ?? 0;
  if (times.length !== tasks.length) {
    const message = `there are ${tasks.length} tasks, but \`times\` has ${times.length} rows`;
    throw new InputError(message, at(['times']));
  }
  const odd = times.findIndex((row) => row.length !== width || width === 0);
  if (odd >= 0) {
    const message = `this row has ${times[odd]?.length ?? 0} times, the first one has ${width}`;
    throw new InputError(message, at(['times', odd]));
  }
  if (listed !== undefined && listed.length !== width) {
    const message = `there are ${listed.length} machines, but each row of \`times\` has ${width}`;
    throw new InputError(message, at(['times']));
  }
  return {
    tasks: drafts,
    machines: listed ?? Array.from({ length: width }, () => ({ speed: 1, cost: 0 })),
    times: Float64Array.from(times.flat()),
  };
}

function plainValue(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    throw new InputError(`not valid YAML: ${(error as Error).message}`, { line: 1, column: 1 });
  }
}

function refusal(
  issues: readonly z.core.$ZodIssue[],
  at: (path: readonly PropertyKey[]) => Position,
  atKey: (path: readonly PropertyKey[], key: string) => Position,
): InputError {
  const [issue] = issues;
  if (issue === undefined) return new InputError('this is no problem', { line: 1, column: 1 });
  if (issue.code !== 'unrecognized_keys') return new InputError(explain(issue), at(issue.path));
  const [key = ''] = issue.keys;
  const shape = issue.path[0] === 'tasks' ? task : issue.path[0] === 'machines' ? machine : tree;
  return new InputError(
    `unknown key \`${key}\``,
    atKey(issue.path, key),
    suggest(key, Object.keys(shape.shape)),
  );
}
