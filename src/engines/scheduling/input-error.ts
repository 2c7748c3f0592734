import { EngineError } from '../error.ts';

/** Where something stands in an input. Both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** An input that describes no problem, with the place that is wrong. */
export class InputError extends EngineError {
  override readonly name = 'InputError';
  readonly line: number;
  readonly column: number;

  constructor(message: string, { line, column }: Position, hint?: string) {
    super(message, { hint, retry: false });
    this.line = line;
    this.column = column;
  }
}
