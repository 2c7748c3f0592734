import { pathToFileURL } from 'node:url';

// Runs the program named by the first argument, VS Code's server, so that it ends with the process that started it,
// even when that one was killed and could clean nothing up: its end closes our standard input.
process.stdin.on('close', () => {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.exit(1);
  }
});
process.stdin.resume();
process.argv.splice(1, 1);
await import(pathToFileURL(process.argv[1] ?? '').href);
