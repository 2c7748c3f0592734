import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExecaError, execa } from 'execa';
import { EngineError } from '../error.ts';
import { boundLength } from '../language/bound.ts';
import { decodeSound } from '../sound/decode.ts';
import type { SpeakOptions, SpeechChunk, SpeechEngine } from './engine.ts';

const LONGEST = 4000;
const SECRET = /key|token|secret|passw|credential|auth/i;

/**
 * Any program that speaks, as its arguments: `["espeak-ng", "-v", "{voice}", "-w", "{output}", "-f",
 * "{textfile}"]`. Without `{text}` and `{textfile}` the text comes on its standard input; without
 * `{output}` its standard output is the sound. `{voice}`, `{language}`, `{speed}` (1 is normal) and
 * `{wpm}` (175 words a minute is) are filled in too. Environment variables that look like secrets are not
 * passed on. The program and its children are ended when the signal is aborted.
 */
export function createCommand(command: readonly string[]): SpeechEngine {
  const [program] = command;
  if (program === undefined || program === '') {
    throw new EngineError('there is no `command` to speak with', {
      hint: 'Give a list, such as `command: [espeak-ng, -w, "{output}", -f, "{textfile}"]`.',
      retry: false,
    });
  }
  return {
    name: 'command',
    model: { name: program },
    takes: { text: 'written', unit: 'paragraph' },
    concurrency: availableParallelism(),
    async *speak(text, options = {}): AsyncGenerator<SpeechChunk> {
      for (const piece of boundLength(text, LONGEST)) {
        options.signal?.throwIfAborted();
        yield { ...(await decodeSound(await run(command, piece, options))), text: piece };
      }
    },
    async close() {},
  };
}

async function run(
  command: readonly string[],
  text: string,
  options: SpeakOptions,
): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-speak-'));
  const places = {
    // A text that starts with a dash would be taken for an option.
    text: text.startsWith('-') ? ` ${text}` : text,
    textfile: join(folder, 'text.txt'),
    output: join(folder, 'speech.wav'),
    voice: options.voice,
    speed: String(options.speed ?? 1),
    wpm: String(Math.round(175 * (options.speed ?? 1))),
    language: options.language ?? 'en',
  };
  const has = (name: string) => command.some((argument) => argument.includes(`{${name}}`));
  try {
    const [program = '', ...args] = command.map((argument) => fill(argument, places));
    if (has('textfile')) await writeFile(places.textfile, text);
    const { stdout } = await execa(program, args, {
      input: has('text') || has('textfile') ? '' : text,
      encoding: 'buffer',
      maxBuffer: 500_000_000,
      env: safeEnvironment(),
      extendEnv: false,
      killDescendants: true,
      forceKillAfterDelay: 2000,
      ...(options.signal && { cancelSignal: options.signal }),
    });
    return has('output') ? await readFile(places.output) : stdout;
  } catch (error) {
    options.signal?.throwIfAborted();
    throw commandError(command[0] ?? '', error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function fill(argument: string, places: Readonly<Record<string, string | undefined>>): string {
  return argument.replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (!Object.hasOwn(places, name)) return whole;
    const value = places[name];
    if (value !== undefined) return value;
    throw new EngineError(`\`command\` has {${name}}, but \`${name}\` is not set`, {
      retry: false,
    });
  });
}

function safeEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !SECRET.test(name)));
}

function commandError(program: string, error: unknown): unknown {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    const made = 'path' in error && String(error.path).endsWith('speech.wav');
    return made
      ? new EngineError(`${program} ended well, but wrote no sound to {output}`, { retry: false })
      : new EngineError(`cannot find the program ${program}`, {
          hint: 'Install it, or give its whole path in `command`.',
          retry: false,
          cause: error,
        });
  }
  if (!(error instanceof ExecaError)) return error;
  const said =
    Buffer.from(error.stderr ?? '')
      .toString()
      .trim()
      .split('\n')
      .at(-1) ?? '';
  const end = error.exitCode === undefined ? error.shortMessage : `exit code ${error.exitCode}`;
  return new EngineError(`${program} failed (${end})${said === '' ? '' : `: ${said}`}`, {
    cause: error,
  });
}
