#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import { Command, CommanderError } from 'commander';
import { BatchError, formatProblem } from '../batch/problem.ts';
import { attachCommand, cancelCommand, finishCommand } from './attach.ts';
import { doctorCommand } from './doctor.ts';
import { EXIT, UsageError } from './exit.ts';
import { listCommand } from './list.ts';
import { modelsCommand } from './models.ts';
import { queueCommand } from './queue.ts';
import { runCommand } from './run.ts';
import { schemaCommand } from './schema.ts';
import { serveCommand } from './serve.ts';
import { workerCommand } from './worker.ts';

const program = new Command('sluice')
  .description(
    'Runs batches of generation and processing programs, and shows each result the moment it exists.',
  )
  .version(SLUICE_VERSION)
  .showHelpAfterError()
  .exitOverride()
  .addCommand(runCommand())
  .addCommand(attachCommand())
  .addCommand(cancelCommand())
  .addCommand(finishCommand())
  .addCommand(queueCommand())
  .addCommand(listCommand())
  .addCommand(serveCommand())
  .addCommand(workerCommand())
  .addCommand(modelsCommand())
  .addCommand(doctorCommand())
  .addCommand(schemaCommand());
for (const command of program.commands) command.copyInheritedSettings(program);

// A reader that has seen enough, such as `head`, closes the pipe.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}

function explain(error: unknown): number {
  // Commander has said what is wrong, or was asked for help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof BatchError) {
    for (const problem of error.problems) process.stderr.write(`${formatProblem(problem)}\n`);
    return EXIT.usage;
  }
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`);
    return EXIT.usage;
  }
  process.stderr.write(`${(error as Error).message}\n`);
  return EXIT.failed;
}
