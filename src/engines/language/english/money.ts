import { cardinal, isOne, NUMBER, numberWords } from './numbers.ts';
import { type Rule, rule } from './rule.ts';

interface Currency {
  readonly one: string;
  readonly many: string;
  readonly cent?: string;
  readonly cents?: string;
}

const dollar = { one: 'dollar', many: 'dollars', cent: 'cent', cents: 'cents' };
const euro = { one: 'euro', many: 'euros', cent: 'cent', cents: 'cents' };
const pound = { one: 'pound', many: 'pounds', cent: 'penny', cents: 'pence' };
const yen = { one: 'yen', many: 'yen' };
const rupee = { one: 'rupee', many: 'rupees' };
const franc = { one: 'Swiss franc', many: 'Swiss francs' };

function of(country: string): Currency {
  return { ...dollar, one: `${country} dollar`, many: `${country} dollars` };
}

const CURRENCIES: Readonly<Record<string, Currency>> = {
  $: dollar,
  US$: dollar,
  USD: dollar,
  A$: of('Australian'),
  AUD: of('Australian'),
  C$: of('Canadian'),
  CAD: of('Canadian'),
  '€': euro,
  EUR: euro,
  '£': pound,
  GBP: pound,
  '¥': yen,
  JPY: yen,
  CNY: { one: 'yuan', many: 'yuan' },
  '₹': rupee,
  INR: rupee,
  CHF: franc,
  '₩': { one: 'won', many: 'won' },
  KRW: { one: 'won', many: 'won' },
  '₽': { one: 'ruble', many: 'rubles' },
  '₿': { one: 'bitcoin', many: 'bitcoin' },
};

const SIGN = String.raw`(US\$|A\$|C\$|[$€£¥₹₩₽₿])`;
const CODE = '(USD|AUD|CAD|EUR|GBP|JPY|CNY|INR|CHF|KRW)';
const SCALE = String.raw`(?:\s?(thousand|million|billion|trillion|bn|[kKmMBT](?![\w])))?`;
const SCALES: Readonly<Record<string, string>> = {
  k: 'thousand',
  m: 'million',
  b: 'billion',
  bn: 'billion',
  t: 'trillion',
};

/** `$3.50`, `€5 million`, `$1.2k`, `5 €`, `USD 20`, `20 GBP`; also a range, `$5-10`. */
export const moneyRules: readonly Rule[] = [
  rule(
    new RegExp(String.raw`${SIGN}\s?(${NUMBER})\s?[-–]\s?\$?(${NUMBER})${SCALE}`, 'g'),
    (_, sign = '', from = '', to = '', scale) =>
      `${numberWords(from)} to ${amount(CURRENCIES[sign], to, scale)}`,
  ),
  rule(
    new RegExp(String.raw`([-−])?${SIGN}\s?(${NUMBER})${SCALE}`, 'g'),
    (_, minus, sign = '', number = '', scale) =>
      (minus ? 'minus ' : '') + amount(CURRENCIES[sign], number, scale),
  ),
  rule(
    new RegExp(String.raw`(?<![\w.])(${NUMBER})${SCALE}\s?${SIGN}(?!\d)`, 'g'),
    (_, number = '', scale, sign = '') => amount(CURRENCIES[sign], number, scale),
  ),
  rule(
    new RegExp(String.raw`\b${CODE}\s?(${NUMBER})${SCALE}`, 'g'),
    (_, code = '', number = '', scale) => amount(CURRENCIES[code], number, scale),
  ),
  rule(
    new RegExp(String.raw`(?<![\w.])(${NUMBER})${SCALE}\s?${CODE}\b`, 'g'),
    (_, number = '', scale, code = '') => amount(CURRENCIES[code], number, scale),
  ),
  rule(
    /(?<![\w.])(\d+)\s?¢/g,
    (_, number = '') => `${cardinal(number)} ${isOne(number) ? 'cent' : 'cents'}`,
  ),
];

function amount(currency: Currency | undefined, number: string, scale: string | undefined): string {
  const { one, many, cent = '', cents = '' } = currency ?? dollar;
  if (scale) return `${numberWords(number)} ${SCALES[scale.toLowerCase()] ?? scale} ${many}`;
  const parts = /^([\d,]*)\.(\d\d)$/.exec(number);
  if (!parts || cents === '') return `${numberWords(number)} ${isOne(number) ? one : many}`;
  const whole = (parts[1] ?? '').replaceAll(',', '');
  const small = Number(parts[2]);
  const big =
    whole === '' || Number(whole) === 0 ? '' : `${cardinal(whole)} ${isOne(whole) ? one : many}`;
  if (small === 0) return big || `zero ${many}`;
  const rest = `${cardinal(small)} ${small === 1 ? cent : cents}`;
  return big === '' ? rest : `${big} and ${rest}`;
}
