import { expect, test } from 'vitest';
import { askQueuePassword, chosenQueue } from '../../../src/vscode/queue.ts';
import { Secrets } from '../../../src/vscode/secrets.ts';
import { FakeWindow } from './engines/fake-window.ts';

function setUp(): { window: FakeWindow; secrets: Secrets } {
  const window = new FakeWindow();
  return { window, secrets: new Secrets(window.module, window.secrets) };
}

test('without a setting runs are done here', async () => {
  const { window, secrets } = setUp();
  expect(await chosenQueue(window.module, secrets)).toBeUndefined();
});

test('the password is kept for one host and port, and goes to no other', async () => {
  const { window, secrets } = setUp();
  window.user.set('queue', 'rediss://worker@one.example:7/2?prefix=team').set('queueKey', '/key');
  window.answers.push('hunter2: é');
  await askQueuePassword(window.module, secrets);
  expect(await chosenQueue(window.module, secrets)).toEqual({
    url: 'rediss://worker:hunter2%3A%20%C3%A9@one.example:7/2?prefix=team',
    key: '/key',
  });
  window.user.set('queue', 'rediss://two.example:7').delete('queueKey');
  expect(await chosenQueue(window.module, secrets)).toEqual({ url: 'rediss://two.example:7' });
  // No run of another kind gets it.
  expect(JSON.stringify(await secrets.environment())).not.toContain('hunter2');
  window.user.set('queue', 'rediss://one.example:7');
  window.answers.push('');
  await askQueuePassword(window.module, secrets);
  expect(await chosenQueue(window.module, secrets)).toEqual({ url: 'rediss://one.example:7' });
});

test('a password in the setting is refused, and so is what is no address', async () => {
  const { window, secrets } = setUp();
  window.user.set('queue', 'redis://:hunter2@h');
  await expect(chosenQueue(window.module, secrets)).rejects.toThrow(/Set Queue Password/);
  await expect(chosenQueue(window.module, secrets)).rejects.not.toThrow(/hunter2/);
  window.user.set('queue', 'localhost');
  await expect(chosenQueue(window.module, secrets)).rejects.toThrow(/It is redis:/);
});
