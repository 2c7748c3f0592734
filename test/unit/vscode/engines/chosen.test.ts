import { expect, test } from 'vitest';
import { choose, chosenFor, presetEnvironment } from '../../../../src/vscode/engines/chosen.ts';
import { Secrets } from '../../../../src/vscode/secrets.ts';
import { settingsEnvironment } from '../../../../src/vscode/settings.ts';
import { FakeWindow } from './fake-window.ts';

test('a choice is told to runs as variables; what it leaves out is cleared', async () => {
  const window = new FakeWindow();
  const vscode = window.module;
  expect(presetEnvironment(vscode)).toEqual({});
  await choose(vscode, 'text', { engine: 'openai', model: 'm', baseUrl: 'http://h/v1' });
  await choose(vscode, 'voice', { engine: 'kokoro', model: 'kokoro-q8', voice: 'am_puck' });
  expect(settingsEnvironment(vscode)).toEqual({
    SLUICE_TEXT_ENGINE: 'openai',
    SLUICE_TEXT_MODEL: 'm',
    SLUICE_TEXT_URL: 'http://h/v1',
    SLUICE_VOICE_ENGINE: 'kokoro',
    SLUICE_VOICE_MODEL: 'kokoro-q8',
    SLUICE_VOICE_VOICE: 'am_puck',
  });
  await choose(vscode, 'text', { engine: 'auto' });
  expect(chosenFor(vscode, 'text')).toEqual({ engine: 'auto' });
  expect([...window.user.keys()].filter((name) => name.startsWith('text'))).toEqual([]);
});

test('a choice goes where the workspace has one already, its address to the user alone', async () => {
  const window = new FakeWindow();
  window.ofWorkspace.set('text.engine', 'local').set('text.model', 'x.gguf');
  await choose(window.module, 'text', { engine: 'openai', model: 'm', baseUrl: 'http://h/v1' });
  expect(Object.fromEntries(window.ofWorkspace)).toEqual({
    'text.engine': 'openai',
    'text.model': 'm',
  });
  expect(Object.fromEntries(window.user)).toEqual({ 'text.baseUrl': 'http://h/v1' });
});

test('each key is kept for its scheme, host and port', async () => {
  const window = new FakeWindow();
  const secrets = new Secrets(window.module, window.secrets);
  expect(await secrets.environment()).toEqual({});
  await secrets.keep('https://one.example/v1', 'k1');
  await secrets.keep('http://one.example:8080/v1/', 'k2');
  await secrets.keep('https://api.openai.com/v1', 'k3');
  await secrets.keep('https://one.example/other', 'k4');
  const { SLUICE_KEYS, ...rest } = await secrets.environment();
  expect(rest).toEqual({ OPENAI_API_KEY: 'k3' });
  expect(JSON.parse(SLUICE_KEYS ?? '')).toEqual({
    'https://one.example': 'k4',
    'http://one.example:8080': 'k2',
  });
  await expect(secrets.keep('nonsense', 'k')).rejects.toThrow('no address');
});
