const SMALL = `zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
  fifteen sixteen seventeen eighteen nineteen`.split(/\s+/);
const TENS = ['', '', ...'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')];
const SCALES = ['', ' thousand', ' million', ' billion', ' trillion'];
const MOST_DIGITS = SCALES.length * 3;

const IRREGULAR_ORDINALS: Readonly<Record<string, string>> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
};

/** A number as people write it, in regular expressions: `1,234.5`, `12`, `.5`. No group. */
export const NUMBER = String.raw`(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)`;

/** `105` is "one hundred five". More than 15 digits, and those after a zero, are read one by one. */
export function cardinal(digits: string | number): string {
  const text = String(digits);
  if (text.length > MOST_DIGITS || /^0\d/.test(text)) return digitByDigit(text);
  const value = Number(text);
  if (value < 1000) return hundreds(value);
  const parts: string[] = [];
  let rest = value;
  for (let scale = 0; rest > 0; scale++) {
    const part = rest % 1000;
    if (part > 0) parts.unshift(hundreds(part) + (SCALES[scale] ?? ''));
    rest = Math.floor(rest / 1000);
  }
  return parts.join(' ');
}

/** `21` is "twenty-first". */
export function ordinal(digits: string | number): string {
  const words = cardinal(digits);
  const [last = ''] = /[a-z]+$/.exec(words) ?? [];
  const changed = IRREGULAR_ORDINALS[last] ?? `${last.replace(/y$/, 'ie')}th`;
  return words.slice(0, words.length - last.length) + changed;
}

/** `007` is "zero zero seven". */
export function digitByDigit(digits: string): string {
  return Array.from(digits, (digit) => SMALL[Number(digit)] ?? digit).join(' ');
}

/** `1,234.5` is "one thousand two hundred thirty-four point five". */
export function numberWords(number: string): string {
  const [whole = '', fraction] = number.replaceAll(',', '').split('.');
  const before = whole === '' ? '' : `${cardinal(whole)} `;
  return fraction === undefined ? before.trim() : `${before}point ${digitByDigit(fraction)}`;
}

/** `1984` is "nineteen eighty-four", `2005` "two thousand five", `1900` "nineteen hundred". */
export function year(digits: string | number): string {
  const value = Number(digits);
  const century = Math.floor(value / 100);
  const rest = value % 100;
  if (value < 1000 || century % 10 === 0) {
    return rest < 10 || value < 1000 ? cardinal(value) : `${cardinal(century)} ${cardinal(rest)}`;
  }
  if (rest === 0) return `${cardinal(century)} hundred`;
  return `${cardinal(century)} ${rest < 10 ? `oh ${cardinal(rest)}` : cardinal(rest)}`;
}

/** `thirty` is "thirties". */
export function plural(words: string): string {
  if (/[^aeiou]y$/.test(words)) return `${words.slice(0, -1)}ies`;
  return /(?:s|x)$/.test(words) ? `${words}es` : `${words}s`;
}

/** "one" takes the singular. */
export function isOne(number: string): boolean {
  return number === '1';
}

function hundreds(value: number): string {
  const rest = value % 100;
  const many = Math.floor(value / 100);
  const head = many > 0 ? `${SMALL[many]} hundred` : '';
  if (many > 0 && rest === 0) return head;
  const tail = rest < 20 ? SMALL[rest] : tens(rest);
  return head === '' ? `${tail}` : `${head} ${tail}`;
}

function tens(value: number): string {
  const unit = value % 10;
  return `${TENS[Math.floor(value / 10)]}${unit === 0 ? '' : `-${SMALL[unit]}`}`;
}
