import { z } from 'zod';
import { languageOption } from './text-engine.ts';

/** The options of the built-in step `insights`. */
export const insightsOptions = z.strictObject({
  phrases: z.int().min(1).max(100).default(12).describe('How many key phrases, at the most.'),
  language: languageOption,
});
