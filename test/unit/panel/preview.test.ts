import { describe, expect, test } from 'vitest';
import { indentJson } from '../../../src/panel/indent-json.ts';
import { baseName, kindOf } from '../../../src/panel/kinds.ts';
import { files, snapshot } from '../../support/panel-scenes.ts';
import { panelTests, sendContent } from '../../support/panel-test.ts';

describe('JSON is indented', () => {
  test('as JSON.stringify does', () => {
    const value = {
      text: 'a "quoted" {text}, with [all] of: it\\',
      empty: {},
      none: [],
      list: [1, [2, { three: null }], true],
      deep: { a: { b: [] } },
    };
    expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, undefined, 2));
    expect(indentJson(JSON.stringify(value, undefined, 7))).toBe(
      JSON.stringify(value, undefined, 2),
    );
  });

  test.each([
    [
      'numbers as they are written',
      '{"n":12345678901234567890,"x":1.50}',
      '{\n  "n": 12345678901234567890,\n  "x": 1.50\n}',
    ],
    ['one document after another', '{"a":1}\n{"a":2}', '{\n  "a": 1\n}\n{\n  "a": 2\n}'],
    ['cut off', '{"a":[1,"two', '{\n  "a": [\n    1,\n    "two'],
    ['a bare value', '"text"', '"text"'],
    ['nothing', '', ''],
    ['no JSON at all', '}}] oops', '}\n}\n]\noops'],
  ])('%s', (_, json, indented) => {
    expect(indentJson(json)).toBe(indented);
  });
});

test('what can be looked into is told by its type', () => {
  const kinds = [
    'audio/mpeg',
    'text/csv',
    'application/json',
    'application/ld+json',
    'application/x-subrip',
    'image/svg+xml',
    'application/pdf',
  ];
  expect(kinds.map((mime) => kindOf({ mime }))).toEqual([
    'sound',
    'text',
    'text',
    'text',
    'text',
    'other',
    'other',
  ]);
  expect(['out/a.mp3', 'C:\\out\\b.mp3', 'c.mp3'].map(baseName)).toEqual([
    'a.mp3',
    'b.mp3',
    'c.mp3',
  ]);
});

const withPanel = panelTests();

describe('a result', () => {
  test('that is one text opens under its item', async () => {
    await withPanel({}, async (panel) => {
      const run = files();
      await panel.send(snapshot([run.state], { now: run.now }));
      const row = panel.page.locator('[data-item="1"]');
      await row.locator('.title').click();
      await panel.send();
      const id = { run: 'files', item: 1, result: 0 };
      expect(await panel.posted()).toEqual([{ type: 'loadResult', ...id }]);
      await sendContent(panel, id, '{"plan":["one",2]}');
      const preview = row.getByRole('group', { name: 'Contents of plan.json' });
      expect(await preview.textContent()).toBe('{\n  "plan": [\n    "one",\n    2\n  ]\n}');
      // It comes back without being read again, and closes.
      await row.locator('.title').click();
      await panel.send();
      expect(await preview.count()).toBe(0);
      await row.getByRole('button', { name: 'Open result' }).click();
      expect((await panel.posted()).at(-1)).toEqual({ type: 'openResult', ...id });
    });
  });

  test('of several is looked into by its own button', async () => {
    await withPanel({}, async (panel) => {
      const run = files();
      await panel.send(snapshot([run.state], { now: run.now }));
      const row = panel.page.locator('[data-item="3"]');
      await row.focus();
      await panel.page.keyboard.press('ArrowRight');
      await panel.send();
      expect(await panel.posted()).toEqual([]);
      const names = await row.locator('.result .link').allTextContents();
      expect(names.map((name) => name.trim())).toEqual([
        'vocals.wav',
        'drums.wav',
        'bass.wav',
        'notes.md',
      ]);
      await row.getByRole('button', { name: 'Preview notes.md' }).click();
      await sendContent(panel, { run: 'files', item: 3, result: 3 }, '# Notes\r\n\r\n*plain*\r\n');
      expect(await row.locator('.preview').textContent()).toBe('# Notes\n\n*plain*\n');
      await row.getByRole('button', { name: 'Hide the preview of notes.md' }).click();
      await panel.send();
      expect(await row.locator('.preview').count()).toBe(0);
      await row.getByRole('button', { name: 'Open drums.wav' }).click();
      expect((await panel.posted()).at(-1)).toEqual({
        type: 'openResult',
        run: 'files',
        item: 3,
        result: 1,
      });
    });
  });

  test('that is long is shown in part, one that cannot be read with its reason', async () => {
    await withPanel({}, async (panel) => {
      const run = files();
      await panel.send(snapshot([run.state], { now: run.now }));
      const row = panel.page.locator('[data-item="2"]');
      const id = { run: 'files', item: 2, result: 0 };
      await row.locator('.title').click();
      await panel.send();
      // The last character is cut in two.
      const bytes = new TextEncoder().encode('beginning of somethin\u00e9').slice(0, -1);
      await sendContent(panel, id, bytes, false);
      expect(await row.locator('.preview').textContent()).toBe('beginning of somethin');
      expect(await row.locator('.detail').textContent()).toContain('Only the beginning is shown.');
      await row.locator('.title').click();
      await row.locator('.title').click();
      await panel.send({ type: 'content', ...id, problem: 'out/people.txt is gone.' });
      expect(await row.locator('.detail .bad').textContent()).toBe('out/people.txt is gone.');
    });
  });

  test('of an item that is not done yet is shown already', async () => {
    await withPanel({}, async (panel) => {
      const run = files();
      await panel.send(snapshot([run.state], { now: run.now }));
      const row = panel.page.locator('[data-item="4"]');
      expect(await row.locator('.right').textContent()).toBe('write 12/40');
      expect(await row.locator('.last-line').textContent()).toContain('frame=  812');
      expect((await row.locator('.result .link').textContent())?.trim()).toBe('part-1.png');
    });
  });
});
