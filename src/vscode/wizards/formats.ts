/** As the step `speak` writes them. Not imported from there: encoders do not belong in this bundle. */
export const FORMATS = ['mp3', 'wav', 'ogg', 'flac'] as const;
export type Format = (typeof FORMATS)[number];
