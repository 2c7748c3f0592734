import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { recordMeeting } from '../../support/meeting.ts';
import { makeWorkspace, ofType, sluice, startSluice } from '../../support/sluice.ts';
import { wordErrorRate } from '../../support/word-errors.ts';

const LINES = 14;

const TRANSCRIBE = `
inputs: { files: "*.wav" }
steps:
  - uses: transcribe
    with: { language: en }
    output: out/transcript.json
`;

const PIPELINE = `${TRANSCRIBE}
  - uses: translate
    from: transcribe
    with: { to: es, engine: apertium }
    output: out/translation.json
  - uses: entities
    from: transcribe
    output: out/entities.json
  - uses: classify
    from: transcribe
    with: { labels: [construction, cooking, medicine] }
    output: out/labels.json
  - uses: summarise
    from: transcribe
    with: { sentences: 3 }
    output: out/summary.md
  - uses: insights
    from: transcribe
    output: out/insights.json
  - uses: report
    from: [input, transcribe, translate, entities, classify, summarise, insights]
    output: out/report.md
`;

async function workspace(batch: string, count: number): Promise<{ folder: string; text: string }> {
  const { path, text } = await recordMeeting('flite', count);
  const folder = makeWorkspace({ 'b.batch.yaml': batch, 'a talk (1).wav': readFileSync(path) });
  return { folder, text };
}

const read = (folder: string, name: string): string =>
  readFileSync(join(folder, 'out', name), 'utf8');

function json<T>(folder: string, name: string): T {
  return JSON.parse(read(folder, name)) as T;
}

/** What a step said, joined. */
function said(events: readonly RunEvent[], step: number): string {
  return ofType(events, 'text')
    .filter((event) => event.step === step)
    .map((event) => event.text)
    .join('');
}

test('a recording becomes a transcript, a translation, entities, labels, a summary, insights and a report', {
  timeout: 300_000,
}, async () => {
  const { folder, text } = await workspace(PIPELINE, LINES);
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(0);
  const files = ['json', 'srt', 'txt', 'vtt'];
  expect(readdirSync(join(folder, 'out')).sort()).toEqual([
    'entities.json',
    'insights.json',
    'labels.json',
    'report.md',
    'summary.md',
    ...files.map((ending) => `transcript.${ending}`),
    ...files.map((ending) => `translation.${ending}`),
  ]);
  const errors = wordErrorRate(text, read(folder, 'transcript.txt'));
  console.log(`Moonshine tiny, flite: ${(100 * errors).toFixed(1)} % word errors`);
  expect(errors).toBeLessThan(0.2);
  // What is told live is what is written; it comes word by word.
  expect(said(events, 0).trim()).toBe(read(folder, 'transcript.txt').trim());
  expect(ofType(events, 'text').filter(({ step }) => step === 0).length).toBeGreaterThan(50);
  expect(said(events, 1)).toBe(read(folder, 'translation.txt').trimEnd());
  // The translation began while the recording was still being heard.
  const order = events.map((event) => `${event.type} ${'step' in event ? event.step : ''}`);
  expect(order.indexOf('text 1')).toBeGreaterThan(-1);
  expect(order.indexOf('text 1')).toBeLessThan(order.lastIndexOf('text 0'));
  expect(order.indexOf('step 6')).toBeGreaterThan(order.indexOf('result 5'));
  expect(read(folder, 'translation.txt')).toMatch(/puente|reunión|invierno/);
  const { names } = json<{ names: { text: string; type: string }[] }>(folder, 'entities.json');
  expect(names).toContainEqual({ text: 'Sarah Johnson', type: 'person', count: 1 });
  expect(names.map((name) => name.text)).toContain('Seattle');
  const { labels } = json<{ labels: { label: string }[] }>(folder, 'labels.json');
  expect(labels[0]?.label).toBe('construction');
  const insights = json<{ actions: { text: string }[]; pace: { wordsPerMinute: number } }>(
    folder,
    'insights.json',
  );
  expect(insights.actions.map((action) => action.text).join(' ')).toMatch(/send that report/);
  expect(insights.pace.wordsPerMinute).toBeGreaterThan(100);
  const report = read(folder, 'report.md');
  expect(report).toContain('](../a%20talk%20%281%29.wav#t=');
  for (const heading of ['Summary', 'To do', 'Questions', 'Names', 'Mood', 'Pace', 'Transcript']) {
    expect(report).toContain(`## ${heading}\n`);
  }
  // Nothing is kept of what is done, and nothing is made again.
  expect(readdirSync(join(folder, '.sluice/kept'))).toEqual([]);
  const again = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(ofType(again.events, 'end')).toMatchObject([{ state: 'skipped' }]);
});

test.for(['killed', 'cancelled'])(
  '%s in the middle, a later run goes on behind what was heard',
  { timeout: 300_000 },
  async (how) => {
    const { folder, text } = await workspace(TRANSCRIBE, LINES);
    const child = startSluice(folder, ['run', 'b.batch.yaml', '--json']);
    let out = '';
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        out += String(chunk);
        // Some stretches are heard, and the next one has begun.
        if ((out.match(/"type":"progress"/g) ?? []).length >= 4) resolve();
      });
    });
    if (how === 'killed') {
      const runner = Number(/"pid":(\d+)/.exec(out)?.[1]);
      const step = Number(/"type":"step".*?"pid":(\d+)/.exec(out)?.[1]);
      process.kill(step, 'SIGKILL');
      process.kill(runner, 'SIGKILL');
    } else child.kill('SIGINT');
    await child;
    const kept = join(folder, '.sluice/kept');
    const [key = ''] = readdirSync(kept);
    const heard = readFileSync(join(kept, key, 'heard.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1);
    expect(heard.length).toBeGreaterThan(0);
    expect(existsSync(join(folder, 'out/transcript.json'))).toBe(false);
    const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
    expect(code).toBe(0);
    // Each stretch that is there is told as a whole, and only what comes behind it is heard.
    const texts = ofType(events, 'text').map((event) => event.text.trim());
    expect(texts.slice(0, heard.length)).toEqual(
      heard.map((line) => (JSON.parse(line) as { text: string }).text),
    );
    const last = JSON.parse(heard.at(-1) ?? '') as { end: number };
    const begun = ofType(events, 'progress').find((event) => event.progress.phase === 'transcribe');
    expect(begun?.progress.done).toBeGreaterThanOrEqual(last.end - 0.2);
    expect(wordErrorRate(text, read(folder, 'transcript.txt'))).toBeLessThan(0.2);
    expect(readdirSync(kept)).toEqual([]);
  },
);

test.for([
  ['en', 'translate, with: { to: de, engine: apertium }', 'no pair for English to German here'],
  ['en', 'translate, with: { to: en }', 'the text is in English already'],
  ['', 'translate, with: { to: ja, engine: apertium }', 'apertium has no pair to Japanese here'],
  ['en', 'translate, with: { to: fr }', 'nothing here translates English to French: apertium has'],
  [
    '',
    'translate, with: { to: ja, engine: text }',
    'nothing here translates to Japanese: tinyllama',
  ],
  ['fr', 'entities', 'entities works for English only, not for French'],
  ['fr', 'classify, with: { labels: [a, b] }', 'classify works for English only, not for French'],
  ['tlh', 'insights', 'Whisper does not know the language `tlh`'],
])(
  'what cannot be done with a recording is said before it is heard: %s %s',
  async ([language, step, message = '']) => {
    const told = language === '' ? '' : `with: { language: ${language}, model: whisper-tiny }`;
    const batch = `${TRANSCRIBE.replace('with: { language: en }', told)}
  - { uses: ${step}, from: transcribe, output: out/found.json }
`;
    const { folder } = await workspace(batch, LINES);
    const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
    expect(code).toBe(1);
    const [end] = ofType(events, 'end');
    expect(end?.failure?.message).toContain(message);
    expect(ofType(events, 'text')).toEqual([]);
    expect(existsSync(join(folder, 'out/transcript.json'))).toBe(false);
  },
);

test('a language that an engine does not know is refused before anything is heard', async () => {
  const batch = TRANSCRIBE.replace('language: en', 'language: fr, engine: moonshine');
  const { folder } = await workspace(batch, 2);
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(1);
  expect(ofType(events, 'end')[0]?.failure).toMatchObject({
    message: 'moonshine hears English only, not `fr`',
  });
  expect(ofType(events, 'text')).toEqual([]);
});

test('a sound in which nobody speaks says how far it is heard, has an empty transcript, and says so', async () => {
  const folder = makeWorkspace({ 'b.batch.yaml': PIPELINE });
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'sine=frequency=300:duration=60', '-ac', '2'],
    join(folder, 'tone.wav'),
  ]);
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(0);
  expect(read(folder, 'transcript.txt').trim()).toBe('');
  expect(ofType(events, 'note').map((note) => note.message)).toContain(
    'tone.wav: nobody speaks in this recording',
  );
  const seconds = ofType(events, 'progress').flatMap(({ progress }) => progress.done ?? []);
  expect(seconds.length).toBeGreaterThan(1);
  expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
  expect(seconds.at(-1)).toBeGreaterThan(40);
});

test.for([
  ['mp3', ['-b:a', '64k']],
  ['ogg', ['-c:a', 'libvorbis']],
  ['flac', []],
  ['opus.ogg', ['-c:a', 'libopus']],
  ['m4a', ['-c:a', 'aac']],
  ['wav', ['-ac', '2', '-ar', '44100']],
] as const)(
  'a recording is read by what is in it, here %s, whatever it is called',
  async ([ending, options]) => {
    const { path, text } = await recordMeeting('flite', 3);
    const folder = makeWorkspace({ 'b.batch.yaml': TRANSCRIBE.replace('*.wav', '*.dat') });
    execFileSync('ffmpeg', ['-v', 'error', '-i', path, ...options, join(folder, `x.${ending}`)]);
    execFileSync('mv', [join(folder, `x.${ending}`), join(folder, 'x.dat')]);
    const { code } = await sluice(folder, ['run', 'b.batch.yaml']);
    expect(code).toBe(0);
    expect(wordErrorRate(text, read(folder, 'transcript.txt'))).toBeLessThan(0.25);
  },
);

test('what is no sound is refused with what to do', async () => {
  for (const content of [
    '',
    'this is no sound',
    `RIFF0000WAVEfmt ${'\0'.repeat(40)}`,
    '\xff\xfb'.repeat(3000),
  ]) {
    const folder = makeWorkspace({
      'b.batch.yaml': TRANSCRIBE,
      'bad.wav': Buffer.from(content, 'latin1'),
    });
    const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
    expect(code).toBe(1);
    expect(ofType(events, 'end')[0]?.failure?.message).toMatch(/bad\.wav|WAV/);
  }
});
