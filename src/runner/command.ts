import { resolve, sep } from 'node:path';
import { fill, type Values } from '../batch/placeholders.ts';
import type { ItemPlan, StepPlan } from '../batch/plan.ts';
import type { Step } from '../batch/schema.ts';
import { childEnvironment } from '../process/environment.ts';
import type { ProgramOptions } from '../process/program.ts';
import { RUNNER_ENVIRONMENT, SECRETS_VARIABLE } from './environment.ts';

/** What every program of the user gets. Made once: reading an environment is slow. */
let common: Readonly<Record<string, string>> | undefined;

/** Programs of the user do not get what was entrusted to the built-in steps. */
function commonEnvironment(): Readonly<Record<string, string>> {
  if (common !== undefined) return common;
  const secrets = (process.env[SECRETS_VARIABLE] ?? '').split(',').filter((name) => name !== '');
  common = childEnvironment({
    secrets: [...secrets, SECRETS_VARIABLE, ...Object.keys(RUNNER_ENVIRONMENT)],
  });
  return common;
}

/**
 * How a `run` step is started for an item.
 *
 * @param input what `{input}` stands for
 * @param staged where `{output}` or `{outdir}` leads
 */
export function commandOf(
  step: Step,
  plan: Pick<StepPlan, 'folder'>,
  item: ItemPlan | undefined,
  input: string,
  staged: string,
  tag: string,
): ProgramOptions {
  const path = staged.endsWith(sep) ? staged.slice(0, -1) : staged;
  const values: Values = { ...item?.values, input, output: path, outdir: path };
  const extra = Object.fromEntries(
    Object.entries(step.env ?? {}).map(([name, value]) => [name, fill(value, values)]),
  );
  const env = { ...commonEnvironment(), ...(step.shell ? shellVariables(values) : {}), ...extra };
  const cwd = resolve(plan.folder, fill(step.cwd ?? '.', values));
  const [program = '', ...args] = Array.isArray(step.run)
    ? step.run.map((argument) => fill(argument, values))
    : shellCommand(step.run ?? '');
  return { program, args, cwd, env, pty: step.pty, tag };
}

function shellCommand(script: string): string[] {
  return process.platform === 'win32'
    ? ['cmd.exe', '/d', '/s', '/c', script]
    : ['/bin/sh', '-c', script];
}

/** In a shell's text a value could become a command: there they are variables. */
function shellVariables(values: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      `SLUICE_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`,
      value,
    ]),
  );
}
