/**
 * A recording of about 5 minutes, read by three voices, through the steps of a recording: how soon the first words come,
 * how long it all takes, and how many words are wrong, with Moonshine and with Whisper base. Beside the whole pipeline
 * stands transcription alone; then names, labels and the translation beside the text that was read, and the same over
 * HTTP by curl. The recording is made once, by Kokoro, or by flite with `VOICES=flite`.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { RunEvent } from '../src/protocol/events.ts';
import type { Frame } from '../src/server/trades/recording-steps.ts';
import { type Recorded, recordMeeting } from '../test/support/meeting.ts';
import { wordErrorRate } from '../test/support/word-errors.ts';
import { duration, printTable, verdict } from './lib/table.ts';

const CLI = resolve(import.meta.dirname, '../dist/sluice.js');
const VOICES = process.env['VOICES'] === 'flite' ? 'flite' : 'kokoro';
const ENGINES = {
  'Moonshine tiny': 'engine: moonshine, language: en',
  'Whisper base': 'engine: whisper, model: whisper-base, language: en',
} as const;

const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const run = promisify(execFile);

const AFTER = `
  - uses: translate
    from: transcribe
    with: { to: es }
    output: out/translation.json
  - uses: entities
    from: transcribe
    output: out/entities.json
  - uses: classify
    from: transcribe
    with: { labels: [construction, sport, cooking, music] }
    output: out/labels.json
  - uses: summarise
    from: transcribe
    output: out/summary.md
  - uses: insights
    from: transcribe
    output: out/insights.json
  - uses: report
    from: [input, transcribe, translate, entities, classify, summarise, insights]
    output: out/report.md
`;

/** What the meeting names, by what a search for names should call it. */
const NAMED: Readonly<Record<string, string>> = {
  'Laura Miller': 'person',
  'Sarah Johnson': 'person',
  'David Brown': 'person',
  'Robert Wilson': 'person',
  'Emily Davis': 'person',
  Microsoft: 'organisation',
  Seattle: 'place',
  Chicago: 'place',
  Germany: 'place',
  Hamburg: 'place',
  'New York': 'place',
  Boston: 'place',
  Paris: 'place',
};
/** Words of its translation, as a person would put them. */
const TRANSLATED = ['puente', 'reunión', 'acero', 'septiembre', 'museo', 'río', 'viento', 'jueves'];

interface Measured {
  readonly first: number;
  readonly transcript: number;
  readonly all: number;
  readonly errors: number;
  readonly seconds: number;
}

async function measure(options: string, after: string, recorded: Recorded): Promise<Measured> {
  for (const name of ['.sluice', 'out'])
    rmSync(join(folder, name), { recursive: true, force: true });
  const batch = `
inputs: { files: meeting.wav }
steps:
  - uses: transcribe
    with: { ${options} }
    output: out/transcript.json
${after}`;
  writeFileSync(join(folder, 'b.batch.yaml'), batch);
  const { stdout } = await run(process.execPath, [CLI, 'run', 'b.batch.yaml', '--json'], {
    cwd: folder,
    maxBuffer: 1 << 28,
  });
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
  const begin = events.find(({ type }) => type === 'start')?.time ?? NaN;
  const at = (found: RunEvent | undefined): number => (found?.time ?? NaN) - begin;
  const { seconds } = JSON.parse(readFileSync(join(folder, 'out/transcript.json'), 'utf8')) as {
    seconds: number;
  };
  return {
    first: at(events.find((event) => event.type === 'text' && event.step === 0)),
    transcript: at(events.find((event) => event.type === 'result' && event.step === 0)),
    all: at(events.find((event) => event.type === 'end')),
    errors: wordErrorRate(recorded.text, readFileSync(join(folder, 'out/transcript.txt'), 'utf8')),
    seconds,
  };
}

try {
  const recorded = await recordMeeting(VOICES);
  copyFileSync(recorded.path, join(folder, 'meeting.wav'));
  for (const [name, options] of Object.entries(ENGINES)) {
    const before = loadavg()[0]?.toFixed(1);
    const alone = await measure(options, '', recorded);
    const whole = await measure(options, AFTER, recorded);
    const pace = (ms: number): string => `${((whole.seconds * 1000) / ms).toFixed(1)}x`;
    printTable(
      `${name}: ${whole.seconds.toFixed(0)} s by ${VOICES} (load ${before}-${loadavg()[0]?.toFixed(1)})`,
      ['', 'transcription alone', 'all steps side by side'],
      [
        ['first words', duration(alone.first), duration(whole.first)],
        ['', verdict(alone.first < 2000, '2 s'), verdict(whole.first < 2000, '2 s')],
        ['transcript', duration(alone.transcript), duration(whole.transcript)],
        ['everything', duration(alone.all), duration(whole.all)],
        ['of real time', pace(alone.all), pace(whole.all)],
        ['word errors', percent(alone.errors), percent(whole.errors)],
      ],
    );
    const labels = read<{ labels: { label: string }[] }>('labels.json').labels;
    const { names } = read<{ names: { text: string; type: string }[] }>('entities.json');
    const found = Object.entries(NAMED).filter(([wanted, type]) =>
      names.some((one) => one.text === wanted && one.type === type),
    );
    const spanish = readFileSync(join(folder, 'out/translation.txt'), 'utf8').toLowerCase();
    const words = TRANSLATED.filter((word) => spanish.includes(word));
    printTable(
      `${name}: beside the text that was read`,
      ['', 'found', 'of'],
      [
        ['names, with their kind', String(found.length), String(Object.keys(NAMED).length)],
        ['label', labels[0]?.label ?? '', 'construction'],
        ['words of the translation', String(words.length), String(TRANSLATED.length)],
      ],
    );
  }
  await overHttp(recorded);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(join(folder, 'out', name), 'utf8')) as T;
}

/** The same by `POST /audio/process-stream-realtime`, sent by curl: from the request to its frames. */
async function overHttp({ path, text }: Recorded): Promise<void> {
  const args = [CLI, 'serve', '--port', '0', '--host', '127.0.0.1', '--no-auth'];
  const server = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let origin: string | undefined;
    for await (const line of createInterface({ input: server.stdout })) {
      origin = /(\S+)\/openapi\.json/.exec(line)?.[1];
      if (origin !== undefined) break;
    }
    const url = `${origin}/audio/process-stream-realtime`;
    const fields = ['-F', 'language=en', '-F', 'include_translation=true', '-F', `audio=@${path}`];
    const begin = performance.now();
    const curl = spawn('curl', ['-sN', ...fields, url], { stdio: ['ignore', 'pipe', 'inherit'] });
    const times = new Map<string, number>();
    let transcript = '';
    for await (const line of createInterface({ input: curl.stdout })) {
      if (!line.startsWith('data: ')) continue;
      const frame = JSON.parse(line.slice(6)) as Frame;
      if (!times.has(frame.step)) times.set(frame.step, performance.now() - begin);
      if (frame.step === 'completed') transcript = String(frame.partial_result?.['transcript']);
    }
    const first = times.get('transcription') ?? Number.NaN;
    printTable(
      'Over HTTP, by curl, with Moonshine tiny',
      ['', 'after the request'],
      [
        ['first words', duration(first)],
        ['', verdict(first < 2000, '2 s')],
        ['transcript', duration(times.get('transcription_complete') ?? Number.NaN)],
        ['everything', duration(times.get('completed') ?? Number.NaN)],
        ['word errors', percent(wordErrorRate(text, transcript))],
      ],
    );
  } finally {
    server.kill();
    await once(server, 'close');
  }
}
