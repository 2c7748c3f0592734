import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { openScene } from '../support/scene.ts';
import { panelOf, pick } from '../support/window.ts';

const BATCH = `
name: Chansons
inputs: [un, deux]
steps: [{ run: [printf, "%s", "{input}"] }]
output: out/{slug}.txt
`;

test('in a French VS Code commands, questions and the panel are French', async () => {
  const { folder, window } = await openScene({ 'a.batch.yaml': BATCH }, { language: 'fr' });
  const { page } = window;
  await window.command('Sluice: Exécuter le fichier de lot');
  const question = page.locator('.quick-input-widget input');
  await eventually(() => question.getAttribute('placeholder')).toBe('Quel fichier de lot\u202f?');
  await pick(window, 'a.batch.yaml');

  const panel = await panelOf(window);
  await eventually(() => panel.items('done').count()).toBe(2);
  await panel.frame
    .getByText(/2\s(sur\s2|terminés)/)
    .first()
    .waitFor();
  await panel.frame.getByRole('textbox', { name: 'Rechercher dans les exécutions' }).waitFor();
  expect(readFileSync(join(folder, 'out/deux.txt'), 'utf8')).toBe('deux');

  await window.command('Sluice: Prise en main');
  await page.getByText('D’un fichier de lot à un MP3 fini').first().waitFor();
});
