import { describe, expect, it } from 'vitest';
import { arpabetToKokoro } from '../../../src/engines/speech/kokoro/arpabet.ts';
import { Lexicon } from '../../../src/engines/speech/kokoro/lexicon.ts';
import { sentenceToPhonemes } from '../../../src/engines/speech/kokoro/phonemes.ts';

const dictionary = Object.fromEntries(
  Object.entries({
    A: 'AH0',
    APPLE: 'AE1 P AH0 L',
    CAFE: 'K AH0 F EY1',
    CAT: 'K AE1 T',
    DOG: 'D AO1 G',
    DOGS: 'D AO1 G Z',
    HAS: 'HH AE1 Z',
    HE: 'HH IY1',
    HELLO: 'HH AH0 L OW1',
    IN: 'IH0 N',
    IT: 'IH1 T',
    LIST: 'L IH1 S T',
    PLAY: 'P L EY1',
    THE: 'DH AH0',
    TO: 'T UW1',
    WATER: 'W AO1 T ER0',
    WILL: 'W IH1 L',
    WORLD: 'W ER1 L D',
    RECORD: 'R AH0 K AO1 R D',
    WE: 'W IY1',
    BUS: 'B AH1 S',
    DICTIONARY: 'D IH1 K SH AH0 N EH2 R IY0',
  }).map(([word, phones]) => [word, phones.split(' ')]),
);

const guessed: string[] = [];
const lexicon = new Lexicon(dictionary, {
  predict(word) {
    guessed.push(word);
    return ['G', 'EH1', 'S'];
  },
});
const say = (sentence: string) => sentenceToPhonemes(sentence, lexicon);

it('writes ARPAbet as Kokoro reads it', () => {
  expect(arpabetToKokoro(['HH', 'AH0', 'L', 'OW1'])).toBe('həlˈO');
  expect(arpabetToKokoro(['W', 'AO1', 'T', 'ER0'])).toBe('wˈɔTəɹ');
  expect(arpabetToKokoro(['CH', 'ER1', 'CH'])).toBe('ʧˈɜɹʧ');
  expect(arpabetToKokoro(['D', 'IH1', 'K', 'SH', 'AH0', 'N', 'EH2', 'R', 'IY0'])).toBe(
    'dˈɪkʃənˌɛɹi',
  );
});

describe('sentenceToPhonemes', () => {
  it.each([
    ['Hello, world!', 'həlˈO, wˈɜɹld!'],
    ['The cat', 'ðə kˈæt'],
    ['the apple', 'ði ˈæpəl'],
    ['A dog (in water).', 'ɐ dˈɔɡ (ɪn wˈɔTəɹ).'],
    ['to the dog', 'tə ðə dˈɔɡ'],
    ['It has it.', 'ɪt hæz ˈɪt.'],
    ['café', 'kəfˈA'],
    ["the cat's playlist", 'ðə kˈæts plˈAlˌɪst'],
    ['P D F', 'pˈi dˈi ˈɛf'],
    ['the bus’s dogs', 'ðə bˈʌsɪz dˈɔɡz'],
  ])('%j', (sentence, phonemes) => {
    expect(say(sentence)).toBe(phonemes);
  });

  it('tells verbs from nouns', () => {
    expect(say('He will record it.')).toContain('ɹɪkˈɔɹd');
    expect(say('The record has it.')).toContain('ɹˈɛkəɹd');
    expect(say('We read it.')).toContain('ɹˈid');
    expect(say('He has read it.')).toContain('ɹˈɛd');
  });

  it('asks the network for words that are no compound, once each', () => {
    say('Zorblax zorblax dogcat');
    expect(guessed).toEqual(['zorblax', 'dogcat']);
  });

  it('spells what nobody can say as a word', () => {
    expect(say('xkcd')).toBe('ˈɛkskˈAsˈidˈi');
  });

  it.each(['', '...', '你好', 'привет', '👍', '— —'])('says nothing of %j', (sentence) => {
    expect(say(sentence)).toBe('');
  });
});
