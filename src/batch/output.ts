import { makesFolder } from './plan.ts';
import type { Batch } from './schema.ts';
import { isTaken } from './sources.ts';

const WITHOUT_OUTPUT = {
  write: 'out/{index}-{slug}.md',
  speak: 'out/{index}-{slug}.mp3',
  separate: 'out/{slug}/',
  transcribe: 'out/{slug}/transcript.json',
  translate: 'out/{slug}/translation.json',
  entities: 'out/{slug}/entities.json',
  classify: 'out/{slug}/labels.json',
  summarise: 'out/{slug}/summary.md',
  insights: 'out/{slug}/insights.json',
  report: 'out/{slug}/report.md',
  schedule: 'out/{index}-{slug}.csv',
} as const;

/**
 * The template of a step's result: its own, the batch's for the last one, or what its kind implies where no other
 * step takes it.
 */
export function outputTemplate(
  batch: Batch,
  index: number,
): { template: string; path: PropertyKey[] } | undefined {
  const step = batch.steps[index];
  if (step === undefined) return undefined;
  if (step.output !== undefined) return { template: step.output, path: ['steps', index, 'output'] };
  const last = index === batch.steps.length - 1;
  if (last && batch.output !== undefined) return { template: batch.output, path: ['output'] };
  if (isTaken(batch, index)) return undefined;
  if (step.uses !== undefined)
    return { template: WITHOUT_OUTPUT[step.uses], path: ['steps', index] };
  return makesFolder(step) ? { template: 'out/{slug}/', path: ['steps', index] } : undefined;
}
