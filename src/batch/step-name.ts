import { basename } from 'node:path';

/** The name of a step for people, and for `from` of a later one. */
export function stepName(step: {
  readonly name?: string | undefined;
  readonly uses?: string | undefined;
  readonly run?: string | readonly string[] | undefined;
}): string {
  if (step.name !== undefined) return step.name;
  if (step.uses !== undefined) return step.uses;
  const program = typeof step.run === 'string' ? step.run.trim().split(/\s+/)[0] : step.run?.[0];
  return basename(program ?? 'step');
}
