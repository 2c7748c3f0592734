import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { decodeSound } from '../../../src/engines/sound/decode.ts';
import { chooseTranscription, voiceDetector } from '../../../src/engines/transcription/choose.ts';
import { createCommandTranscription } from '../../../src/engines/transcription/command.ts';
import type {
  Heard,
  Speech,
  TranscriptionEngine,
} from '../../../src/engines/transcription/engine.ts';
import { HeardLog } from '../../../src/engines/transcription/heard-log.ts';
import { WHISPER_LANGUAGES, whisperCode } from '../../../src/engines/transcription/languages.ts';
import { listen } from '../../../src/engines/transcription/listen.ts';
import { createOpenAiTranscription } from '../../../src/engines/transcription/openai.ts';
import { Vocabulary } from '../../../src/engines/transcription/whisper/vocabulary.ts';
import { createApertium, modeOf } from '../../../src/engines/translation/apertium.ts';
import { chooseTranslator } from '../../../src/engines/translation/choose.ts';
import { modelPath } from '../../../src/models/store.ts';
import { recordMeeting } from '../../support/meeting.ts';
import { wordErrorRate } from '../../support/word-errors.ts';
import { fakeEndpoint, stream } from '../text/fake-endpoint.ts';

const { signal } = new AbortController();
const context = { signal, onLoad: () => {}, log: () => {} };

async function heard(
  engine: TranscriptionEngine,
  speech: Speech,
  language?: string,
): Promise<Heard & { readonly pieces: readonly string[] }> {
  const pieces: string[] = [];
  const hearing = engine.hear(speech, { signal, language });
  let next = await hearing.next();
  for (; !next.done; next = await hearing.next()) pieces.push(next.value);
  return { ...next.value, pieces };
}

const SPEECH: Speech = {
  samples: new Float32Array(16_000),
  start: 10,
  end: 11,
  ranges: [{ start: 10, end: 11 }],
};

test('every size of Whisper knows what is said to be known, and nothing is fetched for another', async () => {
  for (const size of ['tiny', 'base']) {
    const { path } = await modelPath(`whisper-${size}`);
    const { languages } = await Vocabulary.read(join(path, 'tokenizer.json'));
    expect([...languages.keys()].sort()).toEqual([...WHISPER_LANGUAGES].sort());
  }
  vi.stubEnv('SLUICE_MODELS', '/dev/null/models');
  onTestFinished(() => void vi.unstubAllEnvs());
  for (const [language, engine] of [
    ['tlh', 'auto'],
    ['xx-YY', 'whisper'],
  ] as const) {
    await expect(chooseTranscription({ engine, language }, context)).rejects.toThrow(
      `Whisper does not know the language \`${language}\``,
    );
  }
  await expect(
    chooseTranscription({ engine: 'moonshine', language: 'fr' }, context),
  ).rejects.toThrow('English only');
  expect(['pt-BR', 'nb', 'cmn-Hans'].map(whisperCode)).toEqual(['pt', 'no', 'zh']);
});

/** Where a recording begins to sound after a silence, and where it ends to, in seconds: by its loudness alone. */
async function soundsIn(path: string): Promise<{ readonly start: number; readonly end: number }[]> {
  const { sampleRate, samples } = await decodeSound(readFileSync(path));
  const [window, loud, silence] = [sampleRate / 100, 0.01, 0.7];
  const found: { start: number; end: number }[] = [];
  for (let at = 0; at + window <= samples.length; at += window) {
    const power = samples.subarray(at, at + window).reduce((sum, one) => sum + one * one, 0);
    if (Math.sqrt(power / window) < loud) continue;
    const [start, end] = [at / sampleRate, (at + window) / sampleRate];
    const last = found.at(-1);
    if (last !== undefined && start - last.end < silence) last.end = end;
    else found.push({ start, end });
  }
  return found;
}

test.for([
  { engine: 'whisper', model: 'whisper-base', most: 0.15 },
  { engine: 'moonshine', model: 'moonshine-tiny', most: 0.25 },
] as const)(
  '$model tells the language, the words and when they are said',
  { timeout: 300_000 },
  async ({ most, ...options }) => {
    const recorded = await recordMeeting('flite', 5);
    const engine = await chooseTranscription(options, context);
    const detector = await voiceDetector(context);
    const found: Heard[] = [];
    for await (const { speech } of listen(recorded.path, detector, engine.limits, 0, signal)) {
      if (speech === undefined) continue;
      const one = await heard(engine, speech);
      expect(one.pieces.join('').trim()).toBe(one.text);
      expect(one.language).toBe('en');
      found.push(one);
    }
    await Promise.all([engine.close(), detector.close()]);
    const text = found.map((one) => one.text).join(' ');
    const errors = wordErrorRate(recorded.text, text);
    expect(errors).toBeLessThan(most);
    const words = found.flatMap((one) => one.words);
    expect(words.map((word) => word.text).join(' ')).toBe(text);
    let before = 0;
    for (const { start, end } of words) {
      expect(start).toBeGreaterThanOrEqual(before - 0.001);
      expect(end).toBeGreaterThanOrEqual(start);
      before = start;
    }
    // Each line begins with a word and ends with one.
    const sounds = await soundsIn(recorded.path);
    expect(sounds.length).toBeGreaterThanOrEqual(5);
    const off = (times: readonly number[], time: number): number =>
      Math.min(...times.map((one) => Math.abs(one - time)));
    const starts = words.map(({ start }) => start);
    const ends = words.map(({ end }) => end);
    const late = sounds.flatMap(({ start, end }) => [off(starts, start), off(ends, end)]);
    const mean = late.reduce((sum, value) => sum + value, 0) / late.length;
    const [percent, ms] = [(100 * errors).toFixed(1), (1000 * mean).toFixed(0)];
    console.log(
      `${options.model}, flite: ${percent} % word errors, words at silences ${ms} ms off on average`,
    );
    expect(mean).toBeLessThan(0.1);
  },
);

describe('an endpoint', () => {
  async function endpoint(answer: (form: string, response: ServerResponse) => void) {
    const forms: string[] = [];
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        forms.push(Buffer.concat(parts).toString('latin1'));
        answer(forms.at(-1) ?? '', response);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const engine = createOpenAiTranscription({ baseUrl: `http://127.0.0.1:${port}/v1`, env: {} });
    return { engine, forms };
  }
  const json = (response: ServerResponse, status: number, value: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };

  test('is given a WAV file, and its times are those of the recording', async () => {
    const words = [
      { word: 'Hello', start: 0.1, end: 0.4 },
      { word: 'there', start: 0.5, end: 0.9 },
    ];
    const { engine, forms } = await endpoint((_, response) =>
      json(response, 200, { text: 'Hello, there.', language: 'english', words }),
    );
    expect(await heard(engine, SPEECH)).toMatchObject({
      text: 'Hello, there.',
      language: 'en',
      words: [
        { text: 'Hello,', start: 10.1, end: 10.4 },
        { text: 'there.', start: 10.5, end: 10.9 },
      ],
    });
    expect(forms[0]).toContain('verbose_json');
    const wav = Buffer.from(forms[0] ?? '', 'latin1');
    const sound = await decodeSound(wav.subarray(wav.indexOf('RIFF')));
    expect(sound.sampleRate).toBe(16_000);
  });

  test('that refuses to tell times is asked for the text alone, from then on', async () => {
    const { engine, forms } = await endpoint((form, response) =>
      form.includes('verbose_json')
        ? json(response, 400, { error: { message: 'no such response_format' } })
        : json(response, 200, { text: 'One two.' }),
    );
    const one = await heard(engine, SPEECH, 'pt-BR');
    expect(one).toMatchObject({ text: 'One two.', language: 'pt-BR' });
    expect(one.words.map((word) => word.text)).toEqual(['One', 'two.']);
    await heard(engine, SPEECH);
    expect(forms.map((form) => form.includes('verbose_json'))).toEqual([true, false, false]);
    expect(forms[0]).toMatch(/name="language"\r\n\r\npt\r\n/);
    expect(engine.timed).toBe(false);
  });

  test('that refuses the key, or answers nothing of use, says so', async () => {
    const locked = await endpoint((_, response) =>
      json(response, 401, { error: { message: 'no' } }),
    );
    await expect(heard(locked.engine, SPEECH)).rejects.toMatchObject({ retry: false });
    const empty = await endpoint((_, response) => json(response, 200, { words: 3 }));
    await expect(heard(empty.engine, SPEECH)).rejects.toThrow('answered no transcript');
    expect(() => createOpenAiTranscription({ env: {} })).toThrow('no key');
  });
});

describe('a program', () => {
  const program = (code: string, ...more: string[]): TranscriptionEngine =>
    createCommandTranscription(['python3', '-c', code, '{input}', ...more]);

  test('writes text, or captions with their times', async () => {
    const plain = await heard(program('print("  Hello\\n there. ")'), SPEECH);
    expect(plain).toMatchObject({ text: 'Hello there.' });
    expect(plain.words[0]).toMatchObject({ text: 'Hello', start: 10 });
    const srt = '1\\n00:00:00,200 --> 00:00:00,800\\nHi Bob.\\n';
    const code = `import sys; open(sys.argv[2], 'w').write("${srt}")`;
    expect(await heard(program(code, '{output}'), SPEECH)).toMatchObject({
      text: 'Hi Bob.',
      words: [
        { text: 'Hi', start: 10.2 },
        { text: 'Bob.', end: 10.8 },
      ],
    });
  });

  test('that fails, or is not there, says so', async () => {
    await expect(heard(program('import sys; sys.exit("broken")'), SPEECH)).rejects.toThrow(
      'broken',
    );
  });

  test('that cannot work is refused before anything is heard', () => {
    const make = (...command: string[]) => createCommandTranscription(command);
    expect(() => make('no-such-program', '{input}')).toThrow('cannot find the program');
    expect(() => make('x')).toThrow('no `command`');
    const asks = make('python3', '-l', '{language}', '{input}');
    expect(() => asks.check(undefined)).toThrow('`language` is not set');
    expect(() => asks.check('fr')).not.toThrow();
    expect(() => make('python3', '{input}').check(undefined)).not.toThrow();
  });
});

test('what was heard is found again but for a line that is half, and not by another engine', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-heard-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const by = { engine: 'x', name: 'm' };
  const stretch = { ...SPEECH, text: 'a', words: [], language: 'en', next: 5 };
  const { samples: _, ...kept } = stretch;
  const first = await HeardLog.open(folder, by);
  await first.add(kept);
  await first.add({ ...kept, next: 9 });
  appendFileSync(join(folder, 'heard.jsonl'), '{"start":1,"en');
  const again = await HeardLog.open(folder, by);
  expect(again.heard.map(({ next }) => next)).toEqual([5, 9]);
  await again.add({ ...kept, next: 12 });
  expect((await HeardLog.open(folder, by)).heard).toHaveLength(3);
  writeFileSync(
    join(folder, 'heard.jsonl'),
    readFileSync(join(folder, 'heard.jsonl'), 'utf8').replace('"next":9', '"next":"nine"'),
  );
  expect((await HeardLog.open(folder, by)).heard.map(({ next }) => next)).toEqual([5]);
  expect((await HeardLog.open(folder, { engine: 'y' })).heard).toEqual([]);
});

test('a language model translates sentence by sentence, each with those before it', async () => {
  const server = await fakeEndpoint();
  onTestFinished(() => server.close());
  server.answer = (response) => stream(response, ['«Nummer ', `${server.asked.length}.»`]);
  const choice = { engine: 'auto', to: 'de', language: 'en', timeout: 20 } as const;
  const { baseUrl } = server;
  const translator = await chooseTranslator(
    { ...choice, textEngine: 'openai', model: 'm', baseUrl },
    () => expect.fail('a window is asked'),
    signal,
  );
  const made = await translator.translate(['One.', 'Two.'], { from: 'en', to: 'de' }, signal);
  await translator.close();
  expect(made).toEqual(['«Nummer 1.»', '«Nummer 2.»']);
  const told = server.asked.map(({ body }) => JSON.stringify(body['messages']));
  expect(told[0]).toContain('from English into German');
  expect(told[1]).toContain('«Nummer 1.»');
  expect(translator.model).toMatchObject({ name: 'm' });

  // The one that is there without a choice would say nothing of use.
  const small = { ...choice, textEngine: 'local' } as const;
  const nobody = () => expect.fail('a window is asked');
  await expect(chooseTranslator(small, nobody, signal)).rejects.toThrow('nothing here translates');
  vi.stubEnv('SLUICE_TEXT_ENGINE', 'local');
  vi.stubEnv('SLUICE_TEXT_MODEL', 'tinyllama');
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(chooseTranslator(small, nobody, signal)).rejects.toThrow('tinyllama is too small');
});

describe('apertium', () => {
  test('has the pairs that are installed', () => {
    const modes = ['eng-spa', 'spa-eng', 'spa-eng_US', 'nob-nno'];
    expect(modeOf({ from: 'en', to: 'es' }, modes)).toBe('eng-spa');
    expect(modeOf({ from: 'en-GB', to: 'es-MX' }, modes)).toBe('eng-spa');
    expect(modeOf({ from: 'es', to: 'en' }, modes)).toBe('spa-eng');
    expect(modeOf({ from: 'es', to: 'en-US' }, modes)).toBe('spa-eng_US');
    expect(modeOf({ from: 'no', to: 'nn' }, modes)).toBe('nob-nno');
    expect(modeOf({ from: 'en', to: 'fr' }, modes)).toBeUndefined();
    expect(modeOf({ from: '../x', to: 'es' }, modes)).toBeUndefined();
    // Of a recording whose language is found out on the way, the other language is known.
    expect(modeOf({ from: 'und', to: 'es' }, modes)).toBe('eng-spa');
    expect(modeOf({ from: 'und', to: 'fr' }, modes)).toBeUndefined();
  });

  test('translates each sentence by itself, whatever is in it', async () => {
    const apertium = await createApertium(signal);
    const sentences = [
      'The house is big.',
      '',
      'Where is the bridge?',
      '--help',
      '^a/b$ [x] {y} @z *',
      'Two\nlines.',
    ];
    const made = await apertium?.translate(sentences, { from: 'en', to: 'es' }, signal);
    expect(made).toHaveLength(sentences.length);
    expect(made?.[0]).toBe('La casa es grande.');
    expect(made?.[1]).toBe('');
    expect(made?.[2]).toMatch(/puente/);
    expect(() => apertium?.check({ from: 'en', to: 'de' })).toThrow('apertium has no pair');
    expect(() => apertium?.check({ from: 'und', to: 'ja' })).toThrow('no pair to Japanese here');
  });
});
