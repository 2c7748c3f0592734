import { isOne, NUMBER, numberWords } from './numbers.ts';
import { type Rule, rule } from './rule.ts';

/** Written form to the spoken singular; the plural adds an s unless it stands after a bar. */
const UNITS: Readonly<Record<string, string>> = {
  km: 'kilometer',
  m: 'meter',
  cm: 'centimeter',
  mm: 'millimeter',
  µm: 'micrometer',
  nm: 'nanometer',
  ft: 'foot|feet',
  yd: 'yard',
  mi: 'mile',
  kg: 'kilogram',
  g: 'gram',
  mg: 'milligram',
  µg: 'microgram',
  t: 'ton',
  lb: 'pound',
  lbs: 'pound',
  oz: 'ounce',
  l: 'liter',
  L: 'liter',
  ml: 'milliliter',
  mL: 'milliliter',
  cl: 'centiliter',
  gal: 'gallon',
  s: 'second',
  sec: 'second',
  ms: 'millisecond',
  µs: 'microsecond',
  ns: 'nanosecond',
  min: 'minute',
  h: 'hour',
  hr: 'hour',
  hrs: 'hour',
  Hz: 'hertz|hertz',
  kHz: 'kilohertz|kilohertz',
  MHz: 'megahertz|megahertz',
  GHz: 'gigahertz|gigahertz',
  W: 'watt',
  kW: 'kilowatt',
  MW: 'megawatt',
  GW: 'gigawatt',
  Wh: 'watt hour',
  kWh: 'kilowatt hour',
  V: 'volt',
  mV: 'millivolt',
  kV: 'kilovolt',
  mA: 'milliamp',
  mAh: 'milliamp hour',
  J: 'joule',
  kJ: 'kilojoule',
  kcal: 'kilocalorie',
  cal: 'calorie',
  Pa: 'pascal',
  kPa: 'kilopascal',
  hPa: 'hectopascal',
  bar: 'bar',
  psi: 'P S I|P S I',
  dB: 'decibel',
  B: 'byte',
  kB: 'kilobyte',
  KB: 'kilobyte',
  MB: 'megabyte',
  GB: 'gigabyte',
  TB: 'terabyte',
  PB: 'petabyte',
  KiB: 'kibibyte',
  MiB: 'mebibyte',
  GiB: 'gibibyte',
  TiB: 'tebibyte',
  kbit: 'kilobit',
  Mbit: 'megabit',
  Gbit: 'gigabit',
  px: 'pixel',
  dpi: 'D P I|D P I',
  mph: 'mile per hour|miles per hour',
  kph: 'kilometer per hour|kilometers per hour',
  kbps: 'kilobit per second|kilobits per second',
  Mbps: 'megabit per second|megabits per second',
  Gbps: 'gigabit per second|gigabits per second',
  fps: 'frame per second|frames per second',
  rpm: 'R P M|R P M',
  ha: 'hectare',
  K: 'kelvin|kelvin',
  mol: 'mole',
  Ω: 'ohm',
  kΩ: 'kilohm',
};

/** Written after a slash: `km/h` is "kilometers per hour". */
const PER: Readonly<Record<string, string>> = {
  h: 'hour',
  hr: 'hour',
  s: 'second',
  sec: 'second',
  min: 'minute',
  d: 'day',
  day: 'day',
  week: 'week',
  month: 'month',
  yr: 'year',
  year: 'year',
  kg: 'kilogram',
  g: 'gram',
  L: 'liter',
  l: 'liter',
  m: 'meter',
  km: 'kilometer',
  kWh: 'kilowatt hour',
  'm²': 'square meter',
  'm³': 'cubic meter',
  m2: 'square meter',
  m3: 'cubic meter',
  's²': 'second squared',
};

const POWERS: Readonly<Record<string, string>> = {
  '²': 'square ',
  '³': 'cubic ',
  '2': 'square ',
  '3': 'cubic ',
};

const longestFirst = (names: string[]) => names.sort((a, b) => b.length - a.length).join('|');
const UNIT = longestFirst(Object.keys(UNITS));
const AFTER_SLASH = longestFirst(Object.keys(PER));
const RANGE = String.raw`(${NUMBER})(?:\s?(?:[-–]|to)\s?(${NUMBER}))?`;

/** `5 km`, `3.5 GHz`, `10-15 kg`, `90 km/h`, `20 m²`, `21 °C`, `45°`, `6'2"`, `50%`. */
export const unitRules: readonly Rule[] = [
  rule(
    new RegExp(String.raw`(?<![\w.])([-−])?${RANGE}\s?°\s?(C|F|K)?(?![\w])`, 'g'),
    (_, minus, from = '', to, scale) => {
      const degrees = isOne(to ?? from) && !minus ? 'degree' : 'degrees';
      const name =
        scale === 'C' ? ' Celsius' : scale === 'F' ? ' Fahrenheit' : scale === 'K' ? ' kelvin' : '';
      return `${minus ? 'minus ' : ''}${span(from, to)} ${degrees}${name}`;
    },
  ),
  rule(
    new RegExp(
      String.raw`(?<![\w.])([-−+])?(${NUMBER})(?:\s?%?\s?(?:[-–]|to)\s?(${NUMBER}))?\s?(%|‰|percent\b|pct\b)`,
      'g',
    ),
    (_, sign, from = '', to, unit) =>
      `${signed(sign)}${span(from, to)} ${unit === '‰' ? 'per mille' : 'percent'}`,
  ),
  rule(
    /(?<![\w.])(\d)['′]\s?(\d{1,2})["″]/g,
    (_, feet = '', inches = '') =>
      `${numberWords(feet)} ${isOne(feet) ? 'foot' : 'feet'} ${numberWords(inches)} ${isOne(inches) ? 'inch' : 'inches'}`,
  ),
  // Letters that mean much else count as units only where they touch their number or stand before
  // something that is no word.
  rule(
    new RegExp(
      String.raw`(?<![\w.])([-−])?${RANGE}(\s?)(${UNIT})([²³]|[23](?=\b))?(?:/(${AFTER_SLASH}))?(?![\w/²³])(?!'\w)(?:\.(?=\s\p{Ll}))?`,
      'gu',
    ),
    (_, minus, from = '', to, space, unit = '', power, per) => {
      if (!power && !per && isDoubtful(space, unit)) return undefined;
      const [one = '', many = `${one}s`] = (UNITS[unit] ?? '').split('|');
      const name = isOne(to ?? from) ? one : many;
      const head = `${minus ? 'minus ' : ''}${span(from, to)} ${power ? POWERS[power] : ''}${name}`;
      return per ? `${head} per ${PER[per]}` : head;
    },
  ),
];

/** `5B` and `3K` are more often billions and thousands than bytes and kelvins. */
function isDoubtful(space: string | undefined, unit: string): boolean {
  return (
    (unit === 'B' || unit === 'K' || unit === 'J' || unit === 't' || unit === 'bar') && space === ''
  );
}

function span(from: string, to: string | undefined): string {
  return to === undefined ? numberWords(from) : `${numberWords(from)} to ${numberWords(to)}`;
}

function signed(sign: string | undefined): string {
  if (sign === undefined) return '';
  return sign === '+' ? 'plus ' : 'minus ';
}
