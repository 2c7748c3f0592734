/** Something wrong in a batch file or its inputs. Lines and columns count from 1. */
export interface Problem {
  readonly file: string;
  readonly message: string;
  readonly hint?: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  /** What to put at the place instead, where that is as good as certain. */
  readonly fix?: string;
}

/** A batch that cannot be run, with every problem that was found. Nothing has been started. */
export class BatchError extends Error {
  override readonly name = 'BatchError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

/** `file:line:column: message. hint` on one line. */
export function formatProblem(problem: Problem): string {
  const { file, line, column, message, hint } = problem;
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return `${place}: ${message}${hint === undefined ? '' : ` ${hint}`}`;
}
