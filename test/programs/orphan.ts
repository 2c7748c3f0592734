/**
 * A runner that is killed: `orphan.ts TAG PROGRAM ARG...` starts the program with the tag, prints
 * `ready` with the program's process id once it printed something, and waits.
 */
import { childEnvironment } from '../../src/process/environment.ts';
import { startProgram } from '../../src/process/program.ts';

const [tag = '', program = '', ...args] = process.argv.slice(2);
const child = startProgram(
  { program, args, cwd: process.cwd(), env: childEnvironment(), tag },
  { onOut: () => console.log(`ready ${child.pid}`), onErr: () => undefined },
);
await child.exited;
