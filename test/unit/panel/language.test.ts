import { describe, expect, test } from 'vitest';
import { english } from '../../../src/panel/english.ts';
import { french } from '../../../src/panel/french.ts';
import { panelLanguage } from '../../../src/panel/language.ts';
import { biology, interviews, snapshot, spoken } from '../../support/panel-scenes.ts';
import { panelTests } from '../../support/panel-test.ts';

test('the language is one that the panel speaks', () => {
  expect(['en', 'en-gb', 'fr', 'fr-ca', 'de', '', 'qps-ploc'].map(panelLanguage)).toEqual([
    'en',
    'en-gb',
    'fr',
    'fr-ca',
    'en',
    'en',
    'en',
  ]);
});

/** Every text of a table with its name; a function's is what it makes of plain arguments. */
function texts(table: object, path = ''): [string, string][] {
  return Object.entries(table).flatMap(([name, value]): [string, string][] => {
    const key = `${path}${name}`;
    if (typeof value === 'string') return [[key, value]];
    if (typeof value === 'function') {
      const parameters: unknown[] = Array.from({ length: value.length }, () => 3);
      return [[key, String(value(...parameters))]];
    }
    return texts(value, `${key}.`);
  });
}

describe('French', () => {
  const words = new Map(texts(english));

  test.each(texts(french))('%s is translated and set as French is', (name, said) => {
    const same = new Set([
      'percent',
      'rate',
      'hintBatch',
      'hintDocuments',
      'position',
      'times',
      'place',
      'pauseSound',
      'pausePlaying',
      'itemLabel',
      'actionsOf',
      'volume',
      'volumeOf',
      'entity.organisation',
      'entity.date',
      'soloLetter',
      'muteLetter',
      'machine',
      'need.transcription',
    ]);
    if (!same.has(name)) expect(said).not.toBe(words.get(name));
    expect(said).not.toBe('');
    // An ordinary space before these could end a line; a straight apostrophe is a typewriter's.
    expect(said).not.toMatch(/ [:;!?»]|« |'|[^\s\u00a0\u202f:][!?;]/);
  });

  test('counts as French does', () => {
    expect([0, 1, 2].map(french.failed)).toEqual(['0\u00a0échec', '1\u00a0échec', '2\u00a0échecs']);
    expect([english, french].map((words) => [words.workers(1, 0), words.workers(3, 12)])).toEqual([
      ['1 worker', '3 workers, 12 waiting'],
      ['1\u00a0worker', '3\u00a0workers, 12 en attente'],
    ]);
    expect([1, 2, 3].map(french.place)).toEqual(['suivant', '2e', '3e']);
    expect([1, 2, 3, 4, 11, 21].map(english.place)).toEqual([
      'next',
      '2nd',
      '3rd',
      '4th',
      '11th',
      '21st',
    ]);
  });
});

const withPanel = panelTests();

test('the panel speaks French where VS Code does', async () => {
  await withPanel({ language: 'fr' }, async (panel) => {
    const run = biology();
    await panel.send(snapshot([run.state, interviews()], { now: run.now }));
    const { page } = panel;
    expect(await page.locator('.facts span').allTextContents()).toEqual([
      '4 sur 10',
      '57\u00a0%',
      '1\u00a0échec',
      '3,8/min',
    ]);
    expect(await page.locator('.end').first().textContent()).toBe('reste 0:59');
    expect(await page.getByRole('treeitem', { name: '8, Ecosystems, en file' }).count()).toBe(1);
    await panel.send(snapshot([]));
    await page.getByRole('button', { name: 'Exécuter l’exemple' }).click();
    expect(await panel.posted()).toEqual([{ type: 'command', command: 'runExample' }]);
  });
});

test('numbers are those of the language around them', async () => {
  await withPanel({ language: 'fr-ca' }, async (panel) => {
    const run = spoken();
    await panel.send(snapshot([run.state], { now: run.now }));
    await panel.page.locator('[data-item="2"]').getByRole('button', { name: 'Écouter' }).click();
    await panel.send();
    expect(await panel.page.locator('.tag').textContent()).toContain('1,0×');
  });
});
