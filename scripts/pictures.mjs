// Makes docs/pictures, the pictures of the README, from the real workbench in a dark and a light theme.
// `node scripts/pictures.mjs [dark|light] [panel|lesson|stems|recording|schedule|page]`
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wavOf } from '../test/support/panel-sound.ts';
import { makeSong } from '../test/support/song.ts';
import { root } from './setup.mjs';
import { openWorkbench } from './vscode/workbench.mjs';

const THEMES = { dark: 'Dark Modern', light: 'Light Modern' };
const WIDTH = 360;
const patience = { timeout: 240_000 };
const folder = join(root, 'docs/pictures');

/** A file of names of which one is not there: an item that fails where it can be seen why. */
const CHAPTERS = {
  'chapters/chapters.txt': 'First light\nThe harbour\nA letter from Bilbao\nLow water\nHome\n',
  'chapters/count.py':
    "import sys, time\nif 'letter' in sys.argv[1]:\n    sys.exit('No chapter of this name in book.md')\ntime.sleep(0.2)\n",
  'chapters/chapters.batch.yaml':
    'name: Chapters of the book\ninputs: { lines: chapters.txt }\nsteps:\n  - run: [python3, count.py, "{input}"]\n',
};
const WRONG = `name: Biology in four minutes
inputs: { lines: prompts.txt }
steps:
  - uses: write
    with: { words: sixty }
    output: out/{index}-{slug}.md
  - uses: speek
    with: { voice: af_heart }
output: out/{index}-{slug}.mp3
retris: 1
`;

/** What is photographed, each in a workspace of its own. */
const SCENES = {
  panel: takeAll,
  lesson: takeLesson,
  stems: takeStems,
  recording: takeRecording,
  schedule: takeSchedule,
  page: takePage,
};
const SONG_SECONDS = 24;
/** Where the song is in its picture, in seconds. */
const SONG_AT = 10;
const TOPIC = 'How plants make food from sunlight';

const [, , onlyTheme, onlyScene] = process.argv;
mkdirSync(folder, { recursive: true });
for (const [name, theme] of Object.entries(THEMES)) {
  if ((onlyTheme ?? name) !== name) continue;
  for (const [scene, take] of Object.entries(SCENES)) {
    if ((onlyScene ?? scene) === scene) await photograph(name, theme, take);
  }
}

/**
 * @param {string} name
 * @param {string} theme
 * @param {typeof takeAll} take
 */
async function photograph(name, theme, take) {
  const workspace = mkdtempSync(join(tmpdir(), 'sluice-pictures-'));
  copyExamples(workspace);
  mkdirSync(join(workspace, 'chapters'));
  for (const [file, text] of Object.entries(CHAPTERS)) writeFileSync(join(workspace, file), text);
  writeFileSync(join(workspace, 'audio-from-prompts/wrong.batch.yaml'), WRONG);
  /** @type {import('./vscode/workbench.mjs').Workbench | undefined} */
  let window;
  try {
    window = await openWorkbench({
      workspace,
      extensionPath: [root],
      theme,
      // Whoever makes the pictures accepts the licence of HT Demucs: personal and research use.
      env: { SLUICE_ACCEPT_LICENCES: 'htdemucs' },
      viewport: { width: 1440, height: 640 },
      deviceScaleFactor: 2,
    });
    const file = (/** @type {string} */ what) => join(folder, `${what}-${name}.png`);
    await take(window, file, workspace);
  } finally {
    await window?.close();
    rmSync(workspace, { recursive: true, force: true });
  }
}

/**
 * @param {import('./vscode/workbench.mjs').Workbench} window
 * @param {(what: string) => string} file
 */
async function takeAll(window, file) {
  const { page } = window;
  const panel = await window.panelFrame('Sluice');
  await widenSideBar(window);
  await panel.locator('.engine').first().waitFor(patience);
  await takePanel(window, panel, file('empty'));

  await run(window, 'read-aloud.batch.yaml');
  await panel.locator('sluice-run [data-run][data-state="done"]').first().waitFor(patience);
  await run(window, 'biology.batch.yaml');
  await panel.waitForFunction(isWorthAPicture, undefined, { ...patience, polling: 100 });
  await takePanel(window, panel, file('running'));

  await panel.locator('.run[data-state="done"]').nth(1).waitFor(patience);
  await panel.locator('sluice-item[data-item="2"] button[aria-label^="Play"]').first().click();
  await panel.locator('.player').getByText('0:08').waitFor(patience);
  await takePanel(window, panel, file('finished'));
  await panel.getByRole('button', { name: 'Close player' }).click();

  await run(window, 'chapters.batch.yaml');
  await panel.locator('.run[data-state="failed"]').waitFor(patience);
  await takePanel(window, panel, file('failed'));

  await page.setViewportSize({ width: 1440, height: 810 });
  await window.command('View: Close All Editors');
  await openFile(window, 'wrong.batch.yaml');
  await window.command('Problems: Focus on Problems View');
  await page.locator('.markers-panel .monaco-list-row').nth(2).waitFor(patience);
  await page.mouse.move(600, 700);
  await window.screenshot(file('problems'));

  await window.command('View: Close All Editors');
  await window.command('View: Hide Panel');
  await window.command('View: Close Primary Side Bar');
  await window.command('Sluice: Get Started');
  await page.locator('.getting-started-step').first().waitFor(patience);
  await page.mouse.move(600, 700);
  await page.waitForTimeout(1000);
  await window.screenshot(file('walkthrough'));
}

/**
 * A lesson that is heard while it is being written.
 *
 * @param {import('./vscode/workbench.mjs').Workbench} window
 * @param {(what: string) => string} file
 */
async function takeLesson(window, file) {
  const { page } = window;
  const panel = await window.panelFrame('Sluice');
  await widenSideBar(window);
  await window.command('Sluice: Start Lesson…');
  for (const [placeholder, typed] of [
    ['Topic', TOPIC],
    ['Whom is it for?', ''],
    ['Which language?', ''],
    ['How long?', ''],
  ]) {
    const input = page.locator(`.quick-input-widget input[placeholder^="${placeholder}"]`);
    await input.waitFor(patience);
    await input.fill(typed);
    await input.press('Enter');
  }
  await panel.waitForFunction(isLessonWorthAPicture, undefined, { ...patience, polling: 100 });
  await takePanel(window, panel, file('lesson'));
}

/**
 * A song in its stems: one is muted, one is softer, and the others play.
 *
 * @param {import('./vscode/workbench.mjs').Workbench} window
 * @param {(what: string) => string} file
 * @param {string} workspace
 */
async function takeStems(window, file, workspace) {
  const { page } = window;
  const { mix, sampleRate } = await makeSong(SONG_SECONDS);
  const samples = Int16Array.from({ length: 2 * mix[0].length }, (_, index) =>
    Math.round(0x7fff * (mix[index % 2 === 0 ? 0 : 1][index >> 1] ?? 0)),
  );
  mkdirSync(join(workspace, 'music'));
  writeFileSync(join(workspace, 'music/harbour.wav'), wavOf(samples, 2, sampleRate));
  const panel = await window.panelFrame('Sluice');
  await widenSideBar(window);
  await window.command('Sluice: Separate Stems…');
  const choose = async (/** @type {string} */ entry) => {
    const rows = page.locator('.quick-input-widget .monaco-list-row');
    await rows.filter({ hasText: entry }).first().click();
  };
  await choose('harbour.wav');
  await page.keyboard.press('Enter');
  await choose('HT Demucs');
  await choose('All four');
  await choose('WAV');
  const name = page.locator('.quick-input-widget input[placeholder="Name of the batch"]');
  await name.fill('Stems of the demo tape');
  await name.press('Enter');
  const mixer = panel.getByRole('group', { name: 'Mixer' });
  await mixer.waitFor(patience);
  await mixer.getByRole('button', { name: 'Mute drums' }).click();
  await mixer.getByRole('slider', { name: 'Volume of bass' }).fill('0.7');
  await mixer.getByRole('button', { name: 'Play stems' }).click();
  const place = mixer.getByText(`0:${SONG_AT} of`);
  await place.waitFor(patience);
  // The keyboard nowhere, so that no row is marked.
  await panel.evaluate(
    () => document.activeElement instanceof HTMLElement && document.activeElement.blur(),
  );
  await takePanel(window, panel, file('stems'));
}

/**
 * A recording that plays with its words, of which one is being said and some are names.
 *
 * @param {import('./vscode/workbench.mjs').Workbench} window
 * @param {(what: string) => string} file
 */
async function takeRecording(window, file) {
  const panel = await window.panelFrame('Sluice');
  await widenSideBar(window);
  await run(window, '2-meeting.batch.yaml');
  await panel.locator('.run[data-state="done"]').waitFor(patience);
  await panel.getByRole('button', { name: 'Play recording' }).click();
  const player = panel.getByRole('region', { name: 'Player' });
  await player.locator('.said mark').first().waitFor(patience);
  await player.getByText('Sarah', { exact: true }).click();
  await player.locator('.word.spoken', { hasText: 'Seattle' }).waitFor(patience);
  await takePanel(window, panel, file('recording'));
}

/**
 * @param {import('./vscode/workbench.mjs').Workbench} window
 * @param {string} file
 */
async function run(window, file) {
  await window.command('Sluice: Run Batch File');
  await window.page
    .locator('.quick-input-widget .monaco-list-row')
    .filter({ hasText: file })
    .click();
}

/**
 * @param {import('./vscode/workbench.mjs').Workbench} window
 * @param {string} name
 */
async function openFile({ page }, name) {
  await page.keyboard.press('Control+P');
  const input = page.locator('.quick-input-widget input');
  await input.fill(name);
  await page
    .locator('.quick-input-widget .monaco-list-row')
    .filter({ hasText: name })
    .first()
    .click();
  await page.getByRole('tab', { name }).waitFor(patience);
}

/**
 * The side bar alone, without its own edge, down to the end of the panel.
 *
 * @param {import('./vscode/workbench.mjs').Workbench} window
 * @param {import('playwright-core').Frame} panel
 * @param {string} file
 */
async function takePanel({ page }, panel, file) {
  // Nothing under the pointer.
  await page.mouse.move(800, 300);
  const bar = await page.locator('.part.sidebar').boundingBox();
  if (bar === null) throw new Error('There is no side bar.');
  const { x, y, width, height } = bar;
  const end = await panel.evaluate(() => {
    if (document.querySelector('.player') !== null) return window.innerHeight;
    const shown = [...document.querySelectorAll('.empty *, .run, sluice-item')];
    return Math.max(...shown.map((one) => one.getBoundingClientRect().bottom));
  });
  const top = height - (await panel.evaluate(() => window.innerHeight));
  const clip = {
    x: x + 1,
    y: y + 1,
    width: width - 2,
    height: Math.min(height - 1, top + end + 12),
  };
  await page.screenshot({ path: file, clip });
}

/** @param {import('./vscode/workbench.mjs').Workbench} window */
async function widenSideBar({ page }) {
  const bar = await page.locator('.part.sidebar').boundingBox();
  if (bar === null) throw new Error('There is no side bar.');
  await page.mouse.move(bar.x + bar.width, 400);
  await page.mouse.down();
  await page.mouse.move(bar.x + WIDTH, 400, { steps: 5 });
  await page.mouse.up();
}

/**
 * The panel as a page of a browser, on a server of its own.
 *
 * @param {import('./vscode/workbench.mjs').Workbench} window
 * @param {(what: string) => string} file
 * @param {string} workspace
 */
async function takePage(window, file, workspace) {
  const served = join(workspace, 'lessons');
  copyExamples(served);
  const args = [join(root, 'dist/sluice.js'), 'serve', '--port', '0', '--workspace', served];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    let said = '';
    for await (const text of server.stdout.setEncoding('utf8')) {
      said += text;
      if (said.includes('Ctrl-C')) break;
    }
    const colorScheme = file('').endsWith('-dark.png') ? 'dark' : 'light';
    const viewport = { width: 880, height: 560 };
    const page = await window.browser.newPage({ colorScheme, viewport, deviceScaleFactor: 2 });
    await page.goto(/page +(\S+)/.exec(said)?.[1] ?? '');
    await page.selectOption('#batch', 'documents-to-audio/read-aloud.batch.yaml');
    await page.locator('.batches vscode-button').click();
    await page.locator('.run[data-state="done"]').waitFor(patience);
    await page.selectOption('#batch', 'audio-from-prompts/biology.batch.yaml');
    await page.locator('.batches vscode-button').click();
    await page.waitForFunction(isUnderWay, undefined, { ...patience, polling: 100 });
    await page.mouse.move(5, 5);
    await page.screenshot({ path: file('page') });
    await page.close();
  } finally {
    server.kill();
  }
}

/** Runs in the page: something is done, something queued, and what is made can be read. */
function isUnderWay() {
  const items = (/** @type {string} */ state) => [
    ...document.querySelectorAll(`sluice-item[data-state="${state}"]`),
  ];
  const read = items('running').some((item) => (item.textContent?.trim().length ?? 0) > 250);
  return read && items('done').length > 0 && items('queued').length > 0;
}

/** Runs in the panel: something is done, something spoken, something being written, something queued. */
function isWorthAPicture() {
  const items = (/** @type {string} */ state) =>
    [...document.querySelectorAll(`sluice-item[data-state="${state}"]`)].map((item) => ({
      text: item.querySelector('.live')?.textContent?.trim() ?? '',
      step: item.querySelector('.right')?.textContent?.trim() ?? '',
      share: Number(item.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow')),
    }));
  const running = items('running');
  const shown = (/** @type {string} */ step) =>
    running.some(
      ({ step: at, share, text }) =>
        at.startsWith(step) && share > 10 && share < 90 && text.length > 90,
    );
  const all = items('done').length > 0 && items('queued').length > 0;
  return all && shown('speak') && shown('write');
}

/** A lesson in the player: something was said, a sentence is being said, more is written and more is being made. */
function isLessonWorthAPicture() {
  const now = document.querySelector('.said .now');
  const line = Number(now?.getAttribute('data-line') ?? 0);
  const { length: said = 0 } = now?.textContent?.trim() ?? '';
  const { length: rest = 0 } = document.querySelector('.said .rest')?.textContent?.trim() ?? '';
  const live = document.querySelector('.player .length')?.textContent?.includes('…') === true;
  return live && line >= 4 && said > 60 && rest > 80 && !document.querySelector('.player .state');
}

/**
 * Algorithms beside each other, while the last ones still search.
 *
 * @param {import('./vscode/workbench.mjs').Workbench} window
 * @param {(what: string) => string} file
 */
async function takeSchedule(window, file) {
  await window.page.setViewportSize({ width: 1440, height: 900 });
  const panel = await window.panelFrame('Sluice');
  await widenSideBar(window);
  await run(window, 'compare.batch.yaml');
  await panel.locator('sluice-item[data-state="done"]').nth(1).waitFor(patience);
  await panel.locator('.headline').first().waitFor(patience);
  await takePanel(window, panel, file('schedule'));
}

/**
 * The examples, without what was made of them here.
 *
 * @param {string} to
 */
function copyExamples(to) {
  const filter = (/** @type {string} */ path) => !/[\\/](\.sluice|out)$/.test(path);
  cpSync(join(root, 'examples'), to, { recursive: true, filter });
}
