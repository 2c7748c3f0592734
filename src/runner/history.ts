import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { ItemEnd, RunEnd } from '../protocol/events.ts';

/** Where a result came from: the record that lets a later run skip it, or know it as its own. */
export interface Provenance {
  /** Hash of input and steps: see keys.ts. */
  readonly key: string;
  readonly batch: string;
  readonly run: string;
  readonly item: number;
  readonly step: number;
  readonly input: { readonly sha256: string; readonly file?: string; readonly line?: number };
  readonly steps: readonly StepProvenance[];
  /** ISO 8601. */
  readonly started: string;
  readonly made: string;
}

export interface StepProvenance {
  readonly name: string;
  readonly engine?: string;
  readonly model?: { readonly name: string; readonly sha256?: string };
}

/** What a step says of a file that it made; a Result has the meanings. */
export interface FileFacts {
  readonly mime?: string | undefined;
  readonly seconds?: number | undefined;
  readonly stem?: string | undefined;
  readonly peaks?: string | undefined;
}

/** A published file, with what tells whether it still is what was published. */
export interface MadeFile extends FileFacts {
  /** Relative to the workspace. */
  readonly path: string;
  readonly size: number;
  readonly mtime: number;
  readonly mime: string;
  readonly provenance: Provenance;
}

export interface RunRow {
  readonly id: string;
  readonly batch: string;
  readonly state: 'running' | RunEnd;
  readonly pid: number;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, batch TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL,
    pid INTEGER NOT NULL, total INTEGER NOT NULL, started INTEGER NOT NULL, ended INTEGER);
  CREATE INDEX IF NOT EXISTS runs_by_batch ON runs (batch, started);
  CREATE TABLE IF NOT EXISTS items (
    run TEXT NOT NULL, item INTEGER NOT NULL, state TEXT NOT NULL, key TEXT, attempts INTEGER,
    failure TEXT, ended INTEGER, PRIMARY KEY (run, item)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS results (
    path TEXT PRIMARY KEY, key TEXT NOT NULL, batch TEXT NOT NULL, run TEXT NOT NULL,
    item INTEGER NOT NULL, step INTEGER NOT NULL, size INTEGER NOT NULL, mtime REAL NOT NULL,
    mime TEXT NOT NULL, seconds REAL, provenance TEXT NOT NULL, stem TEXT, peaks TEXT);
  CREATE INDEX IF NOT EXISTS results_by_run ON results (run);
`;

/** Columns of `results` that the histories of older versions do not have yet. */
const ADDED = ['stem', 'peaks'];

/**
 * The history of a workspace, shared by all its runners. Written at transitions only: an item costs one
 * row when it is queued, one when it ends, and one for each of its results.
 */
export class History {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { timeout: 10_000 });
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    this.#db.exec(SCHEMA);
    if (this.#missing().length > 0) {
      this.#transaction(() => {
        for (const name of this.#missing())
          this.#db.exec(`ALTER TABLE results ADD COLUMN ${name} TEXT`);
      });
    }
  }

  close(): void {
    this.#db.close();
  }

  /**
   * Records a new run with its queued items, unless a run of the same batch is recorded as running that
   * is not in `dead`: that one is returned. No two processes are in here at once.
   */
  begin(
    run: { id: string; batch: string; name: string; pid: number; total: number },
    dead: ReadonlySet<string>,
  ): RunRow | undefined {
    return this.#transaction(() => {
      const running = this.running(run.batch);
      const live = running.find((row) => !dead.has(row.id));
      if (live !== undefined) return live;
      for (const row of running)
        this.#run('UPDATE runs SET state = ? WHERE id = ?', ['interrupted', row.id]);
      this.#run(
        'INSERT INTO runs (id, batch, name, state, pid, total, started) VALUES (?, ?, ?, ?, ?, ?, ?)',
        [run.id, run.batch, run.name, 'running', run.pid, run.total, Date.now()],
      );
      for (let item = 1; item <= run.total; item += 1) {
        this.#run('INSERT INTO items (run, item, state) VALUES (?, ?, ?)', [
          run.id,
          item,
          'queued',
        ]);
      }
      return undefined;
    });
  }

  /** Runs of a batch that are recorded as running; their runners may have been killed. */
  running(batch: string): RunRow[] {
    const sql = 'SELECT id, batch, state, pid FROM runs WHERE batch = ? AND state = ?';
    return this.#all(sql, [batch, 'running']) as unknown as RunRow[];
  }

  end(run: string, state: RunEnd): void {
    this.#run('UPDATE runs SET state = ?, ended = ? WHERE id = ?', [state, Date.now(), run]);
  }

  /** The last run of a batch before this one. */
  previous(batch: string, run: string): RunRow | undefined {
    return this.#all(
      'SELECT id, batch, state, pid FROM runs WHERE batch = ? AND id <> ? ORDER BY started DESC, rowid DESC LIMIT 1',
      [batch, run],
    )[0] as unknown as RunRow | undefined;
  }

  endItem(
    run: string,
    item: number,
    end: { state: ItemEnd; key: string; attempts: number; failure: string | null },
  ): void {
    this.#run(
      'UPDATE items SET state = ?, key = ?, attempts = ?, failure = ?, ended = ? WHERE run = ? AND item = ?',
      [end.state, end.key, end.attempts, end.failure, Date.now(), run, item],
    );
  }

  /** Keys of the items that a run finished. */
  doneKeys(run: string): Set<string> {
    const rows = this.#all("SELECT key FROM items WHERE run = ? AND state IN ('done', 'skipped')", [
      run,
    ]);
    return new Set(rows.map((row) => String(row['key'])));
  }

  /** Records files just before they are published: a file in its place always has its record. */
  record(files: readonly MadeFile[]): void {
    this.#transaction(() => {
      for (const { path, size, mtime, mime, seconds, stem, peaks, provenance } of files) {
        this.#run(
          `INSERT OR REPLACE INTO results
             (path, key, batch, run, item, step, size, mtime, mime, seconds, stem, peaks, provenance)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          [
            path,
            provenance.key,
            provenance.batch,
            provenance.run,
            provenance.item,
            provenance.step,
            size,
            mtime,
            mime,
            seconds ?? null,
            stem ?? null,
            peaks ?? null,
            JSON.stringify(provenance),
          ],
        );
      }
    });
  }

  /** Of a file that is not there any more. */
  forget(path: string): void {
    this.#run('DELETE FROM results WHERE path = ?', [path]);
  }

  made(path: string): MadeFile | undefined {
    const row = this.#all('SELECT * FROM results WHERE path = ?', [path])[0];
    return row === undefined ? undefined : madeFile(row);
  }

  /** Every recorded file that came from the same input by the same steps. */
  madeBy(batch: string, key: string): MadeFile[] {
    return this.#all('SELECT * FROM results WHERE batch = ? AND key = ?', [batch, key]).map(
      madeFile,
    );
  }

  madeIn(run: string): MadeFile[] {
    return this.#all('SELECT * FROM results WHERE run = ? ORDER BY item, step, path', [run]).map(
      madeFile,
    );
  }

  #missing(): string[] {
    const rows = this.#all('SELECT name FROM pragma_table_info(?)', ['results']);
    const columns = new Set(rows.map((row) => row['name']));
    return ADDED.filter((name) => !columns.has(name));
  }

  #transaction<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      try {
        this.#db.exec('ROLLBACK');
      } catch {
        // SQLite has done so itself, as it does when the disk is full.
      }
      throw error;
    }
  }

  #run(sql: string, values: (string | number | null)[]): void {
    this.#statement(sql).run(...values);
  }

  #all(sql: string, values: (string | number | null)[]): Record<string, unknown>[] {
    return this.#statement(sql).all(...values);
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function madeFile(row: Record<string, unknown>): MadeFile {
  return {
    path: String(row['path']),
    size: Number(row['size']),
    mtime: Number(row['mtime']),
    mime: String(row['mime']),
    seconds: row['seconds'] === null ? undefined : Number(row['seconds']),
    stem: row['stem'] === null ? undefined : String(row['stem']),
    peaks: row['peaks'] === null ? undefined : String(row['peaks']),
    provenance: JSON.parse(String(row['provenance'])) as Provenance,
  };
}
