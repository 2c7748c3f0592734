import { access } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import type { RunRow } from './history.ts';
import { layoutOf } from './layout.ts';

/** A run as the history has it. */
export interface RunRecord {
  readonly id: string;
  readonly name: string;
  /** Absolute path. */
  readonly batch: string;
  /** `running` also when its runner was killed. */
  readonly state: RunRow['state'];
  readonly total: number;
  /** Items that were made, or were there already. */
  readonly done: number;
  readonly failed: number;
  /** In ms since 1970. */
  readonly started: number;
}

/** Every run in the history of a workspace, an absolute path; newest first. */
export async function runRecords(workspace: string): Promise<readonly RunRecord[]> {
  const { history } = layoutOf(workspace);
  const there = await access(history).then(
    () => true,
    () => false,
  );
  if (!there) return [];
  const database = new DatabaseSync(history, { readOnly: true, timeout: 10_000 });
  try {
    const rows = database
      .prepare(
        `SELECT id, name, batch, runs.state, total, started,
           count(*) FILTER (WHERE items.state IN ('done', 'skipped')) AS done,
           count(*) FILTER (WHERE items.state = 'failed') AS failed
         FROM runs LEFT JOIN items ON items.run = runs.id
         GROUP BY id ORDER BY started DESC, runs.rowid DESC`,
      )
      .all();
    return rows as unknown as RunRecord[];
  } finally {
    database.close();
  }
}
