import { assertProgram, names, runCommand } from '../command.ts';
import { EngineError } from '../error.ts';
import { decodeText } from '../language/utf8.ts';
import { parseCaptions } from '../sound/captions.ts';
import { wavBytes } from '../sound/wav.ts';
import { HEARING_RATE, type Heard, type Speech, type TranscriptionEngine } from './engine.ts';
import { spreadWords } from './words.ts';

/**
 * Any program that writes down speech, as its arguments: `["whisper-cli", "-l", "{language}", "-osrt", "-of",
 * "{output}", "{input}"]`. `{input}` is a WAV file, mono, 16 kHz. What it writes to `{output}`, or without that to its
 * standard output, is the text; where that is SRT or WebVTT, its times are used.
 */
export function createCommandTranscription(command: readonly string[]): TranscriptionEngine {
  const [program] = command;
  if (program === undefined || program === '' || !names(command, 'input')) {
    throw new EngineError('there is no `command` to transcribe with', {
      hint: 'Give a list with the sound in it, such as `command: [whisper-cli, -np, "{input}"]`.',
      retry: false,
    });
  }
  assertProgram(program);
  return {
    name: 'command',
    model: { name: program },
    // A program loads its model each time.
    limits: { longest: 300, enough: 240, first: 240, pause: 30 },
    timed: false,
    check(language) {
      if (language === undefined && names(command, 'language')) {
        throw new EngineError('`command` has {language}, but `language` is not set', {
          hint: 'Set `language` of the step, such as `language: en`.',
          retry: false,
        });
      }
    },
    async *hear(speech: Speech, { language, signal }): AsyncGenerator<string, Heard> {
      const bytes = await runCommand({
        command,
        values: { language },
        files: [
          {
            name: 'input',
            file: 'speech.wav',
            content: await wavBytes(speech.samples, HEARING_RATE),
          },
        ],
        output: 'text',
        signal,
      });
      const said = decodeText(bytes, program);
      const cues = parseCaptions(said);
      const text = (cues?.map((cue) => cue.text).join(' ') ?? said).replace(/\s+/g, ' ').trim();
      yield text;
      const words =
        cues?.flatMap((cue) =>
          spreadWords(cue.text, [{ start: speech.start + cue.start, end: speech.start + cue.end }]),
        ) ?? spreadWords(text, speech.ranges);
      return { text, words, language: language ?? 'und' };
    },
    async close() {},
  };
}
