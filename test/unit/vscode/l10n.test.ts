import { describe, expect, test } from 'vitest';
import { filesOf, languages, readTexts, textsOf, textsOfCode } from '../../../scripts/l10n.mjs';

/** What a translation must keep: `{0}`, `$(icon)`, links, and where they go. */
function fixedParts(text: string): string[] {
  return (text.match(/\{\d+\}|\$\([\w~-]+\)|\]\([^)]*\)|`[^`]*`/g) ?? []).sort();
}

describe.each(languages)('the texts in %s', (language) => {
  const files = filesOf(language);

  test.each([
    ['of package.json', files.manifest, readTexts(filesOf().manifest)],
    ['of the code', files.bundle, Object.fromEntries(textsOfCode().map((text) => [text, text]))],
  ])('%s are all there, none empty, none left over', (_, file, english) => {
    const translated = readTexts(file);
    // `node scripts/l10n.mjs` brings the keys up to date.
    expect(Object.keys(translated).sort()).toEqual(Object.keys(english).sort());
    for (const [key, text] of Object.entries(translated)) {
      expect(text.trim(), key).not.toBe('');
      expect(fixedParts(text), key).toEqual(fixedParts(english[key] ?? ''));
    }
  });
});

test('texts are found wherever they are handed to a translation', () => {
  const source = `
    class Lines { #t: Translate; say(n: number) { return this.#t('{0} done', n); } }
    const ask = (vscode: Vscode) => vscode.l10n.t('Which run?');
    const word = (t: Translate, ok: boolean) => t(ok ? 'done' : 'failed');
    const other = format('not this', l10n.t);
  `;
  expect(textsOf('a.ts', source)).toEqual(['{0} done', 'Which run?', 'done', 'failed']);
});

test('a text that is put together cannot be translated, and is refused with its place', () => {
  const source = 'const one = 1;\nconst text = vscode.l10n.t(one + " done");\n';
  expect(() => textsOf('a.ts', source)).toThrow('a.ts:2: a text to translate must be a literal');
});
