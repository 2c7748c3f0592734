import { cardinal, ordinal, year } from './numbers.ts';
import { type Rule, rule } from './rule.ts';

const MONTHS = `January February March April May June July August September October November
  December`.split(/\s+/);
const MONTH = String.raw`(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?`;
const WEEKDAYS: Readonly<Record<string, string>> = {
  Mon: 'Monday',
  Tue: 'Tuesday',
  Tues: 'Tuesday',
  Wed: 'Wednesday',
  Thu: 'Thursday',
  Thur: 'Thursday',
  Thurs: 'Thursday',
  Fri: 'Friday',
  Sat: 'Saturday',
  Sun: 'Sunday',
};

const YEAR = String.raw`(\d{4})`;

/** Dates: ISO, `3 May 2024`, `May 3rd, 2024`, `5/3/2024` (the month first, as Americans do). */
export const dateRules: readonly Rule[] = [
  rule(/\b(\d{4})-(\d\d)-(\d\d)(?:T(?=\d)|\b)/g, (_, y = '', month, day) => {
    const said = monthDay(month, day);
    return said && `${said}, ${year(y)} `;
  }),
  rule(/\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b/g, (_, first, second, y = '') => {
    const said = monthDay(first, second) ?? monthDay(second, first);
    return said && `${said}, ${year(y)}`;
  }),
  rule(
    new RegExp(String.raw`\b(\d{1,2})(?:st|nd|rd|th)?(?: of)? ${MONTH}(?:,? ${YEAR}\b)?`, 'g'),
    (_, day, month, y) => {
      const said = monthName(month);
      if (!isDay(day) || said === undefined) return undefined;
      return `the ${ordinal(day)} of ${said}${y ? `, ${year(y)}` : ''}`;
    },
  ),
  rule(
    new RegExp(String.raw`\b${MONTH} (\d{1,2})(?:st|nd|rd|th)?\b(?!:)(?:,? ${YEAR}\b)?`, 'g'),
    (_, month, day, y) => {
      const said = monthName(month);
      if (!isDay(day) || said === undefined) return undefined;
      return `${said} ${ordinal(day)}${y ? `, ${year(y)}` : ''}`;
    },
  ),
  rule(new RegExp(String.raw`\b${MONTH},? ${YEAR}\b`, 'g'), (_, month, y = '') => {
    const said = monthName(month);
    return said && `${said} ${year(y)}`;
  }),
  rule(/\b(Jan|Feb|Aug|Sept?|Oct|Nov|Dec)\.(?= )/g, (_, month) => monthName(month)),
  rule(
    /\b(Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)(?:\.,|\.(?= \p{L})|,(?= (?:the \w+ of |January|February|March|April|May|June|July|August|September|October|November|December)))/gu,
    (_, day = '') => WEEKDAYS[day] && `${WEEKDAYS[day]},`,
  ),
];

/** Times of day and lengths of time. */
export const timeRules: readonly Rule[] = [
  rule(/(?<=\d:\d\d(?:\s?[ap]\.?m\.?)?)\s?[-–]\s?(?=\d{1,2}:\d\d)/gi, () => ' to '),
  rule(
    /\b(\d{1,2}):([0-5]\d):([0-5]\d)(?:\.\d+)?(Z?)\b/g,
    (_, hours = '', minutes = '', seconds = '', zulu) => {
      const parts = [
        [Number(hours), 'hour'],
        [Number(minutes), 'minute'],
        [Number(seconds), 'second'],
      ] as const;
      const said = parts
        .filter(([value]) => value > 0)
        .map(([value, unit]) => `${cardinal(value)} ${unit}${value === 1 ? '' : 's'}`);
      return (said.join(' ') || 'midnight') + (zulu ? ' U T C' : '');
    },
  ),
  rule(
    /\b([01]?\d|2[0-3])[:.]([0-5]\d)(?:\s?([ap])\.?\s?m\b\.?)/gi,
    (_, hour = '', minute = '', half = '') =>
      `${clock(hour, minute, true)} ${half.toLowerCase() === 'a' ? 'ay' : 'p'} m`,
  ),
  rule(
    /\b([01]?\d|2[0-3]):([0-5]\d)(Z?)(?![\d:])/g,
    (_, hour = '', minute = '', zulu) => clock(hour, minute, false) + (zulu ? ' U T C' : ''),
  ),
  rule(
    /\b(1[0-2]|[1-9])\s?([ap])\.?m\b\.?/gi,
    (_, hour = '', half = '') =>
      `${cardinal(Number(hour))} ${half.toLowerCase() === 'a' ? 'ay' : 'p'} m`,
  ),
  rule(/\b([ap])\.m\./gi, (_, half = '') => `${half.toLowerCase() === 'a' ? 'ay' : 'p'} m`),
];

function clock(hour: string, minute: string, half: boolean): string {
  const hours = Number(hour);
  const minutes = Number(minute);
  if (minutes > 0) return `${cardinal(hours)} ${minutes < 10 ? 'oh ' : ''}${cardinal(minutes)}`;
  if (half) return cardinal(hours);
  return hours === 0
    ? 'midnight'
    : hours > 12
      ? `${cardinal(hours)} hundred`
      : `${cardinal(hours)} o'clock`;
}

function monthDay(month: string | undefined, day: string | undefined): string | undefined {
  const name = MONTHS[Number(month) - 1];
  return name && isDay(day) ? `${name} ${ordinal(Number(day))}` : undefined;
}

function monthName(month: string | undefined): string | undefined {
  return MONTHS.find((name) => month && name.startsWith(month.slice(0, 3)));
}

function isDay(day: string | undefined): day is string {
  return Number(day) >= 1 && Number(day) <= 31;
}
