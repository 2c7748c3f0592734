import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../../src/vscode/command-ids.ts';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly category: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
  };
}

test('package.json contributes the commands that are registered, and no others', async () => {
  const text = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
  const { contributes } = JSON.parse(text) as Manifest;
  const commands = contributes.commands.map(({ command }) => command);
  expect([...commands].sort()).toEqual([...COMMANDS].sort());
  expect(new Set(contributes.commands.map(({ category }) => category))).toEqual(
    new Set(['Sluice']),
  );
  const inMenus = Object.values(contributes.menus).flat();
  for (const { command } of inMenus) expect(commands).toContain(command);
});
