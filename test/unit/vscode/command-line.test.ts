import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../../../src/vscode/command-line.ts';
import { RunFixture } from '../../support/run-fixture.ts';

function lineFor(workspace: string, batch: string, shell: string): string {
  const { state } = new RunFixture('run', 'Run', ['a'], undefined, workspace);
  return commandLine({ ...state, run: { ...state.run, batch } }, shell);
}

const HOSTILE = ['plain.batch.yaml', 'a b.batch.yaml', `it's "$HOME" \`id\`; $(id) *?!\\.yaml`];

describe('the command line of a run', () => {
  test.each(HOSTILE)('is what a shell takes for itself: %s', (batch) => {
    const line = lineFor('/work folder', batch, '/bin/bash');
    const words = execFileSync('/bin/sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' });
    expect(words.split('\n')).toEqual([
      'sluice',
      'run',
      `/work folder/${batch}`,
      '--workspace',
      '/work folder',
      '',
    ]);
  });

  test('names the items, where only some were run', () => {
    const { state } = new RunFixture('run', 'Run', ['a']);
    const run = { ...state.run, only: [3, 7] };
    expect(commandLine({ ...state, run }, '/bin/sh')).toMatch(/ --item 3 --item 7$/);
  });

  test('is quoted as PowerShell and the command prompt want it', () => {
    const shells = {
      'C:\\Program Files\\PowerShell\\7\\pwsh.exe': `'/work folder/it''s 5% $x.yaml'`,
      'C:\\Windows\\System32\\cmd.exe': `"/work folder/it's 5"^%" $x.yaml"`,
      'C:\\Program Files\\Git\\bin\\bash.exe': `'/work folder/it'"'"'s 5% $x.yaml'`,
    };
    for (const [shell, word] of Object.entries(shells)) {
      expect(lineFor('/work folder', `it's 5% $x.yaml`, shell)).toContain(` ${word} `);
    }
  });
});
