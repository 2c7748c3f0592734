import { describe, expect, test } from 'vitest';
import { classify } from '../../../src/engines/understanding/classify.ts';
import { countEntities, findEntities } from '../../../src/engines/understanding/entities.ts';
import { actionsIn, questionsIn } from '../../../src/engines/understanding/insights/asks.ts';
import { insightsOf } from '../../../src/engines/understanding/insights/insights.ts';
import { loadEmbedder } from '../../../src/engines/understanding/load.ts';
import { sourceOfText } from '../../../src/engines/understanding/source.ts';
import { extract, wordVectors } from '../../../src/engines/understanding/summary.ts';
import { MEETING } from '../../support/meeting.ts';

const text = MEETING.map(([, line]) => line).join(' ');
const source = await sourceOfText(text);
const { signal } = new AbortController();
const embedder = loadEmbedder({ signal, onLoad: () => {}, log: () => {} });

test('a text is cut into its sentences, in the language that it is in', async () => {
  expect(source.language).toBe('en');
  for (const { text: sentence, from } of source.passages) {
    expect(text.slice(from, from + sentence.length)).toBe(sentence);
  }
  expect((await sourceOfText('Le pont ouvre en septembre si le temps est beau.')).language).toBe(
    'fr',
  );
});

describe('entities', () => {
  const entities = findEntities(source);
  const of = (type: string): string[] =>
    countEntities(entities).flatMap((one) => (one.type === type ? [one.text] : []));

  test('are what the text names, at their places, none inside another', async () => {
    let before = 0;
    for (const { text: named, from, to } of entities) {
      expect(text.slice(from, to)).toBe(named);
      expect(from).toBeGreaterThanOrEqual(before);
      before = to;
    }
    expect(of('person')).toEqual(
      expect.arrayContaining(['Laura Miller', 'Sarah Johnson', 'David Brown', 'Emily Davis']),
    );
    expect(of('place')).toEqual(
      expect.arrayContaining([
        'Seattle',
        'Chicago',
        'Germany',
        'New York',
        'Hamburg',
        'Boston',
        'Paris',
      ]),
    );
    expect(of('organisation')).toContain('Microsoft');
    expect(of('money')).toEqual(
      expect.arrayContaining(['two million dollars', 'five thousand dollars']),
    );
    expect(of('date').join(' ')).toMatch(/September.*Friday|Friday.*September/);
  });

  test('only of the kinds that are wanted', async () => {
    const places = findEntities(source, ['place']);
    expect(new Set(places.map(({ type }) => type))).toEqual(new Set(['place']));
  });

  test('hostile texts are texts', async () => {
    for (const hostile of [
      '',
      ' ',
      '\u0000',
      '😀'.repeat(500),
      '((((',
      'a'.repeat(20_000),
      '‮abc',
    ]) {
      expect(Array.isArray(findEntities(await sourceOfText(hostile, 'en')))).toBe(true);
    }
  });
});

test('the labels that fit come first, with the sentences that say so', async () => {
  const labels = ['bridge construction', 'cooking', 'football', 'medicine'];
  const scores = await classify(source, labels, await embedder, signal);
  expect(scores[0]?.label).toBe('bridge construction');
  expect(scores[0]?.score).toBeGreaterThan(0.6);
  expect(scores.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 1);
  const kitchen = await sourceOfText(
    'Chop the onions. Fry them in butter, then add salt and pepper.',
    'en',
  );
  expect((await classify(kitchen, labels, await embedder, signal))[0]?.label).toBe('cooking');
  // A label may say what it means.
  const meant = { A: 'Somebody prepares food.', B: 'Somebody plays with a ball.' };
  expect((await classify(kitchen, meant, await embedder, signal))[0]?.label).toBe('A');
  expect(await classify(await sourceOfText('', 'en'), labels, await embedder, signal)).toEqual([]);
});

describe('the summary', () => {
  const repeated = [
    'The bridge opens in September.',
    'I had soup for lunch at noon today.',
    'The new bridge will be opened in September.',
    'The opening of the bridge is in September this year.',
    'My sister likes red shoes and hats.',
  ].join(' ');

  test('says what many sentences say, once', async () => {
    const of = await sourceOfText(repeated, 'en');
    const vectors = await (await embedder).embed(of.passages.map((passage) => passage.text));
    const [only] = extract(of, vectors, 1);
    expect(only?.text).toMatch(/bridge/);
    const two = extract(of, vectors, 2).map((passage) => passage.text);
    expect(two.filter((sentence) => /bridge/.test(sentence))).toHaveLength(1);
  });

  test('has as many sentences as are wanted, in their order, in any language', async () => {
    const german = await sourceOfText(
      'Die Brücke wird im September eröffnet. Heute gab es im Büro eine gute Suppe. Im September wird die neue Brücke für alle eröffnet. Die Brücke ist im September endlich ganz fertig.',
      'de',
    );
    const vectors = wordVectors(
      german.passages.map((passage) => passage.text),
      'de',
    );
    const found = extract(german, vectors, 2);
    expect(found.map((passage) => passage.from)).toEqual(
      found.map((passage) => passage.from).toSorted((a, b) => a - b),
    );
    expect(found[0]?.text).toMatch(/Brücke/);
    expect(extract(await sourceOfText('', 'en'), [], 3)).toEqual([]);
  });
});

describe('insights', () => {
  test('questions are found by their mark, and in English without it', async () => {
    const questions = questionsIn(source).map((one) => one.text);
    expect(questions).toHaveLength(MEETING.filter(([, line]) => line.includes('?')).length);
    expect(
      questionsIn(await sourceOfText('When does it open\n\nIt opens today.', 'en')),
    ).toHaveLength(1);
    expect(questionsIn(await sourceOfText('Wann öffnet sie? Heute.', 'de'))).toHaveLength(1);
  });

  test('what is to be done is found, and until when', async () => {
    const actions = actionsIn(source);
    const said = actions.map((one) => one.text);
    for (const line of [
      'We need to send that report to the city by Friday.',
      'I will write the report tomorrow and send it to David Brown for review.',
      'Make sure that every worker wears a helmet, also in the office building.',
      'We must check all the ropes and chains before the next storm.',
      'Please remember to order the flags early.',
    ]) {
      expect(said).toContain(line);
    }
    for (const line of ['The team is happy.', 'It will not happen again.', 'That was a sad day.']) {
      expect(said).not.toContain(line);
    }
    expect(actions.find((one) => /Friday/.test(one.text))?.due).toBe('Friday');
  });

  test('mood goes up and down with the text', async () => {
    const { mood } = insightsOf(source, 10);
    expect(mood?.label).toBe('positive');
    expect(mood?.worst[0]?.text).toMatch(/terrible|worst|bad|hurt|accident/);
    expect(mood?.best[0]?.text).toMatch(/love|wonderful|happy|good|great|excited|thank/i);
  });

  test('key phrases say what it is about', async () => {
    const { phrases = [] } = insightsOf(source, 15);
    expect(phrases).toHaveLength(15);
    expect(phrases.map(({ phrase }) => phrase).join(', ')).toMatch(/bridge/);
    for (const { first, phrase } of phrases) {
      const said = text.slice(first.from, first.to).replace(/\s+/g, ' ');
      // Names are written as such.
      expect([said, said.toLowerCase()]).toContain(phrase);
    }
  });

  test('pace and pauses are those of the recording', async () => {
    const words = ['one', 'two', 'three', 'four'].map((word, index) => ({
      text: word,
      start: index * 20,
      end: index * 20 + 1,
    }));
    const { pace } = insightsOf(
      {
        text: 'one two three four',
        language: 'en',
        passages: [{ text: 'one two three four', from: 0, start: 0, end: 61, words }],
        recording: {
          seconds: 100,
          speech: words.map(({ start, end }) => ({ start, end })),
        },
      },
      5,
    );
    expect(pace).toMatchObject({ words: 4, talk: 4, silence: 96, wordsPerMinute: 60 });
    expect(pace?.byMinute).toEqual([
      { minute: 0, words: 3 },
      { minute: 1, words: 1 },
    ]);
    expect(pace?.pauses).toContainEqual({ start: 61, end: 100 });
  });

  test('what cannot be told of a language is not there', async () => {
    const french = insightsOf(await sourceOfText('Le pont est beau. Quand ouvre-t-il ?', 'fr'), 5);
    expect(french.mood).toBeUndefined();
    expect(french.phrases).toBeUndefined();
    expect(french.questions).toHaveLength(1);
  });
});
