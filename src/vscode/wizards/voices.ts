export interface Voice {
  /** As the step `speak` takes it. */
  readonly id: string;
  readonly name: string;
  readonly accent: 'American' | 'British';
  /** A small, fast voice: it needs no large model. */
  readonly small?: true;
}

export const DEFAULT_VOICE = 'af_heart';

/** Voices to choose from; any other that the engine has can be typed. */
export const VOICES: readonly Voice[] = [
  { id: 'af_heart', name: 'Heart', accent: 'American' },
  { id: 'af_bella', name: 'Bella', accent: 'American' },
  { id: 'af_nicole', name: 'Nicole', accent: 'American' },
  { id: 'am_michael', name: 'Michael', accent: 'American' },
  { id: 'am_fenrir', name: 'Fenrir', accent: 'American' },
  { id: 'am_puck', name: 'Puck', accent: 'American' },
  { id: 'bf_emma', name: 'Emma', accent: 'British' },
  { id: 'bf_isabella', name: 'Isabella', accent: 'British' },
  { id: 'bm_george', name: 'George', accent: 'British' },
  { id: 'bm_fable', name: 'Fable', accent: 'British' },
  { id: 'slt', name: 'Slt', accent: 'American', small: true },
  { id: 'rms', name: 'Rms', accent: 'American', small: true },
];
