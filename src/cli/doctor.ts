import { styleText } from 'node:util';
import { Command } from 'commander';
import type { Check } from './checks.ts';
import { EXIT } from './exit.ts';
import { type QueueFlags, queueOf, withQueueOptions } from './queue-flags.ts';
import { workspaceOption } from './run.ts';

/** `sluice doctor`. */
export function doctorCommand(): Command {
  return withQueueOptions(
    new Command('doctor')
      .description('check what is installed, and say the command that installs what is missing')
      .addOption(workspaceOption()),
  )
    .option('--json', 'print one JSON object a check')
    .action(async (flags: QueueFlags & { workspace?: string; json?: boolean }) => {
      const queue = queueOf(flags);
      const { checkSetup } = await import('./checks.ts');
      const { workspace = process.cwd(), results } = flags;
      const checks = await checkSetup({ workspace, queue, results });
      const lines =
        flags.json === true ? checks.map((check) => JSON.stringify(check)) : checks.map(asLine);
      process.stdout.write(`${lines.join('\n')}\n`);
      const broken = checks.some((check) => !check.ok && check.level === 'required');
      process.exitCode = broken ? EXIT.failed : EXIT.done;
    });
}

function asLine({ name, ok, level, detail, fix }: Check): string {
  const icon = ok
    ? styleText('green', '✔')
    : level === 'required'
      ? styleText('red', '✖')
      : styleText('dim', '○');
  const line = `${icon} ${name.padEnd(18)} ${detail}`;
  return ok || fix === undefined ? line : `${line}\n  ${''.padEnd(18)} ${styleText('cyan', fix)}`;
}
