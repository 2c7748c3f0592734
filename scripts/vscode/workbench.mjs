import { launchBrowser } from './browser.mjs';
import { drive, isShown } from './drive.mjs';
import { startVSCode } from './server.mjs';
import { quietSettings } from './window.mjs';

/**
 * @typedef {object} WorkbenchOptions
 * @property {string} [theme] such as 'Dark Modern', 'Light Modern', 'Default High Contrast'
 * @property {{ width: number, height: number }} [viewport]
 * @property {string} [language] of the extensions, such as 'fr'. VS Code's own words need a language pack.
 * @property {number} [deviceScaleFactor] 2 for pictures with twice the pixels
 */

/**
 * @typedef {object} Opened
 * @property {import('playwright-core').Browser} browser
 * @property {import('./server.mjs').Server} server
 * @property {() => Promise<Workbench>} openWindow another window on the same folder, with its own extension host
 * @property {() => Promise<void>} close ends the browser, the server and all that either started
 */

/** @typedef {import('./drive.mjs').Window & Opened} Workbench */

/**
 * Opens the real workbench in a headless browser, ready to be driven.
 *
 * @param {import('./server.mjs').ServerOptions & WorkbenchOptions} options
 * @returns {Promise<Workbench>}
 */
export async function openWorkbench({
  theme = 'Dark Modern',
  viewport,
  deviceScaleFactor,
  language,
  settings,
  ...opened
}) {
  const server = await startVSCode({
    ...opened,
    settings: {
      ...quietSettings,
      'workbench.colorTheme': theme,
      'window.autoDetectColorScheme': false,
      ...settings,
    },
  });
  /** @type {import('playwright-core').Browser | undefined} */
  let browser;
  const close = async () => {
    await browser?.close();
    await server.stop();
  };
  try {
    const launched = await launchBrowser();
    browser = launched;
    const openWindow = async () => {
      // Each window its own profile: the workbench keeps the state of its layout in the browser.
      const page = await launched.newPage({
        viewport: viewport ?? { width: 1280, height: 800 },
        deviceScaleFactor,
      });
      // As a language pack says it.
      if (language) await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = '${language}'`);
      await page.goto(server.url);
      await isShown(page);
      return { ...drive(page), browser: launched, server, openWindow, close };
    };
    return await openWindow();
  } catch (error) {
    await close();
    throw error;
  }
}
