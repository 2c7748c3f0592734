import { readdirSync, readFileSync } from 'node:fs';

/** The environment variable that marks each process of one server, also those that left its process group. */
export const mark = 'SLUICE_DEV_VSCODE';

/**
 * The processes of one server: its children's children by parentage, and by the mark in their environment those whose
 * parent has died, such as a detached runner.
 *
 * @param {number} root
 * @param {string} id the value of the mark
 * @returns {number[]}
 */
export function processesOf(root, id) {
  if (process.platform !== 'linux') return isAlive(root) ? [root] : [];
  const found = new Set([root]);
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
  /** @type {Map<number, number>} */
  const parents = new Map();
  for (const pid of pids) {
    const stat = read(`/proc/${pid}/stat`);
    // The program's name, in parentheses, may itself hold spaces and parentheses.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (!parent || state === 'Z') continue;
    parents.set(pid, Number(parent));
    if (read(`/proc/${pid}/environ`).split('\0').includes(`${mark}=${id}`)) found.add(pid);
  }
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found].filter((pid) => parents.has(pid) && pid !== process.pid);
}

/**
 * @param {number[]} pids
 * @param {NodeJS.Signals} signal
 */
export function signalAll(pids, signal) {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
