import { describe, expect, test } from 'vitest';
import { folderSource, panelHtml } from '../../../src/server/panel-html.ts';
import { fromPanel } from '../../../src/vscode/from-panel.ts';
import { resultPath } from '../../../src/vscode/places.ts';

describe('messages from the panel', () => {
  test.each([
    { type: 'ready' },
    { type: 'pause', run: 'a' },
    { type: 'cancel', run: 'a' },
    { type: 'retry', run: 'a', item: 3 },
    { type: 'openResult', run: 'a', item: 1, result: 0 },
    { type: 'loadSound', run: 'a', item: 1, chunk: 7 },
    { type: 'loadInput', run: 'a', item: 2 },
    { type: 'command', command: 'generateAudio' },
  ])('%o is taken', (message) => {
    expect(fromPanel(message)).toEqual(message);
  });

  test.each([
    undefined,
    null,
    'ready',
    {},
    { type: 'pause' },
    { type: 'cancel', run: 'a', item: '3' },
    { type: 'openResult', run: 'a', item: 1, result: 0.5 },
    { type: 'openSource', run: 'a' },
    { type: 'loadSound', run: 'a', item: 1, result: 0 },
    { type: 'loadSound', run: 'a', item: 1, chunk: '../0' },
    { type: 'loadInput', run: 'a', item: '../2' },
    { type: 'command', command: 'workbench.action.quit' },
    { type: 'run', run: 'a' },
  ])('%o is not', (message) => {
    expect(fromPanel(message)).toBeUndefined();
  });
});

test('results stay inside the workspace, unless the runner recorded another place', () => {
  const result = (path: string) => ({ path, mime: 'audio/mpeg', bytes: 1 });
  expect(resultPath('/work', result('out/a.mp3'))).toBe('/work/out/a.mp3');
  expect(resultPath('/work', result('/music/a.mp3'))).toBe('/music/a.mp3');
  expect(resultPath('/work', result('../a.mp3'))).toBeUndefined();
  expect(resultPath('/work', result('out/../../a.mp3'))).toBeUndefined();
  expect(resultPath('/work', result('..a/b.mp3'))).toBe('/work/..a/b.mp3');
});

test('the page lets in one script, by its nonce, and nothing inline', () => {
  const page = {
    script: 'https://host/panel.js',
    icons: 'https://host/codicon.css',
    styles: ['https://host/a"b.css'],
    sources: [
      "https://file+.vscode-resource.vscode-cdn.net/c%3A/a b'; script-src */dist",
      'http://127.0.0.1:8080/ext/media/',
    ].map(folderSource),
    language: 'en',
  };
  const html = panelHtml(page);
  const [, nonce] = html.match(/<script type="module" nonce="([\w-]{32})"/) ?? [];
  expect(html).toContain(`script-src &#39;nonce-${nonce}&#39;`.replaceAll('&#39;', "'"));
  expect(html).toContain("default-src 'none'");
  expect(html).not.toContain('unsafe');
  const folders =
    'https://*.vscode-resource.vscode-cdn.net/c%3A/a%20b%27%3b%20script-src%20*/dist/ http://127.0.0.1:8080/ext/media/';
  expect(html).toContain(`style-src ${folders};`);
  expect(html).toContain(`font-src ${folders};`);
  expect(html).toContain("media-src blob:; base-uri 'none'; form-action 'none'");
  // Nothing is fetched, and no picture or frame is shown.
  for (const source of ['connect-src', 'img-src', 'frame-src']) expect(html).not.toContain(source);
  expect(html).not.toContain('a"b.css');
  expect(panelHtml(page)).not.toContain(nonce ?? '');
});
