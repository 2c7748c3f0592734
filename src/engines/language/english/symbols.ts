import { siteName } from '../site-name.ts';
import { NUMBER } from './numbers.ts';
import { type Rule, rule } from './rule.ts';

const GREEK =
  `alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho
  sigma sigma tau upsilon phi chi psi omega`.split(/\s+/);

const NAMES: Readonly<Record<string, string>> = {
  '&': 'and',
  '≠': 'is not equal to',
  '≈': 'is about',
  '≤': 'is at most',
  '≥': 'is at least',
  '±': 'plus or minus',
  '÷': 'divided by',
  '×': 'times',
  '√': 'the square root of',
  '∞': 'infinity',
  '∑': 'the sum of',
  '∫': 'the integral of',
  '∂': 'partial',
  '∈': 'in',
  '→': 'to',
  '⇒': 'implies',
  '↔': 'to and from',
  '←': 'from',
  '∪': 'union',
  '∩': 'intersection',
  '∅': 'the empty set',
  '°': 'degrees',
  '§': 'section',
  '¶': 'paragraph',
  '№': 'number',
  '%': 'percent',
  '€': 'euro',
  '£': 'pound',
  $: 'dollar',
  '∀': 'for all',
  '∃': 'there is',
  '¬': 'not',
  '∧': 'and',
  '∨': 'or',
  '⊂': 'is a subset of',
  '≡': 'is identical to',
};

const EMOJI: Readonly<Record<string, string>> = {
  '❤': 'heart',
  '👍': 'thumbs up',
  '👎': 'thumbs down',
  '✅': 'check',
  '✔': 'check',
  '✓': 'check',
  '❌': 'cross',
  '⚠': 'warning',
  '🎉': 'party',
  '🔥': 'fire',
  '🚀': 'rocket',
  '⭐': 'star',
  '💡': 'idea',
};

const DOTS = String.raw`(?:[\p{L}\p{N}-]+\.)+`;
const DOMAIN = `${DOTS}(?:com|org|net|edu|gov|io|dev|ai|co|uk|de|fr|eu|ca|info|app|tv|me)`;

/** Addresses, before anything else takes their dots and digits apart. */
export const addressRules: readonly Rule[] = [
  rule(/\b(?:https?|ftp):\/\/[^\s<>"']+/gi, (url = '') => {
    const [end = ''] = /[.,;:!?)\]]*$/.exec(url) ?? [];
    return sayDots(siteName(url.slice(0, url.length - end.length))) + end;
  }),
  rule(
    /(?<![\w.+-])([\w.+-]{1,64})@((?:[\w-]{1,63}\.){1,8}\p{L}{2,})/gu,
    (_, mailbox = '', domain = '') => `${sayDots(mailbox)} at ${sayDots(domain)}`,
  ),
  rule(
    new RegExp(
      String.raw`(?<![\p{L}\p{N}@.])(?:www\.)?(${DOMAIN})(?:/[^\s,;!?)]*[^\s.,;!?)])?(?![\p{L}\p{N}])`,
      'gu',
    ),
    (_, domain = '') => sayDots(domain),
  ),
  rule(
    /(?<![\p{L}\p{N}])(\.?)([\p{L}\p{N}_-]+)\.(js|ts|json|py|md|txt|html|css|yaml|yml|toml|csv|pdf|png|jpg|mp3|wav|exe|sh|zip)\b/gu,
    (_, dot, name = '', ending = '') =>
      `${dot ? 'dot ' : ''}${name.replace(/[_-]/g, ' ')} dot ${/^(?:json|yaml|toml|zip|exe)$/.test(ending) ? ending : ending.toUpperCase()}`,
  ),
  // Inside a name, as in "Node.js" and "asp.net" where no ending was known.
  rule(/(?<=\p{L})\.(?=\p{Ll}{2})/gu, () => ' dot '),
];

/** Before numbers are read. */
export const mathRules: readonly Rule[] = [
  rule(/(?<=[\w)²³])\s?\^\s?(-?\d+)/g, (_, power = '') =>
    power === '2' ? ' squared' : power === '3' ? ' cubed' : ` to the power of ${power}`,
  ),
  rule(/(?<=[\w)])²/g, () => ' squared'),
  rule(/(?<=[\w)])³/g, () => ' cubed'),
  rule(/<=|=<|≦/g, () => ' ≤ '),
  rule(/>=|≧/g, () => ' ≥ '),
  rule(/!=/g, () => ' ≠ '),
  rule(/[=-]+>/g, () => ' → '),
  rule(/[<][=-]+/g, () => ' ← '),
  rule(new RegExp(String.raw`[~≈]\s?(?=[$€£]?${NUMBER})`, 'g'), () => 'about '),
  rule(/#\s?(?=\d)/g, () => 'number '),
  rule(/(?<![\p{L}\p{N}&])#(?=\p{L})/gu, () => 'hashtag '),
  rule(/\b[Cc]\+\+/g, () => 'C plus plus'),
  rule(/\bC#/g, () => 'C sharp'),
  rule(/(?<=[\w)])\s?\+\s?(?=[\w(])/g, () => ' plus '),
  rule(/(?<=\d)\s?\*\s?(?=\d)/g, () => ' times '),
  rule(/(?<=\w)\s-\s(?=\d)/g, () => ' minus '),
  rule(/(?<=[\w)])\s?={1,3}\s?(?=[\w("'\-−$])/g, () => ' equals '),
  rule(/(?<=[\w)]\s?)<(?=\s?[\w(\-$])/g, () => ' is less than '),
  rule(/(?<=[\w)]\s?)>(?=\s?[\w(\-$])/g, () => ' is more than '),
  rule(/(?<=\d)\+(?!\w)/g, () => ' plus'),
];

/** Last: what is left of signs, as words or as nothing. */
export const symbolRules: readonly Rule[] = [
  rule(/(?<=\p{Ll})\/(?=\p{Ll})/gu, () => ' or '),
  rule(/\band or or\b/g, () => 'and or'),
  rule(/(?<!\p{L})@(?=\p{L})/gu, () => 'at '),
  rule(/\s@\s/g, () => ' at '),
  rule(new RegExp(`[${Object.keys(NAMES).join('')}]`, 'gu'), (sign = '') => ` ${NAMES[sign]} `),
  rule(/[\u03b1-\u03c9]/g, (letter = '') => ` ${GREEK[letter.charCodeAt(0) - 0x3b1]} `),
  rule(/[ΓΔΘΛΞΠΣΦΨΩ]/g, (letter = '') => ` ${GREEK[letter.charCodeAt(0) - 0x391]} `),
  rule(/[✓✔✅❤❌⚠⭐]|\p{Extended_Pictographic}/gu, (sign = '') =>
    EMOJI[sign] ? ` ${EMOJI[sign]}, ` : ' ',
  ),
  rule(/[\u{1f3fb}-\u{1f3ff}]|\ufe0f|\u200d|\u20e3/gu, () => ''),
  rule(/\s[|•·]\s/g, () => ', '),
  rule(/[*_~^`|\\<>{}[\]=+#@•·©®™†‡]+/g, () => ' '),
  rule(/\s?\/\s?/g, () => ' '),
];

function sayDots(name: string): string {
  return name
    .replace(/[-_]/g, ' ')
    .replace(/\+/g, ' plus ')
    .replaceAll('.', ' dot ')
    .replace(/\bcom\b/g, 'com')
    .replace(/\b(?:io|ai|tv|uk|eu|fr|de|ca)$/, (end) => end.toUpperCase());
}
