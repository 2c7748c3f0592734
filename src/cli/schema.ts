import { Command } from 'commander';

/** `sluice schema`. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON schema of the batch file, for editors')
    .action(async () => {
      const { batchJsonSchema } = await import('../batch/schema.ts');
      process.stdout.write(`${JSON.stringify(batchJsonSchema(), undefined, 2)}\n`);
    });
}
