import { speakOptions } from './uses/speak.ts';
import { writeOptions } from './uses/write.ts';

/** The built-in steps and the options that each takes. A step's program is `dist/steps/NAME.js`. */
export const BUILT_IN_STEPS = { write: writeOptions, speak: speakOptions } as const;

export type BuiltInStep = keyof typeof BUILT_IN_STEPS;

/** Placeholders that a step fills in itself, in its own options. */
export const OWN_PLACEHOLDERS: Readonly<Record<BuiltInStep, readonly string[]>> = {
  write: [],
  speak: ['text', 'textfile', 'voice', 'speed', 'wpm', 'language'],
};
