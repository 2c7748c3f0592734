import { expect, test } from 'vitest';
import { lineBuffering } from '../../../src/process/buffering.ts';
import { childEnvironment } from '../../../src/process/environment.ts';

test('hands down the user’s variables and makes Python live', () => {
  expect(
    childEnvironment({ inherited: { HOME: '/home/a', NO_COLOR: '1', GONE: undefined } }),
  ).toEqual({
    HOME: '/home/a',
    NO_COLOR: '1',
    PYTHONUNBUFFERED: '1',
    PYTHONIOENCODING: 'utf-8',
    PYTHONUTF8: '1',
  });
});

test('keeps from children what is the editor’s own, and secrets', () => {
  const env = childEnvironment({
    inherited: {
      PATH: '/bin',
      ELECTRON_RUN_AS_NODE: '1',
      VSCODE_PID: '1',
      VSCODE_GIT_ASKPASS_NODE: 'code',
      GIT_ASKPASS: 'askpass.sh',
      NODE_OPTIONS: '--require bootloader.js',
      SLUICE_TAG: 'outer',
      API_KEY: 'secret',
    },
    extra: { OWN: '1' },
    secrets: ['API_KEY'],
  });
  expect(Object.keys(env).sort()).toEqual(
    ['OWN', 'PATH', 'PYTHONIOENCODING', 'PYTHONUNBUFFERED', 'PYTHONUTF8'].sort(),
  );
});

test('keeps a person’s own NODE_OPTIONS, and what the batch says', () => {
  const env = childEnvironment({
    inherited: { NODE_OPTIONS: '--max-old-space-size=9000', KEY: 'outer' },
    extra: { PYTHONUNBUFFERED: '', KEY: 'own', ELECTRON_RUN_AS_NODE: '1' },
    secrets: ['KEY'],
  });
  expect(env).toMatchObject({
    NODE_OPTIONS: '--max-old-space-size=9000',
    PYTHONUNBUFFERED: '',
    KEY: 'own',
    ELECTRON_RUN_AS_NODE: '1',
  });
});

test('adds to what is preloaded already', () => {
  const added = lineBuffering({ LD_PRELOAD: '/a.so' });
  if (added['LD_PRELOAD'] !== undefined) expect(added['LD_PRELOAD']).toMatch(/^\/a\.so:.*stdbuf/);
});
