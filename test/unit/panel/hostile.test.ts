import { expect, test } from 'vitest';
import { visible } from '../../../src/panel/visible.ts';
import { snapshot } from '../../support/panel-scenes.ts';
import { panelTests, sendContent } from '../../support/panel-test.ts';
import { RunFixture } from '../../support/run-fixture.ts';

const IMAGE = '<img src=x onerror="window.hit=1">';
const LINK =
  '<a href="command:workbench.action.quit">open</a> [open](command:workbench.action.quit)';
const SCRIPT = '</script><script>window.hit=1</script><svg onload="window.hit=1">';
const ESCAPES = '\x1b[31mred\x1b]8;;command:x\x07link\x1b]8;;\x07';
const BIDI = 'photo\u202egpj.exe\u2066';
const EVIL = `${IMAGE} ${LINK} ${SCRIPT} ${ESCAPES} ${BIDI} \${1+1} {{1}} $(trash)`;

const withPanel = panelTests();

test('what is unseen is made visible', () => {
  expect(visible('plain\ttext\nélève 😀')).toBe('plain\ttext\nélève 😀');
  expect(visible('\x1b[31m\0\x7f')).toBe('␛[31m␀␡');
  expect(visible('a\u202eb\x9bc')).toBe('a[U+202E]b[U+009B]c');
});

test('text is text, in every part of the panel', async () => {
  await withPanel({}, async (panel) => {
    const { page } = panel;
    const run = new RunFixture('evil', EVIL, [EVIL, EVIL, EVIL, EVIL]);
    const put = (item: number, mime: string): void => {
      const result = { path: `out/${EVIL}`, mime, bytes: 10 };
      run.add({ type: 'result', item, step: 1, result });
      run.add({ type: 'end', item, state: 'done' });
    };
    run.begin(1, 0, 0.5, EVIL);
    run.add({ type: 'step', item: 1, step: 1 });
    put(1, 'audio/wav');
    run.add({ type: 'start', item: 2, attempt: 1 });
    put(2, 'application/json');
    run.fail(3, EVIL, EVIL);
    run.add({ type: 'start', item: 4, attempt: 1 });
    run.add({ type: 'log', item: 4, step: 0, stream: 'out', lines: [EVIL] });
    run.add({ type: 'note', level: 'error', message: EVIL });
    await panel.send(snapshot([run.state], { now: run.now }), {
      type: 'engines',
      engines: [{ need: 'text', name: EVIL, ready: true }],
    });
    const shown = visible(EVIL);
    expect((await page.locator('.name').textContent())?.trim()).toBe(shown);
    // What programs say has no colours, and in its last line no escapes at all.
    const line = await page.locator('[data-item="4"] .last-line').textContent();
    expect(line).toBe(visible(EVIL.replace(ESCAPES, 'redlink')));
    const failure = await page.locator('[data-item="3"] .bad').textContent();
    expect(failure).toBe(visible(EVIL.replace('\x1b[31m', '')));

    // The player: its title, its text, and why it does not play.
    await page.locator('[data-item="1"]').getByRole('button', { name: 'Play result' }).click();
    await panel.send();
    expect((await page.locator('.player .title').textContent())?.trim()).toBe(shown);
    await panel.send({ type: 'content', run: 'evil', item: 1, result: 0, problem: EVIL });
    expect(await page.locator('.player .bad').textContent()).toBe(shown);

    // The preview.
    await page.locator('[data-item="2"] .title').click();
    await panel.send();
    await sendContent(panel, { run: 'evil', item: 2, result: 0 }, JSON.stringify([EVIL]));
    expect(await page.locator('.preview').textContent()).toContain('<img src=x onerror=');

    // The menu.
    await page.locator('[data-item="2"] .title').click({ button: 'right' });
    await panel.send();
    expect(await page.getByRole('menu').getAttribute('aria-label')).toBe(`Actions: ${shown}`);
    await page.keyboard.press('Escape');

    // The search: what is typed, and what is marked.
    await page.keyboard.press('Control+f');
    await page.keyboard.insertText(IMAGE);
    await panel.send();
    expect(await page.locator('mark').first().textContent()).toBe('<img');
    await page.keyboard.insertText(' <b>nothing</b>');
    await panel.send();
    expect(await page.locator('.nothing p').textContent()).toBe(
      `Nothing matches “${IMAGE} <b>nothing</b>”.`,
    );
    await page.keyboard.press('Escape');

    // The empty panel.
    await panel.send({ type: 'removed', run: 'evil' });
    expect(await page.locator('.setup').textContent()).toContain(shown);

    expect(await page.evaluate(() => 'hit' in window)).toBe(false);
    expect(await page.locator('img, a, svg, b, iframe').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(1);
  });
});

test('the policy refuses what a page could be made to try', async () => {
  await withPanel({}, async (panel) => {
    await panel.send(snapshot([]));
    const tried = await panel.page.evaluate(async () => {
      const refused: string[] = [];
      document.addEventListener(
        'securitypolicyviolation',
        (event) => {
          refused.push(event.violatedDirective);
          // The test of every page is that nothing was refused; here it is meant to be.
          event.stopImmediatePropagation();
        },
        true,
      );
      const image = document.createElement('img');
      image.src = 'https://example.com/leak.png';
      const script = document.createElement('script');
      script.textContent = 'window.hit = 1';
      const style = document.createElement('style');
      style.textContent = 'body { display: none }';
      const frame = document.createElement('iframe');
      frame.src = 'https://example.com/';
      const sound = document.createElement('audio');
      sound.src = 'https://example.com/a.mp3';
      document.body.append(image, script, style, frame, sound);
      document.body.setAttribute('onclick', 'window.hit = 1');
      document.body.click();
      const fetched = await fetch('https://example.com/').catch(() => 'refused');
      await new Promise((resolve) => setTimeout(resolve, 200));
      return { refused: [...new Set(refused)].sort(), fetched, hit: 'hit' in window };
    });
    expect(tried.hit).toBe(false);
    expect(tried.fetched).toBe('refused');
    expect(tried.refused).toEqual([
      'connect-src',
      'frame-src',
      'img-src',
      'media-src',
      'script-src-attr',
      'script-src-elem',
      'style-src-elem',
    ]);
    await panel.page.evaluate(() => {
      (window as unknown as { violations: string[] }).violations = [];
    });
  });
});
