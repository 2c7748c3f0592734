import { once as emitted } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { chromium } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Runs } from '../../../src/runner/runs.ts';
import { newApp } from '../../../src/server/app.ts';
import type { PatienceLimits } from '../../../src/server/patience.ts';
import { Refusals } from '../../../src/server/refusals.ts';
import type { Frame } from '../../../src/server/trades/recording-steps.ts';
import { Uploads } from '../../../src/server/uploads.ts';
import { needsPackages } from '../../support/debian.ts';
import { eventually } from '../../support/eventually.ts';
import { findProgram } from '../../support/find-program.ts';
import { recordMeeting } from '../../support/meeting.ts';
import { wav } from '../../support/panel-sound.ts';
import { readEvents, type ServedFolder, serveFolder } from '../../support/serve.ts';
import { makeWorkspace } from '../../support/sluice.ts';
import { wordErrorRate } from '../../support/word-errors.ts';

needsPackages('apertium', 'apertium-eng-spa', 'curl', 'python3-requests');

const PATIENCE = { timeout: 300_000 };
const LINES = 4;
/** Each step that a client is told of once, with its percent. */
const STEPS: readonly (readonly [string, number])[] = [
  ['started', 5],
  ['transcription_complete', 30],
  ['translation', 35],
  ['translation_complete', 50],
  ['ner', 60],
  ['ner_complete', 65],
  ['classification', 70],
  ['classification_complete', 75],
  ['summarization', 80],
  ['summarization_complete', 85],
  ['insights', 90],
  ['insights_complete', 95],
  ['completed', 100],
];

/** The meeting's first lines, as a client would send them. */
async function formOf(fields: Record<string, string>): Promise<{ form: FormData; text: string }> {
  const { path, text } = await recordMeeting('flite', LINES);
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  // What it is called says nothing of what it is.
  form.set('audio', new Blob([readFileSync(path)]), '../Our {talk}.txt');
  return { form, text };
}

const post = (server: ServedFolder, path: string, body: FormData): Promise<Response> =>
  server.ask(path, { method: 'POST', body });

async function framesOf(answer: Response): Promise<Frame[]> {
  const messages = await readEvents(answer);
  return messages.map(({ data }) => data as unknown as Frame);
}

/** Each step with the percent that it is first told with; those of the words that are heard are left out. */
const once = (frames: readonly Frame[]): (readonly [string, number])[] =>
  frames
    .filter(({ step }, index) => step !== frames[index - 1]?.step && step !== 'transcription')
    .map(({ step, progress }) => [step, progress] as const);

const uploads = ({ folder }: { readonly folder: string }): string[] =>
  readdirSync(join(folder, '.sluice/uploads'));

test('a recording is told step by step, each result with its step', PATIENCE, async () => {
  const server = await serveFolder({});
  const { form, text } = await formOf({ include_translation: 'True', labels: 'cooking, bridges' });
  const answer = await post(server, '/audio/process-stream-realtime', form);
  expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const frames = await framesOf(answer);
  expect(once(frames)).toEqual(STEPS);
  const [run] = new Set(frames.map(({ task_id }) => task_id));
  expect(answer.headers.get('location')).toBe(`/runs/${run}`);

  // The words come one by one, and progress never falls.
  const heard = frames.filter(({ step }) => step === 'transcription');
  expect(heard.length).toBeGreaterThan(10);
  const texts = heard.map(({ partial_result: partial }) => String(partial?.['transcript']));
  for (const [index, one] of texts.entries()) {
    expect(one.startsWith(texts[index - 1] ?? '')).toBe(true);
  }
  const percents = frames.map(({ progress }) => progress);
  expect(percents).toEqual(percents.toSorted((a, b) => a - b));
  expect(heard.every(({ progress }) => progress >= 10 && progress <= 30)).toBe(true);

  const found = (step: string) => frames.find((frame) => frame.step === step)?.partial_result ?? {};
  const transcript = String(found('transcription_complete')['transcript']);
  expect(wordErrorRate(text, transcript)).toBeLessThan(0.2);
  expect(transcript.startsWith(texts.at(-1) ?? '-')).toBe(true);
  expect(String(found('translation_complete')['translation'])).toMatch(/puente|reunión/i);
  const named = found('ner_complete')['entities'] as { text: string }[];
  expect(named.map((entity) => entity.text)).toContain('Seattle');
  const labels = found('classification_complete')['labels'] as { label: string }[];
  expect(labels.map(({ label }) => label)).toEqual(['bridges', 'cooking']);
  expect(String(found('summarization_complete')['summary'])).not.toBe('');
  expect(found('insights_complete')['insights']).toMatchObject({ version: 1 });
  expect(Object.keys(found('completed'))).toEqual([
    ...['transcript', 'language', 'seconds', 'segments', 'translation', 'entities', 'labels'],
    ...['summary', 'insights'],
  ]);
  // What was sent is gone, what was made of it is there.
  await eventually(() => uploads(server)).toEqual([]);
  expect(readdirSync(join(server.folder, 'out/recordings'))).toHaveLength(1);
});

test('older clients get the same steps without what is in them', PATIENCE, async () => {
  const server = await serveFolder({});
  const { form } = await formOf({ include_insights: 'false' });
  const frames = await framesOf(await post(server, '/audio/process-stream', form));
  const wanted = STEPS.filter(([step]) => !/^(translation|insights)/.test(step));
  expect(once(frames)).toEqual(wanted);
  for (const { step, partial_result: partial } of frames) {
    expect(partial === undefined, step).toBe(step !== 'completed');
  }
});

test('curl, Python and a page in a browser get the same', PATIENCE, async () => {
  const server = await serveFolder({}, ['--no-auth']);
  const { path } = await recordMeeting('flite', 2);
  const url = `${server.origin}/audio/process-stream-realtime`;
  const stepsIn = (text: string): string[] =>
    [...text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) => (JSON.parse(json) as Frame).step);

  const curl = await execa('curl', ['-sN', '-F', `audio=@${path}`, '-F', 'language=en', url]);
  const steps = stepsIn(curl.stdout).filter((step) => step !== 'transcription');
  expect(steps.at(0)).toBe('started');
  expect(steps.at(-1)).toBe('completed');

  const program = `import sys, requests
answer = requests.post(sys.argv[1], files={'audio': open(sys.argv[2], 'rb')}, data={'language': 'en'}, stream=True, timeout=240)
for line in answer.iter_lines():
    print(line.decode())`;
  const python = await execa('python3', ['-c', program, url, path]);
  expect(stepsIn(python.stdout).filter((step) => step !== 'transcription')).toEqual(steps);

  const browser = await chromium.launch({
    executablePath: await findProgram('chromium', 'chromium-browser', 'google-chrome'),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await page.goto(server.link);
  const seen = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
    const form = new FormData();
    form.set('audio', new Blob([bytes]), 'talk.wav');
    const answer = await fetch('audio/tasks', { method: 'POST', body: form });
    const { stream } = (await answer.json()) as { stream: string };
    const source = new EventSource(stream);
    const messages: string[] = [];
    let broken = 0;
    return new Promise<{ messages: string[]; broken: number }>((resolve) => {
      source.onmessage = ({ data }) => messages.push((JSON.parse(data) as { step: string }).step);
      // Once the stream has ended, and once more when the browser is told that there is no more.
      source.onerror = () => {
        broken += 1;
        if (source.readyState === EventSource.CLOSED) resolve({ messages, broken });
      };
    });
  }, readFileSync(path).toString('base64'));
  expect(seen.messages.filter((step) => step !== 'transcription')).toEqual(steps);
  expect(seen.messages).toContain('transcription');
  expect(seen.broken).toBe(2);
});

test(
  'a recording of the workspace can be fetched to be played, and no other input',
  PATIENCE,
  async () => {
    const batch = (name: string): string =>
      `inputs: { files: ${name} }\nsteps:\n  - run: [cp, "{input}", "{output}"]\noutput: out/{slug}.copy\n`;
    const server = await serveFolder({
      'talk.wav': wav(1),
      'key.txt': 'secret',
      'talk.batch.yaml': batch('talk.wav'),
      'key.batch.yaml': batch('key.txt'),
    });
    const talk = await server.run('talk.batch.yaml');
    const answer = await server.ask(`/runs/${talk}/items/1/input`);
    expect(answer.headers.get('content-type')).toBe('audio/wav');
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(wav(1));
    const key = await server.run('key.batch.yaml');
    expect((await server.ask(`/runs/${key}/items/1/input`)).status).toBe(404);
    expect((await server.ask(`/runs/${key}/items/2/input`)).status).toBe(404);
  },
);

describe('what is no recording', () => {
  const send = async (server: ServedFolder, form: FormData) => {
    const answer = await post(server, '/audio/tasks', form);
    return [answer.status, ((await answer.json()) as { error: string }).error];
  };
  const audio = (bytes: string | Uint8Array<ArrayBuffer>, name = 'a.wav'): FormData => {
    const form = new FormData();
    form.set('audio', new Blob([bytes]), name);
    return form;
  };

  test('is refused, whatever it is called, and nothing of it stays', PATIENCE, async () => {
    const server = await serveFolder({});
    for (const bytes of ['hello', '', '#EXTM3U\nfile:///etc/passwd', '<svg/>', 'RIFF1234AVI ']) {
      expect(await send(server, audio(bytes))).toEqual([
        415,
        'The file is no recording that is known here.',
      ]);
    }
    expect(await send(server, new FormData())).toEqual([400, 'The form has no file.']);
    const other = new FormData();
    other.set('sound', new Blob([wav(1)]), 'a.wav');
    expect(await send(server, other)).toEqual([400, 'The form has a file that is not `audio`.']);
    const json = await server.send('/audio/tasks', { audio: 'x' });
    expect(json.status).toBe(415);
    for (const [name, value] of [
      ['language', '{input}'],
      ['include_translation', 'maybe'],
      ['labels', 'a{b},c'],
      ['translate_to', '../x'],
    ] as const) {
      const form = audio(wav(1));
      form.set(name, value);
      const [status, error] = await send(server, form);
      expect([status, error]).toEqual([400, expect.stringContaining(name)]);
    }
    const unknown = audio(wav(1));
    unknown.set('language', 'auto');
    unknown.set('include_translation', 'true');
    expect((await send(server, unknown))[0]).toBe(400);
    const french = audio(wav(1));
    french.set('language', 'fr');
    french.set('labels', 'ventes, soutien');
    expect(await send(server, french)).toEqual([400, expect.stringContaining('English')]);
    expect(uploads(server)).toEqual([]);
    expect((await server.ask('/audio/tasks/nobody/stream')).status).toBe(404);
  });

  test('that only begins like one fails with the reason', PATIENCE, async () => {
    const server = await serveFolder({});
    const form = audio(Buffer.concat([wav(1).subarray(0, 12), Buffer.from('no chunks at all')]));
    const frames = await framesOf(await post(server, '/audio/process-stream-realtime', form));
    expect(frames.map(({ step }) => step)).toEqual(['started', 'failed']);
    expect(frames.at(-1)?.message).toContain('no sound that can be read. Play it');
    await eventually(() => uploads(server)).toEqual([]);
  });

  /** A server that takes recordings of 10,000 bytes, and nothing else. */
  async function taking(patience?: PatienceLimits) {
    const folder = makeWorkspace({});
    const runs = new Runs(() => Promise.reject(new Error('nobody asks for runs')));
    const kept = new Uploads(folder, runs, 10_000);
    const refused: string[] = [];
    const app = newApp(undefined, new Refusals((line) => refused.push(line)), patience);
    onTestFinished(async () => {
      kept.dispose();
      await app.close();
    });
    app.post('/', async (request) => ({ path: (await kept.receive(request)).path }));
    const origin = await app.listen({ host: '127.0.0.1', port: 0 });
    return { folder, kept, origin, refused };
  }

  /** Sends a form in parts, each so many ms after the one before; the status of the answer. */
  async function sendSlowly(origin: string, form: FormData, parts: number, ms: number) {
    const whole = new Request(origin, { method: 'POST', body: form });
    const bytes = Buffer.from(await whole.arrayBuffer());
    const sent = request(origin, {
      method: 'POST',
      headers: {
        'content-type': whole.headers.get('content-type') ?? '',
        'content-length': bytes.length,
      },
    });
    const answered = emitted(sent, 'response') as Promise<[IncomingMessage]>;
    const size = Math.ceil(bytes.length / parts);
    const writing = (async () => {
      for (let at = 0; at < bytes.length && !sent.destroyed; at += size) {
        sent.write(bytes.subarray(at, at + size));
        await setTimeout(ms);
      }
      sent.end();
    })();
    const [answer] = await answered;
    answer.resume();
    sent.on('error', () => {});
    await writing;
    return answer.statusCode;
  }

  test('that comes slowly is waited for while it comes, and not longer', async () => {
    // Many times as long as a body may take, with something in each of these times.
    const { folder, origin } = await taking({ ms: 1000, bytes: 10 });
    expect(await sendSlowly(origin, audio(wav(0.1)), 40, 75)).toBe(200);
    expect(uploads({ folder })).toHaveLength(1);

    // Too little of it in each of these times.
    const strict = await taking({ ms: 300, bytes: 5000 });
    expect(await sendSlowly(strict.origin, audio(wav(0.1)), 40, 50)).toBe(408);
    await eventually(() => uploads(strict)).toEqual([]);
    await eventually(() => strict.refused).toEqual([expect.stringContaining('too slow')]);

    // A body that nobody waits for must come at once.
    const slow = await fetch(origin, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new ReadableStream({
        async pull(controller) {
          controller.enqueue(Buffer.from(' '));
          await setTimeout(20);
        },
      }),
      duplex: 'half',
    } as RequestInit);
    expect(slow.status).toBe(408);
  });

  test('and too large is not kept', async () => {
    const { folder, kept, origin } = await taking();
    const answer = await fetch(origin, { method: 'POST', body: audio(wav(5)) });
    expect(answer.status).toBe(413);
    expect(uploads({ folder })).toEqual([]);
    const small = await fetch(origin, { method: 'POST', body: audio(wav(0.1), '../../ä b.mp3') });
    const { path } = (await small.json()) as { path: string };
    expect(path).toMatch(/^\.sluice\/uploads\/[0-9a-f]{16}\/a-b\.wav$/);
    expect(readFileSync(join(folder, path)).length).toBe(wav(0.1).length);
    // Another server of the workspace may still need it.
    await kept.sweep();
    expect(uploads({ folder })).toHaveLength(1);
    writeFileSync(join(folder, path), '');
  });
});
