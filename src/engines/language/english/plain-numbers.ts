import { cardinal, digitByDigit, NUMBER, numberWords, ordinal, plural, year } from './numbers.ts';
import { type Rule, rule } from './rule.ts';

const FRACTIONS: Readonly<Record<string, string>> = {
  '½': '1/2',
  '⅓': '1/3',
  '⅔': '2/3',
  '¼': '1/4',
  '¾': '3/4',
  '⅕': '1/5',
  '⅖': '2/5',
  '⅗': '3/5',
  '⅘': '4/5',
  '⅙': '1/6',
  '⅚': '5/6',
  '⅛': '1/8',
  '⅜': '3/8',
  '⅝': '5/8',
  '⅞': '7/8',
};
const FRACTION_SIGN = `[${Object.keys(FRACTIONS).join('')}]`;

const DENOMINATORS = new Set([2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 32, 64, 100]);
const BEFORE_YEAR = String.raw`\b(?:in|since|by|until|till|from|of|year|before|after|during|around|circa|early|mid|late|spring|summer|autumn|fall|winter)[ -]`;
const SCALES: Readonly<Record<string, string>> = {
  k: 'thousand',
  K: 'thousand',
  M: 'million',
  bn: 'billion',
};

/** Telephone numbers: digit by digit, in groups. */
export const phoneRules: readonly Rule[] = [
  rule(
    /(?<![\w.])(\+\d{1,3}[ .-]?)?(?:\(\d{2,4}\)[ .-]?|\d{3}[ .-])\d{3}[ .-]\d{4}(?!\w|[.,]\d)/g,
    sayPhone,
  ),
  rule(/(?<![\w.])\+\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){2,6}(?![\w])/g, sayPhone),
  rule(/(?<![\w.-])\d{3}-\d{4}(?![\w-])/g, sayPhone),
];

/** `1990s`, `the '80s`; "30s" alone are seconds. */
export const decadeRules: readonly Rule[] = [
  rule(
    /(?<![\w.])(?:((?:1[0-9]|20)\d0)|(?:['’]|(?<=\bthe |-))(\d0))['’]?s\b/g,
    (_, long, number = long ?? '') => plural(number.length === 4 ? year(number) : cardinal(number)),
  ),
];

/** Fractions, ordinals, years, ranges, versions, decimals and whole numbers. */
export const numberRules: readonly Rule[] = [
  rule(new RegExp(String.raw`(?:(\d+)\s?)?(${FRACTION_SIGN})`, 'g'), (_, whole = '', sign = '') => {
    const [top = '', bottom = ''] = (FRACTIONS[sign] ?? '').split('/');
    return mixed(whole, top, bottom);
  }),
  rule(
    /(?<![\w./-])(?:(\d+) )?(\d{1,2})[/⁄](\d{1,3})(?![\w/]|[.,]\d)/g,
    (_, whole = '', top = '', bottom = '') => {
      if (top === '24' && bottom === '7') return 'twenty-four seven';
      if (Number(top) < Number(bottom) && DENOMINATORS.has(Number(bottom)))
        return mixed(whole, top, bottom);
      const before = whole === '' ? '' : `${cardinal(whole)} `;
      return `${before}${cardinal(top)} slash ${cardinal(bottom)}`;
    },
  ),
  rule(/(?<![\w.,])(\d{1,3}(?:,\d{3})+|\d+)(?:st|nd|rd|th)\b/g, (_, number = '') =>
    ordinal(number.replaceAll(',', '')),
  ),
  rule(
    /(?<![\w.,-])((?:1[1-9]|20)\d\d)\s?[-–—]\s?((?:1[1-9]|20)\d\d|\d\d)(?![\w-]|[.,]\d)/g,
    (_, from = '', to = '') => `${year(from)} to ${to.length === 4 ? year(to) : cardinal(to)}`,
  ),
  rule(
    new RegExp(String.raw`(${BEFORE_YEAR})(1\d{3}|20\d\d)(?!\w|[.,]\d)`, 'gi'),
    (_, before = '', number = '') => before + year(number),
  ),
  rule(
    /(?<![\w.,$-])(19\d\d|20[0-4]\d|1[1-9]\d\d(?= (?:AD|CE|BC|BCE)\b))(?![\w/-]|[.,]\d)/g,
    (_, number = '') => year(number),
  ),
  // Versions and addresses: each part is a number of its own.
  rule(
    /(?<![\w.])(?:([vV])\.?\s?)?(\d+(?:\.\d+){2,})(?![\w])/g,
    (_, v, parts = '') =>
      `${v ? 'version ' : ''}${parts
        .split('.')
        .map((part) => cardinal(part))
        .join(' point ')}`,
  ),
  rule(
    /(?<![\w.])[vV]\.?\s?(\d+(?:\.\d+)?)(?![\w.])/g,
    (_, number = '') => `version ${numberWords(number)}`,
  ),
  rule(
    new RegExp(String.raw`(?<![\w.,-])(${NUMBER})\s?[-–—]\s?(${NUMBER})(?![\w-])`, 'g'),
    (_, from = '', to = '') => `${numberWords(from)} to ${numberWords(to)}`,
  ),
  rule(
    new RegExp(String.raw`(?<![\w.])(${NUMBER})(k|K|M|bn)\b`, 'g'),
    (_, number = '', scale = '') => `${numberWords(number)} ${SCALES[scale] ?? ''}`,
  ),
  rule(
    new RegExp(String.raw`(?<![\w.])(${NUMBER})(?:\s?x\s?|×)(${NUMBER})(?![\w])`, 'g'),
    (_, wide = '', high = '') => `${numberWords(wide)} by ${numberWords(high)}`,
  ),
  rule(
    new RegExp(String.raw`(?<![\w.])(${NUMBER})[x×](?![\w])`, 'g'),
    (_, number = '') => `${numberWords(number)} times`,
  ),
  // A narrow space groups digits too, as standards ask for; a plain one when it does so twice.
  rule(
    /(?<![\w.])\d{1,3}(?:(?:[\u00a0\u2009\u202f]\d{3})+|(?: \d{3}){2,})(?![\d,.]*\d)/g,
    (number = '') => cardinal(number.replace(/\D/g, '')),
  ),
  rule(new RegExp(String.raw`(?<=^|[\s([=:])[-−](?=${NUMBER})`, 'g'), () => 'minus '),
  // Between letters and digits: "mp3" is "mp three", "3D" is "three D".
  rule(new RegExp(NUMBER, 'g'), (number = '') => ` ${numberWords(number)} `),
];

function mixed(whole: string, top: string, bottom: string): string {
  const fraction = fractionWords(Number(top), Number(bottom));
  if (whole === '') return fraction;
  return `${cardinal(whole)} and ${top === '1' ? fraction.replace(/^one /, bottom === '8' ? 'an ' : 'a ') : fraction}`;
}

function fractionWords(top: number, bottom: number): string {
  const many = top > 1;
  const name =
    bottom === 2 ? (many ? 'halves' : 'half') : bottom === 4 ? (many ? 'quarters' : 'quarter') : '';
  return `${cardinal(top)} ${name || ordinal(bottom) + (many ? 's' : '')}`;
}

function sayPhone(number = ''): string {
  const plus = number.startsWith('+') ? 'plus ' : '';
  return plus + (number.match(/\d+/g) ?? []).map(digitByDigit).join(', ');
}
