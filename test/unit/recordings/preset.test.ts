import { expect, test } from 'vitest';
import { type ChooseTranscription, kindOf } from '../../../src/engines/transcription/choose.ts';
import { withPreset } from '../../../src/engines/transcription/preset.ts';

const AUTO: ChooseTranscription = { engine: 'auto' };

test('what was chosen writes it down, unless the batch names what is of another engine', () => {
  const env = {
    SLUICE_TRANSCRIPTION_ENGINE: 'openai',
    SLUICE_TRANSCRIPTION_MODEL: 'scribe',
    SLUICE_TRANSCRIPTION_URL: 'http://h/v1',
  };
  const chosen = { engine: 'openai', model: 'scribe', baseUrl: 'http://h/v1' };
  expect(withPreset(AUTO, env)).toEqual(chosen);
  expect(withPreset({ ...AUTO, language: 'fr', model: 'other' }, env)).toEqual({
    ...chosen,
    language: 'fr',
    model: 'other',
  });
  for (const own of [
    { ...AUTO, model: 'whisper-small' },
    { ...AUTO, model: 'small' },
    { ...AUTO, model: 'moonshine-tiny' },
    { ...AUTO, command: ['listen', '{input}'] },
    { engine: 'whisper' },
    { engine: 'openai', baseUrl: 'http://other/v1' },
  ] as const) {
    expect(withPreset(own, env)).toEqual(own);
  }
  expect(withPreset(AUTO, {})).toEqual(AUTO);
  const unknown = { SLUICE_TRANSCRIPTION_ENGINE: 'ears' };
  expect(() => withPreset(AUTO, unknown)).toThrow('unknown engine: ears');
});

test('Moonshine, when it was chosen, leaves other languages to Whisper', () => {
  const env = { SLUICE_TRANSCRIPTION_ENGINE: 'moonshine' };
  const kind = (options: ChooseTranscription) => kindOf(withPreset(options, env));
  expect(kind(AUTO)).toBe('moonshine');
  expect(kind({ ...AUTO, language: 'en-GB' })).toBe('moonshine');
  expect(kind({ ...AUTO, language: 'fr' })).toBe('whisper');
  expect(kind({ ...AUTO, model: 'whisper-tiny' })).toBe('whisper');
  expect(kindOf({ ...AUTO, model: 'moonshine-tiny' })).toBe('moonshine');
});

test('a program is told as it is typed', () => {
  const env = (command: string) => ({
    SLUICE_TRANSCRIPTION_ENGINE: 'command',
    SLUICE_TRANSCRIPTION_COMMAND: command,
  });
  expect(withPreset(AUTO, env("'/my tools/listen' -f {input}"))).toMatchObject({
    engine: 'command',
    command: ['/my tools/listen', '-f', '{input}'],
  });
  expect(() => withPreset(AUTO, env("listen '{input}"))).toThrow('cannot be read');
});
