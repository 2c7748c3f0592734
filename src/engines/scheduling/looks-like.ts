import { extname } from 'node:path';
import { MATRIX_START } from './read-matrix.ts';

/** Whether the beginning of a file looks like that of a problem to schedule. Other files have the same endings. */
export function looksLikeProblem(beginning: string, file: string): boolean {
  if (/\.batch\.ya?ml$/i.test(file)) return false;
  switch (extname(file).toLowerCase()) {
    case '.yaml':
    case '.yml':
    case '.json':
      return /^[{\s]*["']?tasks["']?\s*:/m.test(beginning);
    case '.csv':
      return /^\s*"?id"?\s*,/.test(beginning);
    default:
      return MATRIX_START.test(beginning);
  }
}
