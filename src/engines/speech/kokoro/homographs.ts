import { wink } from '../../language/wink.ts';

/** Words that are said in one way as a verb and in another as anything else. */
const VERB_AND_OTHER: Readonly<Record<string, readonly [verb: string, other: string]>> = {
  absent: ['AH0 B S EH1 N T', 'AE1 B S AH0 N T'],
  abstract: ['AE0 B S T R AE1 K T', 'AE1 B S T R AE2 K T'],
  abuse: ['AH0 B Y UW1 Z', 'AH0 B Y UW1 S'],
  advocate: ['AE1 D V AH0 K EY2 T', 'AE1 D V AH0 K AH0 T'],
  alternate: ['AO1 L T ER0 N EY2 T', 'AO1 L T ER0 N AH0 T'],
  appropriate: ['AH0 P R OW1 P R IY0 EY2 T', 'AH0 P R OW1 P R IY0 AH0 T'],
  approximate: ['AH0 P R AA1 K S AH0 M EY2 T', 'AH0 P R AA1 K S AH0 M AH0 T'],
  associate: ['AH0 S OW1 S IY0 EY2 T', 'AH0 S OW1 S IY0 AH0 T'],
  attribute: ['AH0 T R IH1 B Y UW2 T', 'AE1 T R IH0 B Y UW0 T'],
  close: ['K L OW1 Z', 'K L OW1 S'],
  combine: ['K AH0 M B AY1 N', 'K AA1 M B AY0 N'],
  conduct: ['K AH0 N D AH1 K T', 'K AA1 N D AH0 K T'],
  conflict: ['K AH0 N F L IH1 K T', 'K AA1 N F L IH0 K T'],
  console: ['K AH0 N S OW1 L', 'K AA1 N S OW0 L'],
  contest: ['K AH0 N T EH1 S T', 'K AA1 N T EH0 S T'],
  contract: ['K AH0 N T R AE1 K T', 'K AA1 N T R AE2 K T'],
  contrast: ['K AH0 N T R AE1 S T', 'K AA1 N T R AE0 S T'],
  convert: ['K AH0 N V ER1 T', 'K AA1 N V ER0 T'],
  decrease: ['D IH0 K R IY1 S', 'D IY1 K R IY2 S'],
  defect: ['D IH0 F EH1 K T', 'D IY1 F EH0 K T'],
  delegate: ['D EH1 L AH0 G EY2 T', 'D EH1 L AH0 G AH0 T'],
  deliberate: ['D IH0 L IH1 B ER0 EY2 T', 'D IH0 L IH1 B ER0 AH0 T'],
  duplicate: ['D UW1 P L AH0 K EY2 T', 'D UW1 P L AH0 K AH0 T'],
  elaborate: ['IH0 L AE1 B ER0 EY2 T', 'IH0 L AE1 B R AH0 T'],
  estimate: ['EH1 S T AH0 M EY2 T', 'EH1 S T AH0 M AH0 T'],
  excuse: ['IH0 K S K Y UW1 Z', 'IH0 K S K Y UW1 S'],
  export: ['IH0 K S P AO1 R T', 'EH1 K S P AO0 R T'],
  extract: ['IH0 K S T R AE1 K T', 'EH1 K S T R AE2 K T'],
  graduate: ['G R AE1 JH AH0 W EY2 T', 'G R AE1 JH AH0 W AH0 T'],
  house: ['HH AW1 Z', 'HH AW1 S'],
  import: ['IH0 M P AO1 R T', 'IH1 M P AO2 R T'],
  increase: ['IH0 N K R IY1 S', 'IH1 N K R IY2 S'],
  insert: ['IH0 N S ER1 T', 'IH1 N S ER2 T'],
  live: ['L IH1 V', 'L AY1 V'],
  moderate: ['M AA1 D ER0 EY2 T', 'M AA1 D ER0 AH0 T'],
  object: ['AH0 B JH EH1 K T', 'AA1 B JH EH0 K T'],
  perfect: ['P ER0 F EH1 K T', 'P ER1 F IH2 K T'],
  permit: ['P ER0 M IH1 T', 'P ER1 M IH2 T'],
  present: ['P R IY0 Z EH1 N T', 'P R EH1 Z AH0 N T'],
  produce: ['P R AH0 D UW1 S', 'P R OW1 D UW0 S'],
  progress: ['P R AH0 G R EH1 S', 'P R AA1 G R EH2 S'],
  project: ['P R AH0 JH EH1 K T', 'P R AA1 JH EH0 K T'],
  protest: ['P R AH0 T EH1 S T', 'P R OW1 T EH2 S T'],
  rebel: ['R IH0 B EH1 L', 'R EH1 B AH0 L'],
  record: ['R IH0 K AO1 R D', 'R EH1 K ER0 D'],
  refuse: ['R AH0 F Y UW1 Z', 'R EH1 F Y UW2 Z'],
  separate: ['S EH1 P ER0 EY2 T', 'S EH1 P ER0 AH0 T'],
  subject: ['S AH0 B JH EH1 K T', 'S AH1 B JH IH0 K T'],
  suspect: ['S AH0 S P EH1 K T', 'S AH1 S P EH2 K T'],
  transfer: ['T R AE0 N S F ER1', 'T R AE1 N S F ER0'],
  transport: ['T R AE0 N S P AO1 R T', 'T R AE1 N S P AO0 R T'],
  upset: ['AH0 P S EH1 T', 'AH1 P S EH2 T'],
  use: ['Y UW1 Z', 'Y UW1 S'],
};

const AFTER_HAVE = /\b(?:have|has|had|having|'ve|was|were|is|are|been|be|being|got|he|she|it)\b/i;

/**
 * How the homographs of a sentence are said, in the order in which they stand in it, by their part
 * of speech: a list of ARPAbet for each word that is one.
 */
export function readHomographs(sentence: string): Map<string, string[][]> {
  const found = new Map<string, string[][]>();
  const add = (word: string, phones: string) => {
    found.set(word, [...(found.get(word) ?? []), phones.split(' ')]);
  };
  if (!/\p{Ll}/u.test(sentence)) return found;
  const nlp = wink();
  const tokens = nlp.readDoc(sentence).tokens();
  const words = tokens.out(nlp.its.value);
  const parts = tokens.out(nlp.its.pos);
  for (const [index, value] of words.entries()) {
    const word = value.toLowerCase();
    const entry = Object.hasOwn(VERB_AND_OTHER, word) ? VERB_AND_OTHER[word] : undefined;
    if (entry) add(word, parts[index] === 'VERB' ? entry[0] : entry[1]);
    if (word === 'read') {
      const before = words.slice(Math.max(0, index - 2), index).join(' ');
      const asked = /\b(?:to|will|can|could|should|would|must|may|did|do|does|not|n't)\b/i;
      add(word, AFTER_HAVE.test(before) && !asked.test(before) ? 'R EH1 D' : 'R IY1 D');
    }
  }
  return found;
}
