import type { Batch, Step } from './schema.ts';
import { sourcesOf } from './sources.ts';

/** Built-in steps that work on a text in a language, which they find out where nobody says it. */
const READERS: readonly string[] = ['translate', 'entities', 'classify', 'summarise', 'insights'];

/**
 * The batch with the language of each step that works on a transcript or a translation, where the step that makes
 * that was told it: what cannot be done in that language is said before an hour of work, and not after it.
 */
export function withLanguages(batch: Batch): Batch {
  const sources = sourcesOf(batch);
  const steps: Step[] = [];
  for (const [index, step] of batch.steps.entries()) {
    const [giver] = sources[index] ?? [];
    const made = giver === undefined ? undefined : languageMade(steps[giver]);
    const reads = step.uses !== undefined && READERS.includes(step.uses);
    steps.push(
      reads && made !== undefined ? { ...step, with: { language: made, ...step.with } } : step,
    );
  }
  return { ...batch, steps };
}

/** The language of what a step makes, where its options say it. */
function languageMade(step: Step | undefined): unknown {
  switch (step?.uses) {
    case 'transcribe':
    case 'summarise':
      return step.with?.['language'];
    case 'translate':
      return step.with?.['to'];
    default:
      return undefined;
  }
}
