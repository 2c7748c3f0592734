import { clock } from '../protocol/progress.ts';
import { language } from './language.ts';

/** Numbers as a person reads them, in the panel's language. */

const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(language, { maximumSignificantDigits: 2 });
const times = new Intl.NumberFormat(language, {
  minimumFractionDigits: 1,
  maximumFractionDigits: 2,
});
const share = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
const bytes = new Intl.NumberFormat(language, {
  style: 'unit',
  unit: 'byte',
  unitDisplay: 'narrow',
});
const axis = new Intl.NumberFormat(language, { notation: 'compact', maximumSignificantDigits: 4 });
const exact = new Intl.NumberFormat(language, { maximumSignificantDigits: 8 });
const hundredths = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 2 });
const time = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
const UNITS = ['kilobyte', 'megabyte', 'gigabyte'];
const sizes = UNITS.map(
  (unit) =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit,
      unitDisplay: 'short',
      maximumSignificantDigits: 3,
    }),
);

/** `10,000` */
export function count(value: number): string {
  // Most numbers of most frames; they look alike in every language here.
  return value < 1000 && Number.isInteger(value) ? String(value) : whole.format(value);
}

const MINUTE = 60;
const HOUR = 3600;

/** A rate from items a second, in the unit that gives it digits: `3.2`, `12`. */
export function rate(perSecond: number): {
  readonly value: string;
  readonly unit: 'second' | 'minute' | 'hour';
} {
  const unit = perSecond >= 1 ? 'second' : perSecond * MINUTE >= 1 ? 'minute' : 'hour';
  const value = perSecond * { second: 1, minute: MINUTE, hour: HOUR }[unit];
  return { value: value < 10 ? short.format(value) : whole.format(value), unit };
}

/** `1.0`, `0.75` */
export function speed(value: number): string {
  return times.format(value);
}

/** `43%`. Rounds down: what is not done is never 100%. */
export function percent(fraction: number): string {
  // 0.29 * 100 is 28.999999999999996.
  return share.format(Math.floor(fraction * 100 + 1e-9) / 100);
}

/** `7.354M`: a value on an axis. */
export function compact(value: number): string {
  return axis.format(value);
}

/** `7,394,001.2` */
export function amount(value: number): string {
  return exact.format(value);
}

/** `1.92%` */
export function gap(of: number): string {
  return hundredths.format(of);
}

/** `6.3 s` */
export function seconds(value: number): string {
  return `${time.format(value)}\u00a0s`;
}

/** `512 B`, `8.2 kB`, `1.4 MB` */
export function size(of: number): string {
  if (of < 1000) {
    // Narrow, it is `512B`; short, it is `512 byte`.
    const parts = bytes.formatToParts(of).filter(({ type }) => type !== 'literal');
    return parts.map(({ value }) => value).join('\u00a0');
  }
  const power = Math.min(UNITS.length, Math.floor(Math.log10(of) / 3));
  return sizes[power - 1]?.format(of / 1000 ** power) ?? '';
}

/** A sound's length, or a file's size. */
export function extent(result: { readonly seconds?: number; readonly bytes: number }): string {
  return result.seconds === undefined ? size(result.bytes) : clock(result.seconds * 1000);
}

/** Where a sound is, as `0:14`: what is begun is not yet played. */
export function position(seconds: number): string {
  return clock(Math.floor(seconds) * 1000);
}
