import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  null: 'nothing',
  number: 'a number',
  object: 'a map of keys',
  record: 'a map of keys',
  string: 'text',
};

/** What is wrong with a value, as a sentence that names its key; without a full stop. */
export function explain(issue: Issue): string {
  if (issue.code === 'custom' && !/^(must|needs)\b/.test(issue.message)) return issue.message;
  const key = issue.path.at(-1);
  const name = typeof key === 'string' ? `\`${key}\`` : 'this';
  const what = issue.input === undefined && issue.path.length > 0 ? 'is missing' : complaint(issue);
  return `${name} ${what}`;
}

function complaint(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kind(issue.expected)}, not ${kind(kindOf(issue.input))}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map((value) => `\`${String(value)}\``).join(', ')}`;
    case 'too_small':
      if (issue.message.startsWith('needs ')) return issue.message;
      return issue.origin === 'array' || issue.origin === 'string'
        ? 'must not be empty'
        : `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    case 'invalid_union':
      return issue.message === 'Invalid input'
        ? `must be ${choices(issue.errors).join(', or ')}, not ${kind(kindOf(issue.input))}`
        : issue.message;
    case 'invalid_format':
      return issue.format === 'url' ? 'must be an address such as http://localhost' : issue.message;
    default:
      return issue.message;
  }
}

function choices(branches: readonly (readonly Issue[])[]): string[] {
  return branches.flat().flatMap((issue) => {
    if (issue.code === 'invalid_type') return [kind(issue.expected)];
    return issue.code === 'invalid_value'
      ? issue.values.map((value) => `\`${String(value)}\``)
      : [];
  });
}

/** Whether an issue is a choice of plain values, which is best said as a whole. */
export function isPlainChoice(issue: Issue): boolean {
  return (
    issue.code === 'invalid_union' &&
    issue.errors.every((branch) =>
      branch.every(
        ({ code, path }) =>
          path.length === 0 && (code === 'invalid_type' || code === 'invalid_value'),
      ),
    )
  );
}

function kind(name: string): string {
  return KINDS[name] ?? name;
}

function kindOf(value: unknown): string {
  if (value === null || Number.isNaN(value)) return String(value);
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Which of the names was meant, where one is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const near = closest(name, known);
  return distance(name, near) <= Math.max(2, name.length / 2) ? near : undefined;
}

/** Which of the names was meant, or, when none is near, all of them. */
export function suggest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const near = nearest(name, known);
  if (near !== undefined) return `Did you mean \`${near}\`?`;
  return `There are ${known.map((one) => `\`${one}\``).join(', ')}.`;
}
