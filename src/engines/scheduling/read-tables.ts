import { CsvError, parse } from 'csv-parse/sync';
import { suggest } from '../../batch/explain.ts';
import type { Draft, DraftMachine, DraftTask } from './draft.ts';
import { InputError, type Position } from './input-error.ts';

const TASK_COLUMNS = ['id', 'length', 'release', 'priority', 'after', 'transfer'];
const MACHINE_COLUMNS = ['id', 'speed', 'cost'];

/** A row of a table: its cells by column, and the line that it stands in. */
interface Row {
  readonly cells: Readonly<Record<string, string>>;
  readonly at: Position;
}

interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly at: Position;
}

/**
 * A problem as CSV. The first table has a row for each task: `id`, `length` and, where wanted, `release`, `priority`,
 * `after` (ids, with spaces between them) and `transfer`. Without `length` each further column is a machine and holds the
 * tasks' expected times on it. After an empty line a second table may have the machines: `id`, `speed`, `cost`.
 */
export function readTables(text: string): Draft {
  const [tasks, machines, third] = tablesOf(text);
  if (third !== undefined) {
    throw new InputError(
      'there are more than two tables',
      third.at,
      'An empty line begins a table.',
    );
  }
  if (tasks === undefined) throw new InputError('there are no tasks', { line: 1, column: 1 });
  require(tasks, 'id');
  const matrix = !tasks.columns.includes('length');
  const own = matrix ? tasks.columns.filter((column) => !TASK_COLUMNS.includes(column)) : [];
  if (!matrix) refuseOthers(tasks, TASK_COLUMNS);
  if (matrix && own.length === 0) require(tasks, 'length');
  const listed = machines === undefined ? undefined : machinesOf(machines);
  if (listed !== undefined && matrix) {
    throw new InputError(
      'the machines are the columns of the first table already',
      machines?.at ?? tasks.at,
    );
  }
  return {
    tasks: tasks.rows.map((row) => taskOf(row)),
    machines: matrix ? own.map((id) => ({ id, speed: 1, cost: 0 })) : listed,
    times: matrix
      ? Float64Array.from(
          tasks.rows.flatMap((row) => own.map((id) => numberIn(row, id) ?? missing(row, id))),
        )
      : undefined,
  };
}

function taskOf(row: Row): DraftTask {
  return {
    id: row.cells['id'] || missing(row, 'id'),
    length: numberIn(row, 'length'),
    release: numberIn(row, 'release'),
    priority: numberIn(row, 'priority', Number.NEGATIVE_INFINITY),
    after: (row.cells['after'] ?? '').split(/[\s;]+/).filter((id) => id !== ''),
    transfer: numberIn(row, 'transfer'),
    at: row.at,
  };
}

function machinesOf(table: Table): DraftMachine[] {
  refuseOthers(table, MACHINE_COLUMNS);
  return table.rows.map((row) => {
    const speed = numberIn(row, 'speed') ?? 1;
    if (speed === 0) throw new InputError('`speed` must be more than 0', row.at);
    return {
      id: row.cells['id'] || undefined,
      speed,
      cost: numberIn(row, 'cost') ?? 0,
      at: row.at,
    };
  });
}

function numberIn({ cells, at }: Row, column: string, least = 0): number | undefined {
  const cell = cells[column] ?? '';
  if (cell === '') return undefined;
  const number = Number(cell);
  if (Number.isFinite(number) && number >= least) return number;
  const what = least === 0 ? 'a number of at least 0' : 'a number';
  throw new InputError(`\`${column}\` must be ${what}, not \`${cell.slice(0, 40)}\``, at);
}

function missing({ at }: Row, column: string): never {
  throw new InputError(`\`${column}\` is missing`, at);
}

function require({ columns, at }: Table, column: string): void {
  if (columns.includes(column)) return;
  throw new InputError(`there is no column \`${column}\``, at, suggest(column, columns));
}

function refuseOthers({ columns, at }: Table, known: readonly string[]): void {
  const other = columns.find((column) => !known.includes(column));
  if (other === undefined) return;
  throw new InputError(`unknown column \`${other}\``, at, suggest(other, known));
}

/** The tables of a text: an empty line stands between them. */
function tablesOf(text: string): Table[] {
  const tables: Table[] = [];
  let line = 1;
  for (const part of text.split(/(\r?\n(?:[ \t]*\r?\n)+)/)) {
    if (part.trim() !== '') tables.push(tableOf(part, line));
    line += part.split('\n').length - 1;
  }
  return tables;
}

function tableOf(text: string, first: number): Table {
  try {
    const [header, ...records] = parse(text, {
      trim: true,
      info: true,
      skip_empty_lines: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    const columns = header?.record ?? [];
    const at = { line: first, column: 1 };
    const twice = columns.find((column, index) => columns.indexOf(column) !== index);
    if (twice !== undefined) throw new InputError(`there are two columns \`${twice}\``, at);
    const rows = records.map(({ record, info }) => ({
      cells: Object.fromEntries(columns.map((column, index) => [column, record[index] ?? ''])),
      at: { line: first + info.lines - 1, column: 1 },
    }));
    return { columns, rows, at };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = first + Number(error['lines'] ?? 1) - 1;
    throw new InputError(`not valid CSV: ${error.message}`, { line, column: 1 });
  }
}
