import type { Progress } from '../protocol/events.ts';
import { type Detector, isDigit, parseSeconds, progressOf } from './detector.ts';

/*
 * Source: tqdm.std.tqdm.format_meter of tqdm 4.64 to 4.67:
 *   {desc}: {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} [{elapsed}<{remaining}, {rate}{postfix}]
 *   {desc}: {n_fmt}{unit} [{elapsed}, {rate}{postfix}]
 * The bar is `#` and digits, or blocks. With `unit_scale` numbers end with a prefix: `1.50M`.
 */
const AMOUNT = String.raw`(\d+(?:\.\d+)?)([kMGTPEZ]?)`;
const TIME = String.raw`\d+(?::\d+)+`;
const WITH_TOTAL = new RegExp(
  String.raw`^(.*?)(?::\s*|\s+)?(?<![\d.])(\d{1,3})%\|[^|]*\|` +
    String.raw`(?:\s*${AMOUNT}/${AMOUNT}\s\[${TIME}(?:<(${TIME}|\?))?(?:,\s*([^\],\s]+)(?=[\],]))?)?`,
);
const WITHOUT_TOTAL = new RegExp(
  String.raw`^(?:(.*?)(?::\s*|\s+))?${AMOUNT}\s?([^\s\d\[\]/%]*)\s\[${TIME},\s*([^\],\s]+)[\],]`,
);
const RATE = /^(\d+(?:\.\d+)?)([kMGTPEZ]?)([^/]*)\/(.+)$/;

const PREFIXES = 'kMGTPEZ';

function scaled(number: string | undefined, prefix: string | undefined): number {
  return Number(number) * 1000 ** (prefix ? PREFIXES.indexOf(prefix) + 1 : 0);
}

/** `3.60it/s`, `2.50s/it`, `1.50MB/s`, `?it/s`. Only scaled amounts have a scaled rate. */
function parseRate(text: string | undefined, isScaled: boolean): { unit?: string; rate?: number } {
  if (text === undefined) return {};
  if (text.startsWith('?')) return { unit: text.slice(1).replace(/\/s$/, '') };
  const [, number, prefix = '', before = '', after = ''] = RATE.exec(text) ?? [];
  if (number === undefined) return {};
  if (after !== 's' && before === 's') {
    return Number(number) > 0 ? { unit: after, rate: 1 / Number(number) } : { unit: after };
  }
  if (after !== 's') return {};
  return isScaled
    ? { unit: before, rate: scaled(number, prefix) }
    : { unit: prefix + before, rate: Number(number) };
}

function withTotal(line: string): Progress | undefined {
  const match = WITH_TOTAL.exec(line);
  if (match === null) return undefined;
  const [, desc, percent, done, donePrefix, total, totalPrefix, left, rate] = match;
  if (Number(percent) > 100) return undefined;
  const phase = desc?.trim() || undefined;
  if (done === undefined || total === undefined) {
    return progressOf({ fraction: Number(percent) / 100, phase });
  }
  const amounts = { done: scaled(done, donePrefix), total: scaled(total, totalPrefix) };
  const fraction =
    amounts.total > 0 ? Math.min(1, amounts.done / amounts.total) : Number(percent) / 100;
  const isScaled = (donePrefix ?? '') !== '' || (totalPrefix ?? '') !== '';
  const speed = parseRate(rate, isScaled);
  return progressOf({ fraction, ...amounts, ...speed, eta: parseSeconds(left), phase });
}

function withoutTotal(line: string): Progress | undefined {
  const match = WITHOUT_TOTAL.exec(line);
  if (match === null) return undefined;
  const [, desc, done, prefix, unit, rate] = match;
  if (rate === undefined || !rate.includes('/')) return undefined;
  return progressOf({
    done: scaled(done, prefix),
    ...parseRate(rate, prefix !== ''),
    ...(unit ? { unit } : {}),
    phase: desc?.trim() || undefined,
  });
}

/** The bars of Python's tqdm, with and without a total. */
export const tqdm: Detector = {
  name: 'tqdm',
  marks: [
    { text: '%', fits: (text, at) => text[at + 1] === '|' && isDigit(text, at - 1) },
    {
      text: '/',
      fits: (text, at) =>
        (text[at + 1] === 's' && (text[at + 2] === ']' || text[at + 2] === ',')) ||
        (text[at - 1] === 's' && isDigit(text, at - 2)),
    },
  ],
  detect(line) {
    if (line.includes('%|')) return withTotal(line);
    return line.includes(' [') ? withoutTotal(line) : undefined;
  },
};
