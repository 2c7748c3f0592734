import { z } from 'zod';

/** The options of the built-in step `separate`: its `with` in the batch file. */
export const separateOptions = z.strictObject({
  engine: z
    .enum(['auto', 'spectral', 'demucs', 'demucs-python'])
    .default('auto')
    .describe(
      'What separates. `spectral`: by the spectrum alone, in two stems; nothing is fetched. `demucs`: HT Demucs on this machine, into vocals, drums, bass and other; its weights are for personal and research use, and its licence has to be accepted first. `demucs-python`: the `demucs` program on PATH, with `args`. `auto`: `demucs` where it was accepted and fetched, otherwise `spectral`.',
    ),
  split: z
    .enum(['harmonic-percussive', 'centre-side'])
    .default('harmonic-percussive')
    .describe(
      'For `spectral`: what its two stems are. `harmonic-percussive`: tones, and beats. `centre-side`: what is in the middle of a stereo recording, and the rest.',
    ),
  stems: z
    .enum(['all', 'vocals'])
    .default('all')
    .describe(
      'For `demucs` and `demucs-python`: all four stems, or `vocals` and what is left without them, `no_vocals`.',
    ),
  overlap: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.25)
    .describe(
      'For `demucs`: the share of each window of 7.8 seconds that the next one works on again. More is smoother, and slower.',
    ),
  threads: z
    .int()
    .positive()
    .optional()
    .describe('Threads that `demucs` computes with. By default as many as there are cores.'),
  args: z
    .array(z.union([z.string(), z.number()]).transform(String))
    .optional()
    .describe(
      'For `demucs-python`: options of the program, such as `[--two-stems, vocals, -n, htdemucs_ft]`.',
    ),
  format: z
    .enum(['wav', 'flac', 'mp3', 'ogg'])
    .default('wav')
    .describe('What kind of file each stem is.'),
  bits: z
    .literal([16, 24, 32])
    .default(16)
    .describe(
      'Bits of a sample of WAV and FLAC files. 32, for WAV alone, are floating-point numbers: no stem is ever clipped.',
    ),
  bitrate: z.int().min(8).max(320).default(256).describe('kbit/s of MP3 and Ogg files.'),
});

export type SeparateOptions = z.infer<typeof separateOptions>;
