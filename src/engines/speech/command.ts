import { availableParallelism } from 'node:os';
import { names, runCommand } from '../command.ts';
import { EngineError } from '../error.ts';
import { boundLength } from '../language/bound.ts';
import { decodeSound } from '../sound/decode.ts';
import type { SpeakOptions, SpeechChunk, SpeechEngine } from './engine.ts';

const LONGEST = 4000;

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

function run(
  command: readonly string[],
  text: string,
  { voice, speed = 1, language = 'en', signal }: SpeakOptions,
): Promise<Uint8Array> {
  const told = names(command, 'text') || names(command, 'textfile');
  return runCommand({
    command,
    values: {
      // A text that starts with a dash would be taken for an option.
      text: text.startsWith('-') ? ` ${text}` : text,
      voice,
      speed: String(speed),
      wpm: String(Math.round(175 * speed)),
      language,
    },
    files: [{ name: 'textfile', file: 'text.txt', content: text }],
    output: 'speech.wav',
    stdin: told ? '' : text,
    signal,
  });
}
