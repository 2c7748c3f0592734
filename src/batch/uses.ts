import { scheduleOptions } from './uses/schedule.ts';
import { separateOptions } from './uses/separate.ts';
import { speakOptions } from './uses/speak.ts';
import { writeOptions } from './uses/write.ts';

/** The built-in steps and the options that each takes. A step's program is `dist/steps/NAME.js`. */
export const BUILT_IN_STEPS = {
  write: writeOptions,
  speak: speakOptions,
  separate: separateOptions,
  schedule: scheduleOptions,
} as const;

export type BuiltInStep = keyof typeof BUILT_IN_STEPS;

/** What each built-in step does, for editors. */
export const STEP_DESCRIPTIONS: Readonly<Record<BuiltInStep, string>> = {
  write: 'Writes a text for each item with a language model.',
  speak: 'Speaks a text or a document into a sound file: MP3, WAV, Ogg or FLAC.',
  separate:
    'Separates a recording into its stems, such as vocals and drums: a folder with a file for each.',
  schedule:
    'Finds a short schedule for tasks on machines, and shows every iteration of the search.',
};

/**
 * Bytes of memory that a built-in step's process takes at its peak with such a `with`, where that is much and
 * known: the engine must be named. The runner sees to it that they are free.
 */
export const STEP_MEMORY: {
  readonly [S in BuiltInStep]?: (given: Readonly<Record<string, unknown>>) => number | undefined;
} = {
  write: ({ engine, model = 'tinyllama' }) =>
    engine === 'local' && model === 'tinyllama' ? 0.53e9 : undefined,
  speak: ({ engine, model }) =>
    engine === 'kokoro' ? (model === 'kokoro-q8' ? 0.8e9 : 1.1e9) : undefined,
  separate: ({ engine }) => (engine === 'demucs' ? 1.6e9 : undefined),
};

/** Placeholders that a step fills in itself, in its own options, and what they stand for. */
export const OWN_PLACEHOLDERS: Readonly<Record<BuiltInStep, Readonly<Record<string, string>>>> = {
  write: {},
  schedule: {},
  speak: {
    text: 'The text to speak.',
    textfile: 'The path of a file that has the text to speak.',
    voice: 'The voice, as the step names it.',
    speed: "How fast to speak: 1 is the voice's own speed.",
    wpm: 'How fast to speak, in words a minute.',
    language: 'The language of the text, as a code.',
  },
  separate: {},
};

/**
 * Options that lead to no program, file or address of the machine that does the step: a worker takes them also from
 * somebody whom it does not know (docs/cluster.md).
 */
export const HARMLESS_OPTIONS: {
  readonly [Name in BuiltInStep]: readonly (keyof (typeof BUILT_IN_STEPS)[Name]['shape'])[];
} = {
  write: [
    'engine',
    'words',
    'form',
    'level',
    'language',
    'system',
    'prompt',
    'temperature',
    'seed',
    'maxTokens',
    'timeout',
  ],
  speak: [
    'engine',
    'voice',
    'speed',
    'language',
    'timeout',
    'markdown',
    'bitrate',
    'pause',
    'timings',
  ],
  separate: ['engine', 'split', 'stems', 'overlap', 'format', 'bits', 'bitrate'],
  schedule: [
    'algorithm',
    'machines',
    'n_iterations',
    'time_limit',
    'target',
    'seed',
    'starts',
    'local_search',
    'cost_weight',
    'bound',
    'n_ants',
    'alpha',
    'beta',
    'evaporation',
    'n_particles',
    'inertia',
    'c1',
    'c2',
    'population_size',
    'crossover_rate',
    'mutation_rate',
    'tournament_size',
    'initial_temperature',
    'final_temperature',
    'cooling_rate',
    'n_candidates',
    'tenure',
  ],
};
