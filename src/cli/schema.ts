import { Command } from 'commander';
import { batchJsonSchema } from '../batch/schema.ts';

/** `sluice schema`. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON schema of the batch file, for editors')
    .action(() => {
      process.stdout.write(`${JSON.stringify(batchJsonSchema(), undefined, 2)}\n`);
    });
}
