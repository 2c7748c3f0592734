import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extension } from './support.ts';

interface Contributed {
  readonly command: string;
  readonly title: string;
  readonly category: string;
}

/** Loading the bundle and registering everything, in ms: a window must not feel it. */
const ACTIVATION_TARGET = 500;

describe('the extension', () => {
  it('is not active in a workspace that it has nothing to do with', () => {
    assert.equal(extension().isActive, false);
  });

  it('activates quickly', async () => {
    const begin = performance.now();
    await extension().activate();
    const ms = performance.now() - begin;
    console.log(`      activated after ${ms.toFixed(0)} ms`);
    assert.ok(extension().isActive);
    assert.ok(ms < ACTIVATION_TARGET, `${ms} ms`);
  });

  it('exports nothing', async () => {
    assert.equal(await extension().activate(), undefined);
    assert.equal(extension().exports, undefined);
  });

  it('registers every command that it contributes, each with a title', async () => {
    const { contributes } = extension().packageJSON as {
      contributes: { commands: readonly Contributed[] };
    };
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.ok(contributes.commands.length >= 7);
    for (const { command, title, category } of contributes.commands) {
      assert.ok(registered.has(command), `${command} is not registered`);
      assert.equal(category, 'Sluice');
      assert.match(title, /^[A-Z]\S+( \S+)*$/);
    }
    const ours = [...registered].filter((id) => /^sluice\.[a-zA-Z]+$/.test(id));
    const contributed = new Set(contributes.commands.map(({ command }) => command));
    assert.deepEqual(
      ours.filter((id) => !contributed.has(id)),
      [],
    );
  });
});
