import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { TAG_VARIABLE } from './environment.ts';

/** One process of this machine that is alive: zombies are left out. */
interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
}

/** The processes of the machine, and the tag of each, read when asked for. */
export interface ProcessTable {
  readonly rows: readonly ProcessRow[];
  /** `undefined` for none, and where it may not be read. */
  tag(pid: number): string | undefined;
}

const MARK = Buffer.from(`${TAG_VARIABLE}=`);

function readProc(pid: number | string, file: string): Buffer | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`);
  } catch {
    // It ended meanwhile, or it is another user's.
    return undefined;
  }
}

function linuxRow(pid: string): ProcessRow | undefined {
  const stat = readProc(pid, 'stat')?.toString('latin1');
  if (stat === undefined) return undefined;
  // The name, in parentheses, may hold spaces and parentheses itself.
  const [state, parent, group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ', 4);
  if (state === 'Z' || state === 'X') return undefined;
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
  };
}

function linuxTag(pid: number): string | undefined {
  const environ = readProc(pid, 'environ');
  if (environ === undefined) return undefined;
  for (let at = environ.indexOf(MARK); at !== -1; at = environ.indexOf(MARK, at + 1)) {
    if (at > 0 && environ[at - 1] !== 0) continue;
    const end = environ.indexOf(0, at);
    return environ.toString('utf8', at + MARK.length, end === -1 ? environ.length : end);
  }
  return undefined;
}

function linuxTable(): ProcessTable {
  const rows: ProcessRow[] = [];
  for (const name of readdirSync('/proc')) {
    const first = name.charCodeAt(0);
    if (first < 48 || first > 57) continue;
    const row = linuxRow(name);
    if (row !== undefined) rows.push(row);
  }
  const tags = new Map<number, string | undefined>();
  const tag = (pid: number): string | undefined => {
    if (!tags.has(pid)) tags.set(pid, linuxTag(pid));
    return tags.get(pid);
  };
  return { rows, tag };
}

/** Parses `ps -axEww -o pid=,ppid=,pgid=,sess=,state=,command=`, with the environment after it. */
export function parsePs(output: string): ProcessTable {
  const rows: ProcessRow[] = [];
  const tags = new Map<number, string>();
  for (const line of output.split('\n')) {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(.*)$/.exec(line);
    if (match === null || match[5]?.startsWith('Z') === true) continue;
    const pid = Number(match[1]);
    // macOS prints the session as an address, which is no process id.
    const session = Number(match[4]);
    rows.push({
      pid,
      parent: Number(match[2]),
      group: Number(match[3]),
      session: Number.isInteger(session) ? session : 0,
    });
    const tag = new RegExp(`\\s${TAG_VARIABLE}=(\\S+)`).exec(match[6] ?? '')?.[1];
    if (tag !== undefined) tags.set(pid, tag);
  }
  return { rows, tag: (pid) => tags.get(pid) };
}

const run = promisify(execFile);

/** Reads the table of processes: `/proc` on Linux, `ps` on other Unix. Empty on Windows. */
export async function readProcesses(): Promise<ProcessTable> {
  if (process.platform === 'linux') return linuxTable();
  if (process.platform === 'win32') return { rows: [], tag: () => undefined };
  const columns = 'pid=,ppid=,pgid=,sess=,state=,command=';
  const { stdout } = await run('ps', ['-axEww', '-o', columns], { maxBuffer: 1 << 28 });
  return parsePs(stdout);
}

/** Whom to look for. */
export interface Family {
  /** The leader of the group that was started, for as long as the number is still its own. */
  readonly leader?: () => number | undefined;
  /** Whether a tag is one of the family. */
  readonly hasTag: (tag: string) => boolean;
}

/**
 * Process ids of a family: whoever has the tag, is in the group or session of the leader, or descends
 * from one that is. Never this process nor an ancestor of it.
 */
export function findFamily(table: ProcessTable, family: Family): number[] {
  const parents = new Map(table.rows.map((row) => [row.pid, row.parent]));
  const spared = new Set<number>([0, 1]);
  for (let pid: number | undefined = process.pid; pid !== undefined; pid = parents.get(pid)) {
    if (spared.has(pid)) break;
    spared.add(pid);
  }
  const found = new Map<number, boolean>();
  const pid = family.leader?.();
  const isMember = (row: ProcessRow): boolean => {
    if (spared.has(row.pid)) return false;
    if (pid !== undefined && (row.pid === pid || row.group === pid || row.session === pid)) {
      return true;
    }
    const tag = table.tag(row.pid);
    return tag !== undefined && family.hasTag(tag);
  };
  const rows = new Map(table.rows.map((row) => [row.pid, row]));
  const decide = (row: ProcessRow): boolean => {
    const known = found.get(row.pid);
    if (known !== undefined) return known;
    // Against a cycle, which a table read while processes end and start could hold.
    found.set(row.pid, false);
    const parent = spared.has(row.parent) ? undefined : rows.get(row.parent);
    const member =
      (parent !== undefined && !spared.has(row.pid) && decide(parent)) || isMember(row);
    found.set(row.pid, member);
    return member;
  };
  return table.rows.filter(decide).map((row) => row.pid);
}
