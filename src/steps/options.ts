import type { z } from 'zod';
import { EngineError } from '../engines/error.ts';
import type { StepItem } from '../protocol/step.ts';

/** The options that an item brings for a step. Throws an `EngineError` that says what is wrong with them. */
export function readOptions<T>(step: string, schema: z.ZodType<T>, item: StepItem): T {
  const parsed = schema.safeParse(item.with);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new EngineError(`the options of ${step} are wrong: ${problems.join('; ')}`, {
    hint: 'Correct the `with` of the step in the batch file.',
    retry: false,
  });
}
