import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect } from 'vitest';
import type { ContentId } from '../../src/protocol/panel.ts';
import { PanelBrowser, type PanelPage } from './panel-page.ts';

type Options = Parameters<PanelBrowser['open']>[0];

/** Opens the panel for a test, and sees afterwards that its policy refused nothing. */
export type WithPanel = (
  options: Options,
  use: (panel: PanelPage) => Promise<void>,
) => Promise<void>;

/** A browser for the tests of a file. */
export function panelTests(): WithPanel {
  let browser: PanelBrowser | undefined;
  beforeAll(async () => {
    browser = await PanelBrowser.start();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
  });
  return async (options, use) => {
    if (browser === undefined) throw new Error('The browser has not been started.');
    const panel = await browser.open(options);
    const errors: string[] = [];
    panel.page.on('pageerror', (error) => errors.push(error.message));
    try {
      await use(panel);
      expect(await panel.violations()).toEqual([]);
      expect(errors).toEqual([]);
    } finally {
      await panel.page.close();
    }
  };
}

/** What axe finds in a page, as lines. */
export async function axeViolations({ page }: Pick<PanelPage, 'page'>): Promise<readonly string[]> {
  const path = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await page.evaluate(await readFile(path, 'utf8'));
  return page.evaluate(async () => {
    const { violations } = await (
      window as unknown as {
        axe: {
          run(options: unknown): Promise<{
            violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
          }>;
        };
      }
    ).axe.run({
      rules: {
        'page-has-heading-one': { enabled: false },
        // A row's name leaves out its live text: a screen reader would say every word of it.
        'label-content-name-mismatch': { enabled: false },
      },
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`),
    );
  });
}

/** Answers what the panel asked for, as the host does. */
export async function sendContent(
  panel: PanelPage,
  id: ContentId,
  content: Uint8Array | string,
  whole = true,
): Promise<void> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  // Bytes cannot be handed to the page, text can.
  const base64 = Buffer.from(bytes).toString('base64');
  await panel.page.evaluate(
    ([of, text, all]) => {
      const sent = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
      window.postMessage({ type: 'content', ...of, bytes: sent, whole: all });
    },
    [id, base64, whole] as const,
  );
  await panel.send();
}
