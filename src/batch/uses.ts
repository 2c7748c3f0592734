import { speakOptions } from './uses/speak.ts';
import { writeOptions } from './uses/write.ts';

/** The built-in steps and the options that each takes. A step's program is `dist/steps/NAME.js`. */
export const BUILT_IN_STEPS = { write: writeOptions, speak: speakOptions } as const;

export type BuiltInStep = keyof typeof BUILT_IN_STEPS;

/** What each built-in step does, for editors. */
export const STEP_DESCRIPTIONS: Readonly<Record<BuiltInStep, string>> = {
  write: 'Writes a text for each item with a language model.',
  speak: 'Speaks a text or a document into a sound file: MP3, WAV, Ogg or FLAC.',
};

/** Placeholders that a step fills in itself, in its own options, and what they stand for. */
export const OWN_PLACEHOLDERS: Readonly<Record<BuiltInStep, Readonly<Record<string, string>>>> = {
  write: {},
  speak: {
    text: 'The text to speak.',
    textfile: 'The path of a file that has the text to speak.',
    voice: 'The voice, as the step names it.',
    speed: "How fast to speak: 1 is the voice's own speed.",
    wpm: 'How fast to speak, in words a minute.',
    language: 'The language of the text, as a code.',
  },
};
