import { basename, resolve } from 'node:path';
import { quote } from 'shlex';
import type { RunState } from '../protocol/state.ts';

/**
 * The line that does in a terminal what a run did, wherever the terminal stands.
 *
 * @param shell path of the shell that it is for
 */
export function commandLine({ run }: RunState, shell: string): string {
  const batch = resolve(run.workspace, run.batch);
  const items = (run.only ?? []).flatMap((item) => ['--item', String(item)]);
  const queue = run.queue === undefined ? [] : ['--queue', run.queue];
  const words = ['sluice', 'run', batch, '--workspace', run.workspace, ...items, ...queue];
  return words.map(quoteFor(shell)).join(' ');
}

/** How one argument is written for a shell. */
function quoteFor(shell: string): (word: string) => string {
  const name = basename(shell.replaceAll('\\', '/')).toLowerCase();
  if (/^(powershell|pwsh)/.test(name)) return quotePowerShell;
  return /^cmd(\.exe)?$/.test(name) ? quoteCmd : quote;
}

const PLAIN_ON_WINDOWS = /^[\w.:\\/-]+$/;

function quotePowerShell(word: string): string {
  return PLAIN_ON_WINDOWS.test(word) ? word : `'${word.replaceAll("'", "''")}'`;
}

/** No path has a `"` there. A `%` would name a variable within quotes. */
function quoteCmd(word: string): string {
  return PLAIN_ON_WINDOWS.test(word) ? word : `"${word.replaceAll('%', '"^%"')}"`;
}
