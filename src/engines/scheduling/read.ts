import { extname } from 'node:path';
import { type Draft, type GivenMachines, problemFrom } from './draft.ts';
import type { Problem } from './problem.ts';
import { MATRIX_START, readMatrix } from './read-matrix.ts';
import { readTables } from './read-tables.ts';
import { readTree } from './read-tree.ts';

/**
 * Reads a problem: YAML or JSON with `tasks` and `machines`, CSV tables, or a matrix of expected times as text. What
 * it is is told by the file's ending, or without a file by its beginning. Throws an `InputError` at what is wrong.
 */
export function readProblem(
  text: string,
  file: string | undefined,
  machines: GivenMachines,
): Problem {
  return problemFrom(draftOf(text, file), machines);
}

function draftOf(text: string, file: string | undefined): Draft {
  const ending = extname(file ?? '').toLowerCase();
  if (['.yaml', '.yml', '.json'].includes(ending)) return readTree(text);
  if (ending === '.csv') return readTables(text);
  if (MATRIX_START.test(text)) return readMatrix(text);
  // A table's first line names its columns; YAML's first line has a colon or a bracket.
  return /^\s*\w[^\n:{[]*,/.test(text) ? readTables(text) : readTree(text);
}
