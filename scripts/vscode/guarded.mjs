import { rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { mark, processesOf, signalAll } from './tree.mjs';

// Runs VS Code's server, the second argument, so that it ends with the process that started it, even when that one was
// killed and could clean nothing up: its end closes our standard input. The first argument is the directory to remove.
const [, , temporary = '', server = ''] = process.argv;
process.argv.splice(1, 2);
process.stdin.on('close', () => {
  signalAll(processesOf(process.pid, process.env[mark] ?? ''), 'SIGKILL');
  rmSync(temporary, { recursive: true, force: true, maxRetries: 3 });
  process.exit(1);
});
process.stdin.resume();
await import(pathToFileURL(server).href);
