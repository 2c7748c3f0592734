import { homedir } from 'node:os';
import { basename } from 'node:path';
import { names } from '../../engines/command.ts';
import {
  DEFAULT_WHISPER,
  MOONSHINE,
  VOICE_DETECTOR,
  WHISPER_MODELS,
} from '../../engines/transcription/choose.ts';
import { splitCommand } from '../../process/command-line.ts';
import { findProgram } from '../../process/failure.ts';
import { settingsEnvironment } from '../settings.ts';
import type { Vscode } from '../vscode.ts';
import { choose, chosenFor } from './chosen.ts';
import { endpointOptions } from './endpoint-options.ts';
import { fetchModels } from './fetch-models.ts';
import { localModels } from './local-models.ts';
import type { EngineOption, EngineParts, Need } from './need.ts';

/** Servers on one's own machine that write down speech. */
const SERVERS = [
  { name: 'Speaches', baseUrl: 'http://localhost:8000/v1' },
  { name: 'LocalAI', baseUrl: 'http://localhost:8080/v1' },
];

/** The engines of this machine: the quickest first. */
const LOCAL = [
  { engine: 'moonshine', model: MOONSHINE },
  ...WHISPER_MODELS.map((model) => ({ engine: 'whisper', model }) as const),
] as const;

/** What can write down speech: the engines of the step `transcribe`. */
export function transcriptionNeed(parts: EngineParts): Need {
  return {
    id: 'transcription',
    title: parts.vscode.l10n.t('Transcription'),
    options: () => list(parts),
    used: async () => (await list(parts)).find(({ inUse }) => inUse),
  };
}

async function list(parts: EngineParts): Promise<readonly EngineOption[]> {
  const { vscode, secrets, store } = parts;
  const env = {
    ...process.env,
    ...settingsEnvironment(vscode),
    ...(await secrets.environment()),
  };
  const local = await Promise.all(LOCAL.map((one) => localOption(parts, one)));
  const use = {
    need: 'transcription',
    title: vscode.l10n.t('An endpoint for transcription'),
    suggestions: SERVERS,
    likely: /whisper|transcri|speech|asr|voxtral/i,
    // Where somebody speaks is found on this machine: only that is sent.
    more: async <T>(chosen: T) =>
      (await fetchModels(vscode, store(), [VOICE_DETECTOR])) ? chosen : undefined,
  } as const;
  return [
    automatic(parts, local),
    ...local,
    ...endpointOptions(parts, use, env),
    ...programs(parts, env),
  ];
}

function automatic({ vscode }: EngineParts, local: readonly EngineOption[]): EngineOption {
  const [moonshine] = local;
  return {
    name: vscode.l10n.t('Automatic'),
    readiness: 'ready',
    about: [vscode.l10n.t('Moonshine for English, otherwise Whisper base')],
    inUse: chosenFor(vscode, 'transcription').engine === 'auto',
    ...(moonshine && {
      worker: { name: moonshine.name, ready: moonshine.readiness === 'ready' },
    }),
    async choose() {
      await choose(vscode, 'transcription', { engine: 'auto' });
      return true;
    },
  };
}

async function localOption(
  { vscode, store }: EngineParts,
  { engine, model }: (typeof LOCAL)[number],
): Promise<EngineOption> {
  const { l10n } = vscode;
  const models = [model, VOICE_DETECTOR];
  const chosen = chosenFor(vscode, 'transcription');
  const meant = chosen.model ?? (engine === 'whisper' ? DEFAULT_WHISPER : MOONSHINE);
  const [own] = await store().list([model]);
  const { readiness, about } = await localModels(vscode, store(), models);
  const hears =
    engine === 'moonshine'
      ? [l10n.t('English'), l10n.t('fast, word by word')]
      : [l10n.t('about 100 languages')];
  return {
    name: own?.title ?? model,
    readiness,
    about: [...hears, ...about],
    inUse: chosen.engine === engine && meant === model,
    async choose() {
      if (!(await fetchModels(vscode, store(), models))) return false;
      await choose(vscode, 'transcription', { engine, model });
      return true;
    },
  };
}

/** The program that is in use, and any other one. */
function programs(parts: EngineParts, env: NodeJS.ProcessEnv): readonly EngineOption[] {
  const { vscode } = parts;
  const { engine, command = '' } = chosenFor(vscode, 'transcription');
  const other: EngineOption = {
    name: vscode.l10n.t('A program of your own…'),
    readiness: 'ask',
    about: ['whisper.cpp', 'faster-whisper'],
    inUse: false,
    choose: () => chooseProgram(parts, command),
  };
  if (engine !== 'command') return [other];
  const argv = splitCommand(command);
  const program = typeof argv === 'string' ? '' : (argv[0] ?? '');
  const inUse: EngineOption = {
    name: basename(program) || '?',
    readiness: isHere(program, env) ? 'ready' : 'missing',
    about: [command],
    inUse: true,
    choose: () => chooseProgram(parts, command),
  };
  return [inUse, other];
}

async function chooseProgram({ vscode, store }: EngineParts, line: string): Promise<boolean> {
  const { l10n, window } = vscode;
  const command = await window.showInputBox({
    title: l10n.t('A program for transcription'),
    prompt: l10n.t(
      'The program and its arguments. {0} is a WAV file; it prints text, SRT or WebVTT.',
      '{input}',
    ),
    placeHolder: 'whisper-cli -np -m model.bin -f {input}',
    value: line,
    ignoreFocusOut: true,
    validateInput: (value) => wrongCommand(l10n, value),
  });
  if (command === undefined) return false;
  if (!(await fetchModels(vscode, store(), [VOICE_DETECTOR]))) return false;
  await choose(vscode, 'transcription', { engine: 'command', command: command.trim() });
  return true;
}

/** What is wrong with a command line, for the person who types it. */
export function wrongCommand(l10n: Vscode['l10n'], line: string): string | undefined {
  const argv = splitCommand(line);
  if (argv === 'quote') return l10n.t('A quote is opened and not closed.');
  if (argv === 'escape') return l10n.t('There is nothing after the last backslash.');
  if (!names(argv, 'input')) return l10n.t('It does not name the recording: {0}', '{input}');
  const [program = ''] = argv;
  return isHere(program, process.env)
    ? undefined
    : l10n.t('There is no program {0} on PATH.', program);
}

/** Windows has more ways to find a program than can be told from here. */
function isHere(program: string, env: NodeJS.ProcessEnv): boolean {
  return process.platform === 'win32' || findProgram(program, homedir(), env) !== undefined;
}
