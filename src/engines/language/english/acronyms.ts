import { type Rule, rule } from './rule.ts';

const words = (text: string) => new Set(text.trim().split(/\s+/));

/** In capitals, but said as words. */
const SAID_AS_WORDS = words(`
  NASA NATO UNESCO UNICEF OPEC ASEAN NAFTA FIFA UEFA AIDS COVID SARS LASER RADAR SCUBA RAM ROM SIM PIN
  GIF JPEG BIOS CAPTCHA LAN WAN WAF MIDI NASDAQ REST CRUD BASIC COBOL FORTRAN LISP UNIX LINUX BASH YAML
  JSON TOML RAID SWOT SMART ACID AJAX DOS MOOC NIMBY POTUS SCOTUS SWAT TASER YOLO ZIP NIST IKEA LEGO
  CERN CAD CAM DRAM SRAM VRAM ASIC TIFF SAML OAUTH SOAP CORS CUDA LLAMA BERT OSHA ROSA`);

/** Common words that people write in capitals to stress them. */
const STRESSED = words(`
  A I AM AN AND ANY ARE AS AT BE BEST BIG BUT BUY BY CAN DID DO DONE DOWN EACH EVEN EVER EVERY FIRST FOR
  FREE FROM FULL GET GO GOOD HAD HAS HAVE HE HER HERE HIM HIS HOT HOW IF IN INTO IS JUST KEEP KNOW LAST
  LIKE MADE MAKE MANY MAY ME MORE MOST MUST MY NEED NEVER NEW NEXT NO NOT NOTE NOW OF OFF OLD ON ONCE
  ONE ONLY OPEN OR OUR OUT OVER PER PLEASE READ REAL RUN SAME SAY SEE SHE SO SOME STILL STOP SUCH TAKE
  TEST THAN THAT THE THEIR THEM THEN THERE THESE THEY THIS TIME TO TODO TOO TRUE FALSE TRY TWO UP USE
  VERY WAIT WANT WARNING WAS WAY WE WELL WERE WHAT WHEN WHERE WHO WHY WILL WITH WORK YES YOU YOUR ALL
  ALWAYS BOTH HELP IMPORTANT BAD BACK ERROR NULL`);

const RESPELLED: Readonly<Record<string, string>> = {
  OK: 'okay',
  SQL: 'sequel',
  GUI: 'gooey',
  LGTM: 'looks good to me',
  WYSIWYG: 'wizzy wig',
  IEEE: 'I triple E',
  iOS: 'I O S',
  iPhone: 'eye phone',
  iPad: 'eye pad',
  macOS: 'mack O S',
  GHz: 'gigahertz',
  PhD: 'P H D',
  wifi: 'wye fye',
  WiFi: 'wye fye',
  'Wi-Fi': 'wye fye',
  YouTube: 'You Tube',
  ChatGPT: 'Chat G P T',
  JavaScript: 'Java Script',
  TypeScript: 'Type Script',
  GitHub: 'Git Hub',
  vscode: 'V S code',
  regex: 'reg ex',
  async: 'ay sink',
  stdin: 'standard in',
  stdout: 'standard out',
  stderr: 'standard error',
  localhost: 'local host',
  webview: 'web view',
  npm: 'N P M',
  ffmpeg: 'F F M peg',
};
const RESPELLED_WORD = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(${Object.keys(RESPELLED).join('|')})(?![\p{L}\p{N}])`,
  'gu',
);

/** `HTML` is "H T M L", `NASA` a word, `U.S.` "U S", `PDFs` "P D Fs"; shouting is said as words. */
export const acronymRules: readonly Rule[] = [
  rule(RESPELLED_WORD, (_, word = '') => RESPELLED[word]),
  rule(
    /(?<![\p{L}\p{N}])((?:\p{Lu}\.){2,})(\s*$)?/gu,
    (_, letters = '', end) => spell(letters.replaceAll('.', '')) + (end === undefined ? '' : '.'),
  ),
  // Several words in capitals with a common one among them are shouted, not spelled.
  rule(/(?<![\p{L}\p{N}])\p{Lu}{2,}(?:[\s,]+\p{Lu}+){2,}(?![\p{L}\p{N}])/gu, (shouted = '') =>
    shouted.split(/[\s,]+/).some((word) => STRESSED.has(word)) ? shouted.toLowerCase() : undefined,
  ),
  rule(
    /(?<![\p{L}\p{N}])(\p{Lu}{2,6})(s|['’]s)?(?![\p{L}])/gu,
    (_, word = '', plural = '') => sayCapitals(word) + (plural === '' ? '' : "'s"),
  ),
];

/** A text that is all in capitals, as words in lower case; any other one as it is. */
export function calmDown(text: string): string {
  const many = (text.match(/\p{Lu}{2,}/gu) ?? []).length;
  return many >= 3 && !/\p{Ll}/u.test(text) ? text.toLowerCase() : text;
}

function sayCapitals(word: string): string {
  if (SAID_AS_WORDS.has(word) || STRESSED.has(word)) return word.toLowerCase();
  // What has the shape of a word is one, unless it is so short that it is more often letters.
  const sayable = word.length >= 5 && /[AEIOUY]/.test(word) && !/[^AEIOUY]{4}/.test(word);
  return sayable ? word.toLowerCase() : spell(word);
}

/** "A" alone would be said as the article. */
function spell(letters: string): string {
  return Array.from(letters, (letter) => (letter === 'A' ? 'ay' : letter)).join(' ');
}
