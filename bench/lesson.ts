/**
 * A lesson of about 300 words with the local text model and Kokoro: spoken while it is being written, beside the
 * same lesson written, then spoken, then played. Then what Sluice itself takes: the same way through the runner
 * and both steps, with engines that answer at once.
 *
 * `TEXT_THREADS` and `VOICE_THREADS` say how many threads each engine has, where they are set.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Fact, RunEvent, Sound } from '../src/protocol/events.ts';
import { duration, median, printTable } from './lib/table.ts';

const CLI = resolve(import.meta.dirname, '../dist/sluice.js');
const TOPIC = 'How plants make food from sunlight';
const WORDS = Number(process.env['WORDS'] ?? 300);

const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const run = promisify(execFile);
const load = (): string => loadavg()[0]?.toFixed(1) ?? '';

/** Runs a batch; its events, with the time in ms since the run began. */
async function events(name: string, batch: string): Promise<RunEvent[]> {
  rmSync(join(folder, '.sluice'), { recursive: true, force: true });
  writeFileSync(join(folder, `${name}.batch.yaml`), batch);
  const arguments_ = [CLI, 'run', `${name}.batch.yaml`, '--json'];
  const { stdout } = await run(process.execPath, arguments_, { cwd: folder, maxBuffer: 1 << 28 });
  const all = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
  const begin = all[0]?.time ?? 0;
  return all.map((event) => ({ ...event, time: event.time - begin }));
}

function ofType<T extends Fact['type']>(all: readonly RunEvent[], type: T) {
  return all.filter((event) => event.type === type) as Extract<RunEvent, { type: T }>[];
}

const threads = (name: string): string => {
  const count = process.env[name];
  return count === undefined ? '' : `, threads: ${count}`;
};

const lesson = (between: string, to: string): string => `
inputs: [${JSON.stringify(TOPIC)}]
steps:
  - uses: write
    with: { engine: local, form: lesson, words: ${WORDS}, seed: 7, temperature: 0${threads('TEXT_THREADS')} }
    output: ${to}.md
${between}
  - uses: speak
    with: { engine: kokoro${threads('VOICE_THREADS')} }
output: ${to}.wav
overwrite: true
`;

async function measure(name: string, between: string) {
  const before = load();
  const all = await events(name, lesson(between, name));
  const text = readFileSync(join(folder, `${name}.md`), 'utf8');
  const sounds = ofType(all, 'sound');
  const begun = ofType(all, 'start')[0]?.time ?? NaN;
  // The step says that it loads its engine as soon as it has the item.
  const loads = ofType(all, 'progress').find(
    ({ step, progress }) => step === speakStep(all) && progress.phase === 'load',
  );
  const first = sounds[0];
  const spoken = (first?.sound.took ?? 0) * 1000;
  // The headings are Sluice's own: the first sentence of the model begins behind the first of them.
  const own = text.indexOf('\n\n', text.indexOf('## ')) + 2;
  const texts = ofType(all, 'text').filter(({ step }) => step === 0);
  return {
    text,
    total: ofType(all, 'end')[0]?.time ?? NaN,
    written: texts.at(-1)?.time ?? NaN,
    firstToken: texts[1]?.time ?? NaN,
    firstSound: first?.time ?? NaN,
    // What the time to the first sound is made of.
    started: (loads?.time ?? NaN) - begun,
    loaded: (first?.time ?? NaN) - spoken - (loads?.time ?? NaN),
    spoken,
    firstSentence: sounds.find(({ sound }) => sound.to > own)?.time ?? NaN,
    voice: sounds.reduce((sum, { sound }) => sum + (sound.took ?? 0) * 1000, 0),
    seconds: sounds.at(-1)?.sound.end ?? NaN,
    wait: listenerWait(sounds),
    load: `${before}-${load()}`,
  };
}

type Measured = Awaited<ReturnType<typeof measure>>;

function faster(rounds: readonly Measured[]): Measured {
  return rounds.reduce((best, round) => (round.total < best.total ? round : best));
}

/** Index of the step that speaks: the last one. */
function speakStep(all: readonly RunEvent[]): number {
  return Math.max(...ofType(all, 'step').map(({ step }) => step));
}

/** Ms that a listener who began at the first sound would have waited in all for sounds that were not there. */
function listenerWait(sounds: readonly { time: number; sound: Sound }[]): number {
  let clock = sounds[0]?.time ?? 0;
  let waited = 0;
  for (const [index, { time, sound }] of sounds.entries()) {
    waited += Math.max(0, time - clock);
    const until = sounds[index + 1]?.sound.start ?? sound.end;
    clock = Math.max(clock, time) + (until - sound.start) * 1000;
  }
  return waited;
}

/** Sluice alone: an endpoint that writes and speaks at once. Items one after another; the first one starts all. */
async function alone(): Promise<{ cold: number; warm: number }> {
  const sentence = 'Plants make food.';
  const sound = wav(0.5);
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (request.url?.endsWith('/speech')) {
        response.writeHead(200, { 'content-type': 'audio/wav' }).end(sound);
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const content of [sentence, ` ${sentence}`]) {
        const choices = [{ index: 0, delta: { content }, finish_reason: null }];
        response.write(`data: ${JSON.stringify({ choices })}\n\n`);
      }
      response.end('data: [DONE]\n\n');
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `http://127.0.0.1:${port}/v1`;
  const all = await events(
    'alone',
    `
inputs: [${Array.from({ length: 21 }, (_, index) => `Topic ${index}`).join(', ')}]
steps:
  - uses: write
    with: { engine: openai, baseUrl: "${url}", model: m }
  - uses: speak
    with: { engine: openai, baseUrl: "${url}" }
output: alone/{index}.wav
`,
  );
  server.close();
  const waits = ofType(all, 'start').map(({ item, time }) => {
    const first = ofType(all, 'sound').find((event) => event.item === item);
    return (first?.time ?? NaN) - time;
  });
  return { cold: waits[0] ?? NaN, warm: median(waits.slice(1)) };
}

function wav(seconds: number): Buffer {
  const data = Buffer.alloc(Math.round(seconds * 24_000) * 2, 1);
  const header = Buffer.from(
    '524946460000000057415645666d74201000000001000100c05d000080bb00000200100064617461ffffffff',
    'hex',
  );
  return Buffer.concat([header, data]);
}

try {
  const { cold, warm } = await alone();
  printTable(
    `Sluice itself, with engines that answer at once (load ${load()})`,
    ['', 'first sound after'],
    [
      ['first item: both steps are started', duration(cold)],
      ['an item after that, median of 20 (aim: 50 ms)', duration(warm)],
    ],
  );
  // The faster of two rounds each, in turns: what else the machine does is none of it.
  const rounds = { streaming: [] as Measured[], sequential: [] as Measured[] };
  for (let round = 0; round < 2; round += 1) {
    rounds.streaming.push(await measure('streaming', ''));
    rounds.sequential.push(await measure('sequential', '  - run: [cat, "{input}"]'));
  }
  const one = faster(rounds.streaming);
  const two = faster(rounds.sequential);
  if (one.text !== two.text) console.log('\nThe two texts differ: the model is not deterministic.');
  const ratio = (part: number, whole: number): string => (part / whole).toFixed(2);
  const row = (name: string, a: number, b: number): string[] => [
    name,
    duration(a),
    duration(b),
    ratio(a, b),
  ];
  const words = one.text.split(/\s+/).length;
  printTable(
    `A lesson of ${words} words, ${one.seconds.toFixed(0)} s of speech (load ${one.load}, then ${two.load})`,
    ['', 'streaming', 'sequential', 'ratio'],
    [
      row('first sound (the title; aim: 0.10)', one.firstSound, two.total),
      row('first sentence of the model', one.firstSentence, two.total),
      row('all (aim: 0.75)', one.total, two.total),
      row('the text is written', one.written, two.written),
    ],
  );
  const share = (ms: number): string => `${((100 * ms) / one.total).toFixed(0)} %`;
  printTable(
    'Streaming: where the time is',
    ['', 'time', 'share of the whole'],
    [
      ['until the first word of the model', duration(one.firstToken), share(one.firstToken)],
      [
        'the text engine writes',
        duration(one.written - one.firstToken),
        share(one.written - one.firstToken),
      ],
      ['the voice speaks', duration(one.voice), share(one.voice)],
      [
        'a listener from the first sound on would wait, in all',
        duration(one.wait),
        share(one.wait),
      ],
    ],
  );
  const part = (ms: number): string => `${((100 * ms) / one.firstSound).toFixed(0)} %`;
  printTable(
    'Streaming: what the time to the first sound is made of',
    ['', 'time', 'share of it'],
    [
      ['Sluice: the runner and both steps are started', one.started],
      ['the voice loads its model, while the text engine loads its own', one.loaded],
      ['the voice speaks the title', one.spoken],
      [
        'Sluice: what is left, from event to event',
        one.firstSound - one.started - one.loaded - one.spoken,
      ],
    ].map(([name, ms]) => [String(name), duration(Number(ms)), part(Number(ms))]),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
