import type { Progress } from '../protocol/events.ts';
import { type Detector, NOTHING, progressOf } from './detector.ts';

/** Longer objects are data, not progress. */
const LIMIT = 4096;
const KEYS = /"(?:progress|fraction|percent|percentage|pct|total|total_steps|totalSteps)"\s*:/;
const DONE = ['done', 'completed', 'current', 'processed', 'step', 'n'] as const;

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function amount(fields: Fields, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  }
  return undefined;
}

function word(fields: Fields, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === 'string' && value !== '') return value.slice(0, 200);
  }
  return undefined;
}

function fractionOf(fields: Fields): number | undefined {
  const fraction = amount(fields, 'fraction');
  if (fraction !== undefined) return fraction <= 1 ? fraction : undefined;
  const share = amount(fields, 'percent', 'percentage', 'pct');
  if (share !== undefined) return share <= 100 ? share / 100 : undefined;
  const progress = amount(fields, 'progress');
  if (progress === undefined || progress > 100) return undefined;
  return progress <= 1 ? progress : progress / 100;
}

function fromFields(fields: Fields): Progress | undefined {
  if (isFields(fields['progress'])) return fromFields(fields['progress']);
  const total = amount(fields, 'total', 'total_steps', 'totalSteps');
  const done = amount(fields, ...DONE);
  const counted = done !== undefined && total !== undefined && total > 0 && done <= total;
  const fraction = fractionOf(fields) ?? (counted ? done / total : undefined);
  if (fraction === undefined) return undefined;
  return progressOf({
    fraction,
    ...(counted ? { done, total } : {}),
    unit: word(fields, 'unit'),
    rate: amount(fields, 'rate'),
    eta: amount(fields, 'eta'),
    phase: word(fields, 'phase', 'stage', 'desc', 'status'),
  });
}

/** A server-sent event holds its object after this. */
const EVENT = /^data:\s?/;

/**
 * A line that is one JSON object: `{"progress": 0.5}` (a share up to 1, percent above),
 * `{"percent": 50}`, `{"done": 3, "total": 10}`, `{"type": "progress", ...}`; or `data: ` and such an object.
 */
export const json: Detector = {
  name: 'json',
  marks: [
    {
      text: '{',
      fits: (text, at) => {
        const before = text.charCodeAt(at - 1);
        return (
          at === 0 ||
          before === 10 ||
          before === 13 ||
          /\bdata: ?$/.test(text.slice(Math.max(0, at - 6), at))
        );
      },
    },
  ],
  detect(line) {
    const text = line.replace(EVENT, '').trim();
    if (!text.startsWith('{')) return undefined;
    // Its numbers are data: nobody else looks at it.
    if (!text.endsWith('}') || text.length > LIMIT || !KEYS.test(text)) return NOTHING;
    try {
      const value: unknown = JSON.parse(text);
      return (isFields(value) ? fromFields(value) : undefined) ?? NOTHING;
    } catch {
      return NOTHING;
    }
  },
};
