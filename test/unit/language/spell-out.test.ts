import { describe, expect, it } from 'vitest';
import { frenchCardinal } from '../../../src/engines/language/french.ts';
import { spellOut } from '../../../src/engines/language/spell-out.ts';

const ENGLISH: readonly (readonly [written: string, spoken: string])[] = [
  // Whole numbers and decimals
  ['0 and 7 and 13', 'zero and seven and thirteen'],
  ['105 of 1,250', 'one hundred five of one thousand two hundred fifty'],
  [
    '1,234,567.89',
    'one million two hundred thirty-four thousand five hundred sixty-seven point eight nine',
  ],
  ['007 had .5', 'zero zero seven had point five'],
  ['-5 and −5', 'minus five and minus five'],
  [
    '1st, 2nd, 3rd, 12th, 21st, 100th',
    'first, second, third, twelfth, twenty-first, one hundredth',
  ],
  [
    '½, 1½, 2 1/2, 3/4, 24/7',
    'one half, one and a half, two and a half, three quarters, twenty-four seven',
  ],
  ['10–20 and 5-10 days', 'ten to twenty and five to ten days'],
  ['v2.0.1 and 1.2.3', 'version two point zero point one and one point two point three'],
  [
    '50k, 3x, 4x4, 1920x1080',
    'fifty thousand, three times, four by four, one thousand nine hundred twenty by one thousand eighty',
  ],
  ['mp3 in 3D', 'mp three in three D'],
  // Years and dates
  [
    'in 1066, 1984, 2005 and 2010',
    'in ten sixty-six, nineteen eighty-four, two thousand five and twenty ten',
  ],
  ["the 1990s and the '80s", 'the nineteen nineties and the eighties'],
  ['1914–1918', 'nineteen fourteen to nineteen eighteen'],
  ['2024-05-03', 'May third, twenty twenty-four'],
  ['3 May 2024', 'the third of May, twenty twenty-four'],
  ['May 3rd, 2024', 'May third, twenty twenty-four'],
  [
    '5/3/2024 or 25/12/2023',
    'May third, twenty twenty-four or December twenty-fifth, twenty twenty-three',
  ],
  ['1500 people', 'one thousand five hundred people'],
  // Times
  ['14:30, 9:00, 2:05 pm, 00:00', "fourteen thirty, nine o'clock, two oh five p m, midnight"],
  ['It ends at 5 p.m.', 'It ends at five p m.'],
  ['10:30-11:00', "ten thirty to eleven o'clock"],
  ['1:23:45', 'one hour twenty-three minutes forty-five seconds'],
  // Money, percent, units
  ['$3.50', 'three dollars and fifty cents'],
  ['$1, $0.99, $1.2k', 'one dollar, ninety-nine cents, one point two thousand dollars'],
  ['€5 million and 20 GBP', 'five million euros and twenty pounds'],
  ['50% or 50-60%', 'fifty percent or fifty to sixty percent'],
  ['1 km, 5 km, 90 km/h', 'one kilometer, five kilometers, ninety kilometers per hour'],
  [
    '20 m², 16 GB, 100ms, 30s',
    'twenty square meters, sixteen gigabytes, one hundred milliseconds, thirty seconds',
  ],
  ['-3°C, 45°, 1 °F', 'minus three degrees Celsius, forty-five degrees, one degree Fahrenheit'],
  ['5\'11"', 'five feet eleven inches'],
  // Telephone
  ['+1 (555) 123-4567', 'plus one, five five five, one two three, four five six seven'],
  ['555-1234', 'five five five, one two three four'],
  // Abbreviations, acronyms, roman numerals
  ['Dr. Smith of Main St. met Mrs. Jones', 'Doctor Smith of Main Street met Missis Jones'],
  ['St. Paul, e.g. here, i.e. there', 'Saint Paul, for example, here, that is, there'],
  ['Apples, pears, etc.', 'Apples, pears, et cetera.'],
  ['fig. 3, pp. 3-5, No. 5', 'figure three, pages three to five, Number five'],
  ['NASA, HTML, the U.S., PDFs', "nasa, H T M L, the U S, P D F's"],
  ['USA and AI', 'U S ay and ay I'],
  ['DO NOT ENTER THE ROOM', 'do not enter the room'],
  ['Henry VIII, World War II, Part IV', 'Henry the eighth, World War two, Part four'],
  ['Malcolm X', 'Malcolm X'],
  // Signs and addresses
  ['x = 5 + 3', 'x equals five plus three'],
  ['a^2 ≤ b³', 'a squared is at most b cubed'],
  ['5 × 3 and 6 ÷ 2', 'five times three and six divided by two'],
  ['joe@example.com', 'joe at example dot com'],
  ['See https://www.example.com/a?b=1.', 'See example dot com.'],
  ['main.ts and Node.js', 'main dot T S and Node dot J S'],
  ['he/she & TCP/IP', 'he or she and T C P I P'],
  ['Well done 👍🏽!', 'Well done thumbs up!'],
  ['snake_case **bold** `code`', 'snake case bold code'],
  ["It's John's; don't.", "It's John's; don't."],
];

describe('spellOut', () => {
  it.each(ENGLISH)('%j is said %j', (written, spoken) => {
    expect(spellOut(written)).toBe(spoken);
  });

  it('says no digit and no sign that a voice cannot say', () => {
    for (const [written] of ENGLISH) expect(spellOut(written)).not.toMatch(/[\d#$%^&*=+<>|\\]/);
  });

  it('is the same when done twice', () => {
    for (const [, spoken] of ENGLISH.filter(([, said]) => !/[A-Z]{2}|com|J S|T S/.test(said))) {
      expect(spellOut(spoken)).toBe(spoken);
    }
  });

  it('leaves other languages alone', () => {
    expect(spellOut('Das kostet 5 €.', 'de')).toBe('Das kostet 5 €.');
  });
});

describe('French', () => {
  it.each([
    [0, 'zéro'],
    [21, 'vingt et un'],
    [71, 'soixante et onze'],
    [80, 'quatre-vingts'],
    [81, 'quatre-vingt-un'],
    [97, 'quatre-vingt-dix-sept'],
    [200, 'deux cents'],
    [201, 'deux cent un'],
    [1000, 'mille'],
    [80_000, 'quatre-vingt mille'],
    [1_999_001, 'un million neuf cent quatre-vingt-dix-neuf mille un'],
  ])('%d is %j', (value, words) => {
    expect(frenchCardinal(value)).toBe(words);
  });

  it('finds numbers in a text', () => {
    expect(spellOut('Il a 1 250 pages et 3,5 kg.', 'fr')).toBe(
      'Il a mille deux cent cinquante pages et trois virgule cinq kg.',
    );
  });
});
