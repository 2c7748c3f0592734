import { z } from 'zod';

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** What a timer takes: nearly 25 days. */
const LONGEST_MS = 2 ** 31 - 1;

const FORM = 'must be a number of seconds, or a duration such as 500ms, 90s, 10m or 2h';

/** A duration in a batch file: a number of seconds, or `500ms`, `90s`, `10m`, `2h`. Parsed to ms. */
export const duration = z
  .union(
    [
      z.number().meta({ title: 'seconds' }),
      z
        .string()
        .regex(/^\d+(\.\d+)?\s*(ms|s|m|h)$/, FORM)
        .meta({ title: 'duration', examples: ['500ms', '90s', '10m', '2h'] }),
    ],
    { error: FORM },
  )
  .transform((value) => {
    if (typeof value === 'number') return value * 1000;
    const unit = (/[a-z]+$/.exec(value)?.[0] ?? 's') as keyof typeof UNITS;
    return Number.parseFloat(value) * UNITS[unit];
  })
  .refine((ms) => ms > 0 && ms <= LONGEST_MS, 'must be more than 0 and at most 24 days');
