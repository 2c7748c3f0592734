import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SluiceApi } from '../../../src/vscode/public.ts';
import { extension } from './support.ts';

interface Contributes {
  readonly commands: readonly {
    readonly command: string;
    readonly title: string;
    readonly category: string;
  }[];
  readonly menus: Readonly<Record<string, readonly { readonly command?: string }[]>>;
  readonly configuration: readonly {
    readonly title: string;
    readonly properties: Readonly<
      Record<
        string,
        {
          readonly description?: string;
          readonly markdownDescription?: string;
          readonly default: unknown;
        }
      >
    >;
  }[];
}

function contributes(): Contributes {
  return (extension().packageJSON as { contributes: Contributes }).contributes;
}

describe('the extension', () => {
  it('is not active in a workspace that it has nothing to do with', () => {
    assert.equal(extension().isActive, false);
  });

  // `npm run package` measures it; under a test run's load a limit would say nothing.
  it('activates', async () => {
    const begin = performance.now();
    await extension().activate();
    console.log(`      activated after ${(performance.now() - begin).toFixed(0)} ms`);
    assert.ok(extension().isActive);
  });

  it('exports its API, and the same one to everyone', async () => {
    const api = (await extension().activate()) as SluiceApi;
    assert.equal(api.version, 1);
    assert.deepEqual(Object.keys(api).sort(), ['getRuns', 'onDidEvent', 'runBatch', 'version']);
    assert.equal(extension().exports, api);
  });

  it('registers every command that it contributes, each with a title, and no others', async () => {
    const contributed = contributes().commands.map(({ command }) => command);
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      contributed.filter((id) => !registered.has(id)),
      [],
    );
    for (const { title, category } of contributes().commands) {
      assert.equal(category, 'Sluice');
      assert.match(title, /^[A-Z]\S+( \S+)*$/);
    }
    const ours = [...registered].filter((id) => /^sluice\.[a-zA-Z]+$/.test(id));
    assert.deepEqual(
      ours.filter((id) => !contributed.includes(id)),
      [],
    );
  });

  it('has no menu with a command that does not exist', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    const entries = Object.values(contributes().menus).flat();
    assert.ok(entries.length > 10);
    for (const { command } of entries) {
      if (command !== undefined) assert.ok(registered.has(command), command);
    }
  });

  it('has a setting for each that it contributes, described, with its default', () => {
    const groups = contributes().configuration;
    assert.ok(groups.length > 0);
    for (const { title, properties } of groups) {
      // VS Code has put the texts of package.nls.json in.
      assert.doesNotMatch(title, /%/);
      for (const [name, setting] of Object.entries(properties)) {
        assert.match(
          setting.markdownDescription ?? setting.description ?? '',
          /^[A-Z][^%]+\.$/,
          name,
        );
        const [, section = '', key = ''] = /^(sluice)\.(.+)$/.exec(name) ?? [];
        const found = vscode.workspace.getConfiguration(section).inspect(key);
        assert.deepEqual(found?.defaultValue, setting.default, name);
      }
    }
  });
});
