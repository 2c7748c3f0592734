const SMALL =
  `zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze
  seize`.split(/\s+/);
const TENS = [
  '',
  '',
  'vingt',
  'trente',
  'quarante',
  'cinquante',
  'soixante',
  'soixante',
  'quatre-vingt',
  'quatre-vingt',
];

/** Whole numbers and decimals of a French text as words: "21" is "vingt et un". */
export function spellOutFrench(text: string): string {
  return text
    .replace(/(?<=\d)[\u00a0\u202f ](?=\d{3}(?!\d))/g, '')
    .replace(/(?<![\w.,])(\d{1,15})(?:,(\d+))?(?!\w)/g, (_, whole: string, fraction?: string) => {
      const head = frenchCardinal(Number(whole));
      return fraction
        ? `${head} virgule ${Array.from(fraction, (d) => SMALL[Number(d)]).join(' ')}`
        : head;
    });
}

/** A whole number from 0 to 10^15 - 1 in French words (spelling of 1990 only in that "et" has no hyphen). */
export function frenchCardinal(value: number): string {
  if (value < 1000) return hundreds(value, true);
  const parts: string[] = [];
  const scales = [
    [1e12, 'billion'],
    [1e9, 'milliard'],
    [1e6, 'million'],
  ] as const;
  let rest = value;
  for (const [size, name] of scales) {
    const many = Math.floor(rest / size);
    if (many > 0) parts.push(`${hundreds(many, true)} ${name}${many > 1 ? 's' : ''}`);
    rest %= size;
  }
  const thousands = Math.floor(rest / 1000);
  // "mille" takes no "un", and "vingt" and "cent" before it no s.
  if (thousands > 0) parts.push(thousands === 1 ? 'mille' : `${hundreds(thousands, false)} mille`);
  if (rest % 1000 > 0) parts.push(hundreds(rest % 1000, true));
  return parts.join(' ');
}

function hundreds(value: number, last: boolean): string {
  const many = Math.floor(value / 100);
  const rest = value % 100;
  if (many === 0) return underHundred(rest, last);
  const head = many === 1 ? 'cent' : `${SMALL[many]} cent`;
  if (rest === 0) return many > 1 && last ? `${head}s` : head;
  return `${head} ${underHundred(rest, last)}`;
}

function underHundred(value: number, last: boolean): string {
  if (value <= 16) return SMALL[value] ?? '';
  if (value < 20) return `dix-${SMALL[value - 10]}`;
  const ten = Math.floor(value / 10);
  const head = TENS[ten] ?? '';
  // 70 to 79 and 90 to 99 count on from 60 and 80.
  const rest = ten === 7 || ten === 9 ? value - (ten - 1) * 10 : value % 10;
  if (rest === 0) return ten === 8 && last ? `${head}s` : head;
  if (rest === 1 && ten < 7) return `${head} et un`;
  return value === 71 ? 'soixante et onze' : `${head}-${underHundred(rest, last)}`;
}
