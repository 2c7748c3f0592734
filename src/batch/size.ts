import { z } from 'zod';

const UNITS = {
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
} as const;

/** A size in a batch file: `500MB`, `6GB`, `1.5GiB`. Parsed to bytes. */
export const size = z
  .string()
  .regex(/^\d+(\.\d+)?\s*[MGT]i?B$/, 'must be a size such as 500MB, 6GB or 1.5GiB')
  .meta({ title: 'size', examples: ['500MB', '2GB', '6GB'] })
  .transform((text) => {
    const unit = (/[A-Za-z]+$/.exec(text)?.[0] ?? 'MB') as keyof typeof UNITS;
    return Math.round(Number.parseFloat(text) * UNITS[unit]);
  });
