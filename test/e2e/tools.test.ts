import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { runsOf } from '../support/run-files.ts';
import { fileOf, openScene } from '../support/scene.ts';

/** An agent: an extension that calls the tool, and writes what it is answered. */
const AGENT = `
const { writeFileSync } = require('node:fs');
const vscode = require('vscode');
exports.activate = (context) => {
  context.subscriptions.push(vscode.commands.registerCommand('agent.run', async () => {
    const [{ uri }] = vscode.workspace.workspaceFolders;
    const input = { file: 'made.batch.yaml' };
    const answer = await vscode.lm
      .invokeTool('sluice_run_batch', { input, toolInvocationToken: undefined })
      .then(({ content }) => content[0].value, (error) => JSON.stringify({ error: error.message }));
    writeFileSync(vscode.Uri.joinPath(uri, 'answer.json').fsPath, answer);
  }));
};
`;

const BATCH = `
name: Made by an agent
inputs: [one, two]
steps: [{ run: [printf, "%s", "made of {input}"], env: { HIDDEN: "<img src=x onerror=alert(1)>" } }]
output: out/{slug}.txt
`;

function makeAgent(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-agent-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(folder, { recursive: true });
  const manifest = {
    name: 'agent',
    publisher: 'sluice-tests',
    version: '0.0.1',
    engines: { vscode: '^1.116.0' },
    main: './agent.js',
    contributes: { commands: [{ command: 'agent.run', title: 'Ask the Agent' }] },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'agent.js'), AGENT);
  return folder;
}

test('an agent runs a batch only after the person has seen the commands and said yes', async () => {
  const { folder, window } = await openScene(
    { 'made.batch.yaml': BATCH },
    { extensionPath: [fileOf(), makeAgent()] },
  );
  const answer = join(folder, 'answer.json');
  const dialog = window.page.locator('.monaco-dialog-box');

  await window.command('Ask the Agent');
  await dialog.waitFor();
  const text = (await dialog.textContent()) ?? '';
  expect(text).toContain('Run made.batch.yaml?');
  expect(text).toContain('printf %s "made of {input}"');
  expect(text).toContain('HIDDEN');
  expect(text).toContain('1. one');
  expect(text).toContain('out/one.txt');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await eventually(() => existsSync(answer)).toBe(true);
  expect(JSON.parse(readFileSync(answer, 'utf8'))).toHaveProperty('error');
  expect(runsOf(folder)).toEqual([]);

  rmSync(answer);
  await window.command('Ask the Agent');
  await dialog.getByRole('button', { name: 'Yes' }).click();
  await eventually(() => existsSync(answer)).toBe(true);
  expect(JSON.parse(readFileSync(answer, 'utf8'))).toMatchObject({
    state: 'done',
    counts: { done: 2, failed: 0 },
    results: ['out/one.txt', 'out/two.txt'],
  });
  expect(readFileSync(join(folder, 'out/two.txt'), 'utf8')).toBe('made of two');
});
