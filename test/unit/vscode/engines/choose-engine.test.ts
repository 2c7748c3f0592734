import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { QuickPickItem } from 'vscode';
import { modelStore } from '../../../../src/models/store.ts';
import { wrongAddress } from '../../../../src/vscode/engines/endpoint-questions.ts';
import { chooseEngine, engineLines } from '../../../../src/vscode/engines/engines.ts';
import { LanguageModels } from '../../../../src/vscode/engines/language-models.ts';
import { wrongCommand } from '../../../../src/vscode/engines/transcription-need.ts';
import { Secrets } from '../../../../src/vscode/secrets.ts';
import { settingsEnvironment } from '../../../../src/vscode/settings.ts';
import { FakeUri } from '../../../support/fake-vscode.ts';
import { type FakeEndpoint, fakeEndpoint, refuse } from '../../text/fake-endpoint.ts';
import { type FakeModel, FakeWindow, LanguageModelError } from './fake-window.ts';

type Row = QuickPickItem & { readonly baseUrl?: string };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-engines-'));
  // The machine's own would be one more endpoint.
  vi.stubEnv('OPENAI_API_KEY', undefined);
  vi.stubEnv('OPENAI_BASE_URL', undefined);
  vi.spyOn(process, 'availableMemory').mockReturnValue(4e9);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function open() {
  const window = new FakeWindow();
  const vscode = window.module;
  const secrets = new Secrets(vscode, window.secrets);
  const languageModels = new LanguageModels(vscode);
  const store = () => modelStore({ ...process.env, SLUICE_MODELS: folder });
  return { window, parts: { vscode, secrets, languageModels, store } };
}

/** Chooses the row of this label, behind that of the need where one is named. */
const row =
  (label: string, need = '') =>
  (rows: readonly Row[]) =>
    rows
      .slice(need === '' ? 0 : rows.findIndex((one) => one.label === need))
      .find((one) => one.label === label) ?? expect.fail(`no row ${label}`);

async function rowsOf({ window, parts }: ReturnType<typeof open>): Promise<readonly Row[]> {
  let seen: readonly Row[] = [];
  window.answers.push((rows: readonly Row[]) => {
    seen = rows;
  });
  await chooseEngine(parts);
  return seen;
}

async function endpoint(): Promise<FakeEndpoint> {
  const made = await fakeEndpoint();
  onTestFinished(() => made.close());
  return made;
}

const models =
  (key: string | undefined, ...ids: readonly string[]): FakeEndpoint['answer'] =>
  (response, { headers }) => {
    if (key !== undefined && headers.authorization !== `Bearer ${key}`) {
      return refuse(response, 401, { message: 'no' });
    }
    const data = ids.map((id) => ({ id }));
    response.writeHead(200, { 'content-type': 'application/json' });
    return response.end(JSON.stringify({ data }));
  };

test('each need shows what is in use, ready, to be fetched, and what needs a key', async () => {
  const opened = open();
  const rows = await rowsOf(opened);
  const shown = rows.map(({ label, description }) => [label, description]);
  expect(shown).toEqual([
    ['Text', undefined],
    ['Automatic', 'in use · now TinyLlama 1.1B Chat, 2 bits'],
    ['TinyLlama 1.1B Chat, 2 bits', 'to be fetched · 322.6 MB · Apache-2.0 · 0.5 GB memory'],
    ['A GGUF file of your own…', 'any model of llama.cpp'],
    ['OpenAI', 'needs a key'],
    ['An endpoint with the OpenAI API…', 'Ollama · LM Studio · llama.cpp · vLLM'],
    ['Language models of VS Code', 'not here · GitHub Copilot and other extensions bring some'],
    ['Voice', undefined],
    ['Automatic', 'in use · now Kokoro 82M, full precision'],
    [
      'Kokoro 82M, full precision',
      'to be fetched · English · 363.5 MB · Apache-2.0, BSD-2-Clause · 1.1 GB memory',
    ],
    [
      'Kokoro 82M, 8 bits',
      'to be fetched · English · 130.4 MB · Apache-2.0, BSD-2-Clause · 0.8 GB memory',
    ],
    ['flite, as WebAssembly', 'to be fetched · English · 21.5 MB · BSD-like (CMU)'],
    ['OpenAI', 'needs a key'],
    ['An endpoint with the OpenAI API…', 'Kokoro-FastAPI · LocalAI · Speaches'],
    ['Transcription', undefined],
    ['Automatic', 'in use · now Moonshine tiny, 8 bits'],
    ['Moonshine tiny, 8 bits', 'to be fetched · English · fast, word by word · 30.5 MB · MIT'],
    ...[
      ['tiny', '45.7', '0.9'],
      ['base', '81.7', '1.3'],
      ['small', '253.9', '2.7'],
    ].map(([size, bytes, memory]) => [
      `Whisper ${size}, 8 bits`,
      `to be fetched · about 100 languages · ${bytes} MB · Apache-2.0, MIT · ${memory} GB memory`,
    ]),
    ['OpenAI', 'needs a key'],
    ['An endpoint with the OpenAI API…', 'Speaches · LocalAI'],
    ['A program of your own…', 'whisper.cpp · faster-whisper'],
  ]);
  expect(await engineLines(opened.parts)).toEqual([
    { need: 'text', name: 'TinyLlama 1.1B Chat, 2 bits', ready: false },
    { need: 'voice', name: 'Kokoro 82M, full precision', ready: false },
    { need: 'transcription', name: 'Moonshine tiny, 8 bits', ready: false },
  ]);
});

test('an endpoint is asked for its models, its key where it wants one', async () => {
  const server = await endpoint();
  server.answer = models('right', 'embed', 'chat-2', 'chat-1');
  const opened = open();
  const { window, parts } = opened;
  let offered: readonly Row[] = [];
  window.answers.push(
    row('An endpoint with the OpenAI API…', 'Voice'),
    row('Another address…'),
    `${server.baseUrl}/`,
    'wrong',
  );
  // That is for voices: it is refused, and given up.
  window.answers.push(undefined);
  await chooseEngine(parts);
  expect(window.messages).toEqual([
    expect.stringMatching(/^127\.0\.0\.1:\d+ refused the key \(HTTP 401\)\. Check the key/),
  ]);
  expect([...window.kept, ...window.user]).toEqual([]);

  window.messages.length = 0;
  window.answers.push(
    (rows: readonly Row[]) => rows.find(({ label }) => label.startsWith('An endpoint')),
    row('Another address…'),
    `${server.baseUrl}/`,
    'wrong',
    { way: 'key' },
    'right',
    (rows: readonly Row[]) => {
      offered = rows;
      return rows[1];
    },
  );
  await chooseEngine(parts);
  expect(offered.map(({ label }) => label)).toEqual(['chat-1', 'chat-2', 'embed']);
  expect(Object.fromEntries(window.user)).toEqual({
    'text.engine': 'openai',
    'text.model': 'chat-2',
    'text.baseUrl': server.baseUrl,
  });
  expect([...window.kept]).toEqual([
    [`sluice.endpointKey:${new URL(server.baseUrl).origin}`, 'right'],
  ]);
  const host = new URL(server.baseUrl).host;
  expect(window.messages.at(-1)).toBe(`Sluice: Text from now on: ${host}`);
  expect((await engineLines(parts))[0]).toEqual({ need: 'text', name: host, ready: true });
  expect(await rowsOf(opened)).toContainEqual(
    expect.objectContaining({ label: host, description: `in use · chat-2 · ${server.baseUrl}` }),
  );
});

test('an endpoint without a list of models takes the name of one', async () => {
  const server = await endpoint();
  server.answer = (response) => refuse(response, 404, { message: 'nothing here' });
  const { window, parts } = open();
  window.answers.push(
    row('An endpoint with the OpenAI API…', 'Voice'),
    row('Another address…'),
    server.baseUrl,
    { way: 'as it is' },
    ' speech-1 ',
    row('Another voice…'),
    'nova',
  );
  await chooseEngine(parts);
  expect(Object.fromEntries(window.user)).toEqual({
    'voice.engine': 'openai',
    'voice.model': 'speech-1',
    'voice.baseUrl': server.baseUrl,
    'voice.voice': 'nova',
  });
});

test('OpenAI wants a key before anything is asked', async () => {
  const { window, parts } = open();
  window.answers.push((rows: readonly Row[]) => rows.find(({ label }) => label === 'OpenAI'));
  await chooseEngine(parts);
  expect(window.prompts).toEqual([expect.stringContaining('The key for OpenAI')]);
  expect(window.user.size).toBe(0);
});

test('a model of VS Code is tried first; a refusal is said and can be tried again', async () => {
  const { window, parts } = open();
  let allowed = false;
  const model: FakeModel = {
    vendor: 'acme',
    id: 'one',
    family: 'f',
    name: '$(alert) [One](command:evil)',
    async sendRequest() {
      if (!allowed) throw LanguageModelError.NoPermissions();
      return {
        text: (async function* () {
          yield 'ready';
        })(),
      };
    },
  };
  window.models = [model];
  const label = '$\u200b(alert) [One]\u200b(command:evil)';
  window.answers.push(row(label), undefined);
  await chooseEngine(parts);
  expect(window.messages).toEqual([expect.stringContaining('was not allowed')]);
  expect(window.user.size).toBe(0);

  allowed = true;
  window.answers.push(row(label));
  await chooseEngine(parts);
  expect(Object.fromEntries(window.user)).toEqual({
    'text.engine': 'vscode',
    'text.model': 'acme/one',
  });
  expect((await engineLines(parts))[0]).toEqual({ need: 'text', name: model.name, ready: true });

  // Its extension is gone.
  window.models = [];
  expect((await engineLines(parts))[0]).toEqual({ need: 'text', name: 'acme/one', ready: false });
});

test('the automatic voice is the one that fits in memory', async () => {
  const { parts } = open();
  vi.mocked(process.availableMemory).mockReturnValue(1.2e9);
  expect((await engineLines(parts))[1]?.name).toBe('Kokoro 82M, 8 bits');
  vi.mocked(process.availableMemory).mockReturnValue(0.5e9);
  expect((await engineLines(parts))[1]?.name).toBe('flite, as WebAssembly');
});

test('what is in use wakes no extension that brings models, unless it is one of them', async () => {
  const { window, parts } = open();
  let woken = 0;
  Object.defineProperty(window, 'models', {
    get() {
      woken += 1;
      return [];
    },
  });
  await engineLines(parts);
  expect(woken).toBe(0);
});

test('what writes down recordings is a model of this machine, or a program', async () => {
  const { window, parts } = open();
  // Its models are small, and those of the machine.
  const here = { ...parts, store: () => modelStore() };
  const used = async () => (await engineLines(here))[2];
  window.answers.push(row('Whisper tiny, 8 bits'));
  await chooseEngine(here);
  expect(settingsEnvironment(parts.vscode)).toEqual({
    SLUICE_TRANSCRIPTION_ENGINE: 'whisper',
    SLUICE_TRANSCRIPTION_MODEL: 'whisper-tiny',
  });
  expect(await used()).toEqual({
    need: 'transcription',
    name: 'Whisper tiny, 8 bits',
    ready: true,
  });

  const program = join(folder, 'listen');
  const command = `'${program}' -f {input}`;
  window.answers.push(row('A program of your own…'), ` ${command} `);
  window.ofWorkspace.set('transcription.engine', 'auto').set('transcription.command', '');
  await chooseEngine(here);
  // A workspace says what is used, and never what is run.
  expect(Object.fromEntries(window.ofWorkspace)).toEqual({
    'transcription.engine': 'command',
    'transcription.command': '',
  });
  window.ofWorkspace.clear();
  window.user.set('transcription.engine', 'command');
  expect(settingsEnvironment(parts.vscode)).toMatchObject({
    SLUICE_TRANSCRIPTION_COMMAND: command,
  });
  expect(await used()).toEqual({ need: 'transcription', name: 'listen', ready: false });
  writeFileSync(program, '', { mode: 0o755 });
  expect((await used())?.ready).toBe(true);
});

test('a program is named with its recording', () => {
  const { l10n } = new FakeWindow().module;
  const wrong = (line: string) => wrongCommand(l10n, line);
  expect(wrong('node listen.js {input}')).toBeUndefined();
  expect(wrong('node listen.js')).toContain('{input}');
  expect(wrong('node "listen.js {input}')).toContain('quote');
  expect(wrong('node {input} \\')).toContain('backslash');
  expect(wrong('no-such-program {input}')).toContain('no-such-program');
});

test('a GGUF file is used as it is; one that is gone is said to be missing', async () => {
  const opened = open();
  const { window, parts } = opened;
  const path = join(folder, 'mine.gguf');
  writeFileSync(path, 'GGUF');
  window.answers.push(row('A GGUF file of your own…'), [FakeUri.file(path)]);
  await chooseEngine(parts);
  expect(Object.fromEntries(window.user)).toEqual({ 'text.engine': 'local', 'text.model': path });
  expect((await engineLines(parts))[0]).toEqual({ need: 'text', name: 'mine.gguf', ready: true });
  rmSync(path);
  expect((await engineLines(parts))[0]?.ready).toBe(false);

  window.answers.push((rows: readonly Row[]) => rows.find(({ label }) => label === 'Automatic'));
  await chooseEngine(parts);
  expect(window.user.size).toBe(0);
});

test('an address holds no secret', () => {
  const { l10n } = new FakeWindow().module;
  expect(wrongAddress(l10n, ' https://host.example/v1 ')).toBeUndefined();
  for (const address of [
    '',
    'localhost:11434',
    'ftp://host/v1',
    'https://me:secret@host/v1',
    'https://host/v1?key=secret',
    'https://host/v1#x',
  ]) {
    expect(wrongAddress(l10n, address)).toBeDefined();
  }
});
