import { cardinal, ordinal } from './numbers.ts';
import { type Rule, rule } from './rule.ts';

/** Before a name or anywhere, with their full stop. */
const TITLES: Readonly<Record<string, string>> = {
  'Mr.': 'Mister',
  'Mrs.': 'Missis',
  'Ms.': 'Miz',
  'Prof.': 'Professor',
  'Sr.': 'Senior',
  'Jr.': 'Junior',
  'Gen.': 'General',
  'Col.': 'Colonel',
  'Lt.': 'Lieutenant',
  'Capt.': 'Captain',
  'Sgt.': 'Sergeant',
  'Rev.': 'Reverend',
  'Gov.': 'Governor',
  'Sen.': 'Senator',
  'Rep.': 'Representative',
  'Pres.': 'President',
  'Hon.': 'Honorable',
  'Mt.': 'Mount',
  'Inc.': 'Incorporated',
  'Ltd.': 'Limited',
  'Corp.': 'Corporation',
  'Bros.': 'Brothers',
  'Ave.': 'Avenue',
  'Blvd.': 'Boulevard',
  'Rd.': 'Road',
  'Univ.': 'University',
};

const PHRASES: Readonly<Record<string, string>> = {
  'e.g.': 'for example,',
  'i.e.': 'that is,',
  'etc.': 'et cetera',
  'vs.': 'versus',
  'viz.': 'namely',
  'cf.': 'compare',
  'approx.': 'approximately',
  'ca.': 'about',
  'et al.': 'and others',
  'resp.': 'respectively',
  'incl.': 'including',
  'excl.': 'excluding',
  'dept.': 'department',
  'govt.': 'government',
  'est.': 'established',
  'min.': 'minimum',
  'max.': 'maximum',
  'avg.': 'average',
  'tel.': 'telephone',
  'misc.': 'miscellaneous',
  'w/': 'with',
  'w/o': 'without',
};

/** Before a number. */
const NUMBERED: Readonly<Record<string, string>> = {
  no: 'number',
  nos: 'numbers',
  nr: 'number',
  fig: 'figure',
  figs: 'figures',
  p: 'page',
  pp: 'pages',
  ch: 'chapter',
  vol: 'volume',
  sec: 'section',
  eq: 'equation',
  art: 'article',
  ver: 'version',
};

const quote = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const anyOf = (record: Readonly<Record<string, string>>) =>
  Object.keys(record)
    .sort((a, b) => b.length - a.length)
    .map(quote)
    .join('|');

/** `Dr. Smith`, `St. Paul`, `Main St.`, `e.g.`, `fig. 3`. A full stop that ends the text stays. */
export const abbreviationRules: readonly Rule[] = [
  rule(/\bDr\.(?=\s+\p{Lu})/gu, () => 'Doctor'),
  rule(/\bDr\./g, () => 'Drive'),
  rule(/\bSt\.(?=\s+\p{Lu})/gu, () => 'Saint'),
  rule(/\bSt\./g, () => 'Street'),
  rule(new RegExp(String.raw`\b(${anyOf(TITLES)})(\s*$)?`, 'g'), (_, short = '', end) =>
    end === undefined ? TITLES[short] : `${TITLES[short]}.`,
  ),
  rule(
    new RegExp(String.raw`(?<![\w.]|\d\s)(${anyOf(PHRASES)}),?(\s*$)?`, 'gi'),
    (_, short = '', end) => {
      // "CA." is a state.
      if (short.length > 2 && short === short.toUpperCase()) return undefined;
      const phrase = PHRASES[short.toLowerCase()] ?? short;
      return end === undefined ? phrase : `${phrase.replace(/,$/, '')}.`;
    },
  ),
  rule(new RegExp(String.raw`\b(${anyOf(NUMBERED)})\.\s?(?=\d)`, 'gi'), (_, short = '') => {
    const word = NUMBERED[short.toLowerCase()] ?? short;
    return `${/^\p{Lu}/u.test(short) ? word.charAt(0).toUpperCase() + word.slice(1) : word} `;
  }),
];

const ROMAN: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100 };
const KINGS =
  `Henry Louis Charles George Edward Richard William James John Philip Frederick Napoleon
  Elizabeth Mary Catherine Peter Alexander Nicholas Ivan Leopold Otto Ferdinand Ramesses Ramses
  Ptolemy Pius Gregory Benedict Clement Leo Innocent Urban Boniface Paul Francis Albert Alfonso
  Gustav Christian Harald Haakon Olav Umberto Victor Rudolf Maximilian Robert Malcolm`.split(/\s+/);
const CHAPTERS =
  `Chapter Part Act Scene Book Volume Section Article Title Level Stage Phase Type Class
  Grade War Bowl Appendix Figure Table Canto Mark Apollo Symphony`.split(/\s+/);

/** `Henry VIII` is "Henry the eighth", `Part IV` "Part four". */
export const romanRules: readonly Rule[] = [
  rule(
    new RegExp(String.raw`\b(${CHAPTERS.join('|')}) ([IVXLC]+)\b`, 'g'),
    (_, word, roman = '') => {
      const value = romanValue(roman);
      return value ? `${word} ${cardinal(value)}` : undefined;
    },
  ),
  rule(
    new RegExp(String.raw`\b(${KINGS.join('|')}) ([IVXL]+)\b(?!\.\s?\p{Lu})`, 'gu'),
    (_, name, roman = '') => {
      const value = romanValue(roman);
      // "Malcolm X" and "when James I call" are no kings; "Charles V" is, and so is "Pius X".
      if (!value || (roman === 'I' && name !== 'Elizabeth' && name !== 'Napoleon'))
        return undefined;
      if (name === 'Malcolm' && roman === 'X') return undefined;
      return `${name} the ${ordinal(value)}`;
    },
  ),
];

function romanValue(roman: string): number | undefined {
  if (!/^(?:C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$/.test(roman)) return undefined;
  const values = Array.from(roman, (letter) => ROMAN[letter] ?? 0);
  return values.reduce(
    (sum, value, index) => sum + (value < (values[index + 1] ?? 0) ? -value : value),
    0,
  );
}
