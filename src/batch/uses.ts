import { classifyOptions } from './uses/classify.ts';
import { entitiesOptions } from './uses/entities.ts';
import { insightsOptions } from './uses/insights.ts';
import { reportOptions } from './uses/report.ts';
import { scheduleOptions } from './uses/schedule.ts';
import { separateOptions } from './uses/separate.ts';
import { speakOptions } from './uses/speak.ts';
import { summariseOptions } from './uses/summarise.ts';
import { transcribeOptions } from './uses/transcribe.ts';
import { translateOptions } from './uses/translate.ts';
import { writeOptions } from './uses/write.ts';

/** The built-in steps and the options that each takes. A step's program is `dist/steps/NAME.js`. */
export const BUILT_IN_STEPS = {
  write: writeOptions,
  speak: speakOptions,
  separate: separateOptions,
  transcribe: transcribeOptions,
  translate: translateOptions,
  entities: entitiesOptions,
  classify: classifyOptions,
  summarise: summariseOptions,
  insights: insightsOptions,
  report: reportOptions,
  schedule: scheduleOptions,
} as const;

export type BuiltInStep = keyof typeof BUILT_IN_STEPS;

/** What each built-in step does, for editors. */
export const STEP_DESCRIPTIONS: Readonly<Record<BuiltInStep, string>> = {
  write: 'Writes a text for each item with a language model.',
  speak: 'Speaks a text or a document into a sound file: MP3, WAV, Ogg or FLAC.',
  separate:
    'Separates a recording into its stems, such as vocals and drums: a folder with a file for each.',
  transcribe: 'Writes down what is said in a recording, with its times.',
  translate: 'Translates a transcript or a text, sentence by sentence as it comes.',
  entities: 'Finds people, places, organisations, dates, money and more in a transcript or a text.',
  classify: 'Says which of your labels a transcript or a text is about.',
  summarise: 'Summarises a transcript or a text.',
  insights:
    'Finds key phrases, mood, pace, silences, questions and what is to be done in a transcript or a text.',
  report: 'Puts what other steps found in a recording into one page, with links to the times.',
  schedule:
    'Finds a short schedule for tasks on machines, and shows every iteration of the search.',
};

const WHISPER_MEMORY: Readonly<Record<string, number>> = { tiny: 0.9e9, base: 1.3e9, small: 2.7e9 };

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
  transcribe: ({ engine, model = 'whisper-base' }) =>
    engine === 'whisper' ? WHISPER_MEMORY[String(model).replace(/^whisper-/, '')] : undefined,
};

/** Placeholders that a step fills in itself, in its own options, and what they stand for. */
export const OWN_PLACEHOLDERS: Readonly<Record<BuiltInStep, Readonly<Record<string, string>>>> = {
  write: {},
  transcribe: {
    input: 'The sound to transcribe: a WAV file, mono, 16 kHz.',
    output: 'Where the program writes the text, SRT or WebVTT.',
    language: 'The language of the recording, as a code.',
  },
  translate: {},
  entities: {},
  classify: {},
  summarise: {},
  insights: {},
  report: {},
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
  transcribe: ['engine', 'language', 'timeout'],
  translate: ['to', 'engine', 'language'],
  entities: ['types', 'language'],
  classify: ['labels', 'language'],
  summarise: ['engine', 'sentences', 'language'],
  insights: ['phrases', 'language'],
  report: ['title'],
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
