import { z } from 'zod';

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** A duration in a batch file: a number of seconds, or `500ms`, `90s`, `10m`, `2h`. Parsed to ms. */
export const duration = z
  .union([z.number().positive(), z.string().regex(/^\d+(\.\d+)?\s*(ms|s|m|h)$/)], {
    error: 'must be a number of seconds, or a duration such as 90s, 10m or 2h',
  })
  .transform((value) => {
    if (typeof value === 'number') return value * 1000;
    const unit = (/[a-z]+$/.exec(value)?.[0] ?? 's') as keyof typeof UNITS;
    return Number.parseFloat(value) * UNITS[unit];
  });
