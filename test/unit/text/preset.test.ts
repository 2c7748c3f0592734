import { expect, test } from 'vitest';
import { findEndpoint, hostOf } from '../../../src/engines/endpoint/endpoint.ts';
import { withPreset } from '../../../src/engines/speech/preset.ts';
import { chooseText } from '../../../src/engines/text/preset.ts';

const AUTO = { engine: 'auto' } as const;

test('what a batch leaves out is what the person chose; what it says wins', () => {
  const env = {
    SLUICE_TEXT_ENGINE: 'openai',
    SLUICE_TEXT_MODEL: 'chat-1',
    SLUICE_TEXT_URL: 'http://h/v1',
  };
  const chosen = { engine: 'openai', model: 'chat-1', baseUrl: 'http://h/v1' };
  expect(chooseText(AUTO, env)).toEqual(chosen);
  expect(chooseText({ engine: 'openai' }, env)).toEqual(chosen);
  expect(chooseText({ engine: 'openai', model: 'other' }, env)).toEqual({
    ...chosen,
    model: 'other',
  });
  // Another address has other models, another engine neither.
  expect(chooseText({ ...AUTO, baseUrl: 'http://other/v1' }, env)).toEqual({
    engine: 'openai',
    model: undefined,
    baseUrl: 'http://other/v1',
  });
  expect(chooseText({ engine: 'vscode' }, env)).toMatchObject({ engine: 'vscode' });
  expect(chooseText({ engine: 'local' }, env)).toEqual({
    engine: 'local',
    model: undefined,
    baseUrl: undefined,
  });
  expect(chooseText({ ...AUTO, model: 'mine.gguf' }, env).engine).toBe('local');
});

test('auto is the engine that was chosen, also against a key in the environment', () => {
  const env = { OPENAI_API_KEY: 'k', SLUICE_TEXT_ENGINE: 'vscode', SLUICE_TEXT_MODEL: 'a/b' };
  expect(chooseText(AUTO, env)).toEqual({ engine: 'vscode', model: 'a/b', baseUrl: undefined });
  expect(() => chooseText(AUTO, { SLUICE_TEXT_ENGINE: 'gpt' })).toThrow('unknown engine: gpt');
});

test('a key goes where it belongs, and nowhere else', () => {
  const env = {
    OPENAI_API_KEY: 'openai',
    SLUICE_KEYS: JSON.stringify({ 'https://one.example': 'one', 'http://one.example': 'plain' }),
  };
  const key = (baseUrl?: string, more = {}) => findEndpoint(baseUrl, { ...env, ...more }).key;
  expect(key()).toBe('openai');
  expect(key('https://api.openai.com/v1')).toBe('openai');
  expect(key('https://one.example/v1')).toBe('one');
  expect(key('http://one.example/v1')).toBe('plain');
  for (const other of [
    'https://one.example:8443/v1',
    'https://one.example.evil/v1',
    'https://one.example@evil.example/v1',
    'https://api.openai.com.evil/v1',
    'http://api.openai.com/v1',
    'nonsense',
  ]) {
    expect(key(other)).toBeUndefined();
  }
  expect(key('http://h/v1', { OPENAI_BASE_URL: 'http://h/v1/' })).toBe('openai');
  expect(key('http://h/v1', { SLUICE_OPENAI_KEY: 'any' })).toBe('any');
  expect(hostOf({ baseUrl: 'https://api.openai.com/v1', key: undefined })).toBe('OpenAI');
});

test('keys that cannot be read are not shown', () => {
  const broken = () => findEndpoint('http://h/v1', { SLUICE_KEYS: '{"http://h": "sk-secret' });
  expect(broken).toThrow('SLUICE_KEYS is no JSON object');
  expect(broken).not.toThrow('sk-secret');
});

test('a voice that was chosen speaks, unless the batch names one of another engine', () => {
  const env = {
    SLUICE_VOICE_ENGINE: 'openai',
    SLUICE_VOICE_VOICE: 'nova',
    SLUICE_VOICE_MODEL: 'tts-1',
    SLUICE_VOICE_URL: 'http://h/v1',
  };
  const chosen = { engine: 'openai', voice: 'nova', model: 'tts-1', baseUrl: 'http://h/v1' };
  expect(withPreset(AUTO, env)).toEqual(chosen);
  expect(withPreset({ ...AUTO, voice: 'echo', language: 'fr' }, env)).toEqual({
    ...chosen,
    voice: 'echo',
    language: 'fr',
  });
  expect(withPreset({ ...AUTO, voice: 'af_heart' }, env)).toEqual({ ...AUTO, voice: 'af_heart' });
  expect(withPreset({ ...AUTO, voice: 'slt' }, env)).toEqual({ ...AUTO, voice: 'slt' });
  expect(withPreset({ engine: 'flite' }, env)).toEqual({ engine: 'flite' });
  expect(withPreset({ engine: 'openai', baseUrl: 'http://other/v1' }, env)).toEqual({
    engine: 'openai',
    baseUrl: 'http://other/v1',
  });
  expect(() => withPreset(AUTO, { SLUICE_VOICE_ENGINE: 'x' })).toThrow('unknown engine: x');
});

test('a chosen engine that speaks English alone leaves other languages to others', () => {
  const env = { SLUICE_VOICE_ENGINE: 'kokoro', SLUICE_VOICE_VOICE: 'am_puck' };
  expect(withPreset({ ...AUTO, language: 'fr' }, env)).toEqual({ ...AUTO, language: 'fr' });
  expect(withPreset({ ...AUTO, language: 'en-GB' }, env)).toMatchObject({ voice: 'am_puck' });
  expect(withPreset(AUTO, { SLUICE_VOICE_VOICE: 'am_puck' })).toMatchObject({ voice: 'am_puck' });
});
