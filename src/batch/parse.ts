import { type Document, isNode, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { explain, isPlainChoice, nearest, suggest } from './explain.ts';
import { placeholdersIn } from './placeholders.ts';
import type { Problem } from './problem.ts';
import { keyRange } from './reading.ts';
import { type Batch, batchSchema } from './schema.ts';
import { BUILT_IN_STEPS, type BuiltInStep } from './uses.ts';

type Path = readonly PropertyKey[];
type Position = Pick<Problem, 'line' | 'column' | 'endLine' | 'endColumn'>;

/**
 * Reads a batch file. Pure. Either `batch` is there and may be run, or `problems` says what is wrong and
 * where. `positionOf` gives the place of a part of the file, for problems that are found later.
 */
export function parseBatch(text: string, file: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  });
  const place = (range: readonly [number, number]): Position => {
    const start = lines.linePos(range[0]);
    const end = lines.linePos(Math.max(range[0], range[1]));
    return { line: start.line, column: start.col, endLine: end.line, endColumn: end.col };
  };
  const problem = (
    range: readonly [number, number],
    message: string,
    { hint, fix }: { hint?: string | undefined; fix?: string | undefined } = {},
  ): Problem => ({
    file,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...place(range),
    ...(fix === undefined ? {} : { fix }),
  });
  const rangeOf = (path: Path): readonly [number, number] => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return [node.range[0], node.range[1]];
    }
    return [0, 0];
  };
  const positionOf = (path: Path): Position => place(rangeOf(path));
  const partOf = (path: Path, part: string): Position | undefined => {
    const [from, to] = rangeOf(path);
    const at = text.slice(from, to).indexOf(part);
    return at < 0 ? undefined : place([from + at, from + at + part.length]);
  };

  if (document.errors.length > 0) {
    const problems = document.errors.map((error) =>
      problem([error.pos[0], error.pos[1]], `Not valid YAML: ${withoutApi(error.message)}.`),
    );
    return { problems, positionOf, partOf };
  }
  let raw: unknown;
  try {
    raw = document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (error) {
    // An alias without its anchor, or so many that they fill the memory.
    const alias = unresolvedAlias(document);
    const message = `Not valid YAML: ${(error as Error).message}.`;
    return { problems: [problem(alias ?? [0, 0], message)], positionOf, partOf };
  }
  const checked = batchSchema.safeParse(raw, { reportInput: true });
  const structure = checked.success ? [] : checked.error.issues.flatMap(innermost);
  const issues = [...structure, ...optionIssues(raw)];
  if (checked.success && issues.length === 0)
    return { batch: checked.data, problems: [], positionOf, partOf };
  const problems = issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(issue.path, raw);
      return issue.keys.map((key) =>
        problem(
          keyRange(document.getIn(issue.path, true), key) ?? rangeOf(issue.path),
          `Unknown key \`${key}\`.`,
          { hint: suggest(key, known), fix: nearest(key, known) },
        ),
      );
    }
    const fix = meant(issue);
    const hint = fix === undefined ? undefined : `Did you mean \`${fix}\`?`;
    return problem(rangeOf(issue.path), `${explain(issue)}.`, { hint, fix });
  });
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  return { problems, positionOf, partOf };
}

export interface Parsed {
  readonly batch?: Batch;
  readonly problems: readonly Problem[];
  positionOf(path: Path): Position;
  /** Where a text stands within a part of the file; `undefined` when it is written otherwise there. */
  partOf(path: Path, part: string): Position | undefined;
}

/**
 * Checks the options of built-in steps, also where other parts of the file are wrong; values with
 * placeholders are checked once they are filled in.
 */
function optionIssues(raw: unknown): z.core.$ZodIssue[] {
  const steps: unknown = isRecord(raw) ? raw['steps'] : undefined;
  if (!Array.isArray(steps)) return [];
  return steps.flatMap((step: unknown, index) => {
    if (!isRecord(step) || !isBuiltIn(step['uses'])) return [];
    const given = step['with'] ?? {};
    if (!isRecord(given)) return [];
    const checked = BUILT_IN_STEPS[step['uses']].safeParse(given, { reportInput: true });
    if (checked.success) return [];
    const found: z.core.$ZodIssue[] = checked.error.issues;
    return found
      .filter((issue) => {
        const value = given[String(issue.path[0] ?? '')];
        return !(typeof value === 'string' && placeholdersIn(value).length > 0);
      })
      .map((issue) => ({ ...issue, path: ['steps', index, 'with', ...issue.path] }));
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBuiltIn(value: unknown): value is BuiltInStep {
  return typeof value === 'string' && Object.hasOwn(BUILT_IN_STEPS, value);
}

/** A failed union says little: where only one branch is of the value's own kind, its issues say more. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union' || isPlainChoice(issue)) return [issue];
  const fitting = issue.errors.filter(
    (branch) => !branch.some((one) => one.path.length === 0 && one.code === 'invalid_type'),
  );
  const only = fitting.length === 1 ? fitting[0] : undefined;
  if (only === undefined) return [issue];
  return only.flatMap((one) => innermost({ ...one, path: [...issue.path, ...one.path] }));
}

/** Which word of a choice was meant, where one is near. */
function meant(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code !== 'invalid_value' || typeof issue.input !== 'string') return undefined;
  return nearest(issue.input, issue.values.map(String));
}

function knownKeys(path: Path, raw: unknown): string[] {
  if (path.length === 0) return Object.keys(batchSchema.shape);
  if (path[0] === 'inputs') return ['lines', 'files', 'rows', 'text', 'file'];
  if (path[0] === 'steps' && path[2] === 'with') {
    const steps = (raw as Pick<Batch, 'steps'>).steps;
    const uses = steps[Number(path[1])]?.uses;
    return uses === undefined ? [] : Object.keys(BUILT_IN_STEPS[uses].shape);
  }
  if (path[0] === 'steps' && path[2] === 'needs') return ['memory'];
  return path[0] === 'steps' ? Object.keys(batchSchema.shape.steps.element.shape) : [];
}

/** The parser also speaks to programmers. */
function withoutApi(message: string): string {
  return message.replace(/; please use .*$/, '');
}

/** Where the first alias without an anchor before it stands. */
function unresolvedAlias(document: Document): readonly [number, number] | undefined {
  let found: readonly [number, number] | undefined;
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) !== undefined || !alias.range) return undefined;
      found = [alias.range[0], alias.range[1]];
      return visit.BREAK;
    },
  });
  return found;
}
