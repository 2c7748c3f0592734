import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decodeSound } from '../../../src/engines/sound/decode.ts';
import { answerSound, VOICE_RATE } from '../../support/fake-voice.ts';
import { makeWorkspace, type Outcome, ofType, sluice } from '../../support/sluice.ts';
import { type FakeEndpoint, fakeEndpoint, refuse, stream } from '../text/fake-endpoint.ts';

const SENTENCES = [
  'Plants make food.',
  'They use the light of the sun.',
  'Water comes from the ground.',
  'Air gives the rest.',
];
const TEXT = SENTENCES.join(' ');

/** One endpoint writes, the other one speaks: a hundredth of a second a character. */
let writer: FakeEndpoint;
let speaker: FakeEndpoint;
/** Whether the voice fails at a text; told how often it was asked for it before. */
let fails: (text: string, before: number) => boolean;
beforeEach(async () => {
  writer = await fakeEndpoint();
  speaker = await fakeEndpoint();
  fails = () => false;
  writer.answer = (response) => stream(response, TEXT.split(/(?<= )/));
  speaker.answer = (response, { body }) => {
    const text = String(body['input']);
    const before = spoken().filter((other) => other === text).length - 1;
    if (fails(text, before)) refuse(response, 500, { message: 'no voice' });
    else void answerSound(response, text);
  };
});
afterEach(() => Promise.all([writer.close(), speaker.close()]));

/** The texts that the voice was asked for, in order. */
const spoken = (): string[] => speaker.asked.map(({ body }) => String(body['input']));

interface Lesson extends Outcome {
  readonly text: string;
  readonly chunks: { said: string; start: number; end: number; gap?: boolean }[];
  readonly notes: string[];
  readonly folder: string;
}

async function lesson(options = '', retries = 2): Promise<Lesson> {
  const folder = makeWorkspace({
    'b.batch.yaml': `
inputs: [Plants]
steps:
  - uses: write
    with: { engine: openai, baseUrl: "${writer.baseUrl}", model: m, timeout: 5 }
    output: out/lesson.md
  - uses: speak
    with: { engine: openai, baseUrl: "${speaker.baseUrl}", timings: true ${options} }
output: out/lesson.wav
retries: ${retries}
backoff: 100ms
`,
  });
  const outcome = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  const read = (name: string): string =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '';
  return {
    ...outcome,
    folder,
    text: read('out/lesson.md'),
    chunks: JSON.parse(read('out/lesson.json') || '{"chunks":[]}').chunks,
    notes: ofType(outcome.events, 'note').map(({ message }) => message),
  };
}

test('each sentence is spoken once, in order, and can be played from where it is in the whole', async () => {
  const { code, events, text, chunks, folder, notes } = await lesson();
  expect(code).toBe(0);
  expect(text).toBe(TEXT);
  expect(spoken()).toEqual(SENTENCES);
  expect(notes).toEqual([]);
  const sounds = ofType(events, 'sound').map(({ sound }) => sound);
  expect(sounds.map(({ text: part }) => part).join('')).toBe(TEXT);
  for (const { from, to, text: part } of sounds) expect(TEXT.slice(from, to)).toBe(part);
  const { samples, sampleRate } = await decodeSound(readFileSync(join(folder, 'out/lesson.wav')));
  expect(samples.length / sampleRate).toBeCloseTo(sounds.at(-1)?.end ?? 0, 3);
  for (const [index, { start, end }] of sounds.entries()) {
    expect(end - start).toBeCloseTo((SENTENCES[index]?.length ?? 0) / 100, 3);
    // Silence up to the next one, as long as between sentences elsewhere.
    const next = sounds[index + 1]?.start;
    if (next === undefined) continue;
    expect(next - end).toBeCloseTo(0.22, 3);
    const silence = samples.subarray(Math.ceil(end * VOICE_RATE), Math.floor(next * VOICE_RATE));
    expect(silence.every((sample) => sample === 0)).toBe(true);
  }
  expect(chunks.map(({ said }) => said)).toEqual(SENTENCES);
  const vtt = readFileSync(join(folder, 'out/lesson.vtt'), 'utf8');
  expect(vtt).toMatch(/^WEBVTT\n\n0\n00:00:00\.000 --> 00:00:00\.170\nPlants make food\.\n/);
  const results = ofType(events, 'result').map(({ result }) => [result.path, result.mime]);
  expect(results).toEqual([
    ['out/lesson.md', 'text/markdown'],
    ['out/lesson.wav', 'audio/wav'],
    ['out/lesson.vtt', 'text/vtt'],
    ['out/lesson.json', 'application/json'],
  ]);
});

test('a text engine that fails before its first word is tried again', async () => {
  writer.answer = (response) => {
    if (writer.asked.length === 1) refuse(response, 500);
    else stream(response, [TEXT]);
  };
  const { code, text } = await lesson();
  expect(code).toBe(0);
  expect(text).toBe(TEXT);
  expect(spoken()).toEqual(SENTENCES);
});

test.each([
  ['goes on with the next word', 'sun. Water comes from the ground. Air gives the rest.'],
  ['says the cut sentence again', SENTENCES.slice(1).join(' ')],
])('an endpoint that is cut off is asked to go on from what is there, and %s', async (_, rest) => {
  writer.answer = (response) => {
    if (writer.asked.length > 1) stream(response, rest.split(/(?<= )/));
    else {
      const some = ['Plants make food. ', 'They use the ', 'light of the'];
      stream(response, some, { reason: null, destroy: true });
    }
  };
  const { code, text, events } = await lesson();
  expect(code).toBe(0);
  expect(text).toBe(TEXT);
  expect(spoken()).toEqual(SENTENCES);
  expect(writer.asked).toHaveLength(2);
  expect(JSON.stringify(writer.asked[1]?.body['messages'])).toContain(
    '"Plants make food. They use the light of the"',
  );
  expect(ofType(events, 'start')).toHaveLength(1);
});

test('an endpoint that is away for good fails the item', async () => {
  writer.answer = (response) => {
    if (writer.asked.length > 1) refuse(response, 500);
    else stream(response, ['Plants make food. They'], { reason: null, destroy: true });
  };
  const { code, folder } = await lesson();
  expect(code).toBe(1);
  expect(existsSync(join(folder, 'out/lesson.wav'))).toBe(false);
});

test('an endpoint that does not stream gives the whole text, and the run says so', async () => {
  writer.answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const message = { role: 'assistant', content: TEXT };
    response.end(JSON.stringify({ choices: [{ message, finish_reason: 'stop' }] }));
  };
  const { code, text, notes } = await lesson();
  expect(code).toBe(0);
  expect(text).toBe(TEXT);
  expect(spoken()).toEqual(SENTENCES);
  expect(notes).toEqual([expect.stringMatching(/^Plants: .* does not stream/)]);
});

test('a voice that fails at a sentence is asked again', async () => {
  fails = (text, before) => text === SENTENCES[1] && before === 0;
  const { code, notes, chunks } = await lesson();
  expect(code).toBe(0);
  expect(notes).toEqual([]);
  expect(chunks.map(({ said }) => said)).toEqual(SENTENCES);
  expect(spoken()).toHaveLength(SENTENCES.length + 1);
});

test('a voice that fails twice has another one take its place for the sentence', async () => {
  fails = (text) => text === SENTENCES[1];
  const { code, notes, chunks } = await lesson();
  expect(code).toBe(0);
  expect(notes).toEqual([expect.stringMatching(/(kokoro|flite) speaks in place of openai: .*500/)]);
  expect(chunks.map(({ said }) => said)).toEqual(SENTENCES);
  expect(chunks.every(({ gap }) => gap === undefined)).toBe(true);
  expect(spoken().slice(-2)).toEqual(SENTENCES.slice(2));
});

test('where no voice can speak a sentence there is a marked gap, and the lesson goes on', async () => {
  fails = (text) => text === SENTENCES[1];
  // No other engine of this machine speaks Latin.
  const { code, notes, chunks, events, folder } = await lesson(', language: la');
  expect(code).toBe(0);
  expect(notes).toEqual([expect.stringContaining(`“${SENTENCES[1]}” could not be spoken`)]);
  expect(chunks.map(({ gap }) => gap)).toEqual([undefined, true, undefined, undefined]);
  expect(ofType(events, 'sound')[1]?.sound).toMatchObject({ gap: true, chunk: 1 });
  const vtt = readFileSync(join(folder, 'out/lesson.vtt'), 'utf8');
  expect(vtt).toContain(`${SENTENCES[1]} [not spoken]`);
});

test('a voice that never speaks fails the item', async () => {
  fails = () => true;
  const { code, events } = await lesson(', language: la', 0);
  expect(code).toBe(1);
  const [end] = ofType(events, 'end');
  expect(end?.failure?.message).toContain('could not be spoken');
});
