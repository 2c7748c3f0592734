import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { PanelMemory } from '../../src/panel/host.ts';
import type { FromPanel, ToPanel } from '../../src/protocol/panel.ts';
import { panelHtml } from '../../src/server/panel-html.ts';
import { findProgram } from './find-program.ts';
import { THEMES, type ThemeName } from './panel-theme.ts';

const ROOT = join(import.meta.dirname, '../..');
const ORIGIN = 'http://panel.test';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What the page is given: it is called in the browser. */
interface Given {
  readonly body: string;
  readonly background: string;
  readonly colours: Readonly<Record<string, string>>;
  readonly memory: PanelMemory | undefined;
}

interface PanelWindow {
  posted: FromPanel[];
  memory: PanelMemory | undefined;
  violations: string[];
}

/** The panel in a real browser, with what a webview of VS Code gives it. */
export class PanelPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Sends messages as the host does, and waits until they are shown. */
  async send(...messages: readonly ToPanel[]): Promise<void> {
    await this.page.evaluate(async (list) => {
      for (const message of list) window.postMessage(message);
      await new Promise((resolve) => setTimeout(resolve));
      for (let frame = 0; frame < 4; frame += 1) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    }, messages);
  }

  /** What the panel has asked of its host so far, `ready` left out. */
  async posted(): Promise<FromPanel[]> {
    const all = await this.page.evaluate(() => (window as unknown as PanelWindow).posted);
    return all.filter((message) => message.type !== 'ready');
  }

  async memory(): Promise<PanelMemory | undefined> {
    return this.page.evaluate(() => (window as unknown as PanelWindow).memory);
  }

  /** What the content security policy refused. */
  async violations(): Promise<string[]> {
    return this.page.evaluate(() => (window as unknown as PanelWindow).violations);
  }
}

/** A browser with the panel's bundle, for several pages. */
export class PanelBrowser {
  readonly #browser: Browser;
  readonly #script: string;

  private constructor(browser: Browser, script: string) {
    this.#browser = browser;
    this.#script = script;
  }

  /** Builds the panel and starts the browser. `close` is to be called. */
  static async start(): Promise<PanelBrowser> {
    const built = await build({
      entryPoints: [join(ROOT, 'src/panel/main.ts')],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      logLevel: 'silent',
    });
    const [script] = built.outputFiles;
    if (script === undefined) throw new Error('The panel was not built.');
    const executablePath = await findProgram('chromium', 'chromium-browser', 'google-chrome');
    const browser = await chromium.launch({ executablePath, args: FLAGS });
    return new PanelBrowser(browser, script.text);
  }

  async open(
    options: {
      readonly theme?: ThemeName;
      readonly width?: number;
      readonly height?: number;
      readonly memory?: PanelMemory;
      readonly reducedMotion?: boolean;
      /** BCP 47 tag. */
      readonly language?: string;
      /** Runs in the page before the panel does. */
      readonly before?: () => void;
    } = {},
  ): Promise<PanelPage> {
    const { theme = 'dark', width = 330, height = 760, memory, reducedMotion = false } = options;
    const { language = 'en' } = options;
    const page = await this.#browser.newPage({
      viewport: { width, height },
      reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    });
    await page.route(`${ORIGIN}/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      await route.fulfill(await this.#file(pathname, language));
    });
    await page.addInitScript(beWebview, { ...THEMES[theme], memory });
    if (options.before !== undefined) await page.addInitScript(options.before);
    await page.goto(`${ORIGIN}/`);
    return new PanelPage(page);
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  async #file(
    path: string,
    language: string,
  ): Promise<{ contentType: string; body: string | Buffer }> {
    if (path === '/panel.js') return { contentType: 'text/javascript', body: this.#script };
    if (path === '/panel.css') {
      return { contentType: 'text/css', body: await readFile(join(ROOT, 'media/panel.css')) };
    }
    if (path === '/codicon.css' || path === '/codicon.ttf') {
      const folder = join(ROOT, 'node_modules/@vscode/codicons/dist');
      const contentType = path.endsWith('css') ? 'text/css' : 'font/ttf';
      return { contentType, body: await readFile(join(folder, path)) };
    }
    const page = panelHtml({
      script: `${ORIGIN}/panel.js`,
      icons: `${ORIGIN}/codicon.css`,
      styles: [`${ORIGIN}/panel.css`],
      sources: [`${ORIGIN}/`],
      language,
    });
    return { contentType: 'text/html', body: page };
  }
}

/** Runs in the browser before the page: the theme, VS Code's own styles, and the way to the host. */
function beWebview(given: Given): void {
  const own = window as unknown as PanelWindow & { acquireVsCodeApi: () => unknown };
  own.posted = [];
  own.violations = [];
  own.memory = given.memory;
  own.acquireVsCodeApi = () => ({
    postMessage: (message: FromPanel) => own.posted.push(message),
    getState: () => own.memory,
    setState: (memory: PanelMemory) => {
      own.memory = memory;
    },
  });
  document.addEventListener('securitypolicyviolation', (event) => {
    own.violations.push(`${event.violatedDirective}: ${event.blockedURI}`);
  });
  // VS Code puts its styles before the page's own, which therefore win.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@layer vscode {
    body { background: ${given.background}; color: var(--vscode-editor-foreground);
      font-family: var(--vscode-font-family); font-weight: var(--vscode-font-weight);
      font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; } }`);
  document.adoptedStyleSheets = [sheet];
  document.addEventListener('DOMContentLoaded', () => {
    document.body.className = given.body;
    for (const [name, value] of Object.entries(given.colours)) {
      document.documentElement.style.setProperty(`--vscode-${name}`, value);
    }
  });
}
