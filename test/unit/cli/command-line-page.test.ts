import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { makeWorkspace, sluice } from '../../support/sluice.ts';

const PAGE = readFileSync(
  fileURLToPath(new URL('../../../docs/command-line.md', import.meta.url)),
  'utf8',
);

test('docs/command-line.md has every command and every flag', async () => {
  const folder = makeWorkspace({});
  const { out } = await sluice(folder, ['--help']);
  const list = out.slice(out.indexOf('Commands:'));
  const commands = [...list.matchAll(/^ {2}(\w+)/gm)].map((match) => match[1] ?? '');
  expect(commands).toContain('run');
  for (const command of commands.filter((name) => name !== 'help')) {
    expect(PAGE).toContain(`    sluice ${command} `);
    const help = await sluice(folder, [command, '--help']);
    for (const [flag] of help.out.matchAll(/--[a-z]+/g)) {
      if (flag !== '--help') expect(PAGE, command).toContain(`${flag}`);
    }
  }
});
