// Makes media/icon.png, which the list of extensions shows, from media/icon.svg.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';
import { launchBrowser } from './vscode/browser.mjs';

const size = 128;
const { galleryBanner } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const drawing = readFileSync(join(root, 'media/icon.svg'), 'utf8');

const browser = await launchBrowser();
try {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>
    body { margin: 0; height: 100vh; display: grid; place-items: center;
      color: white; background: ${galleryBanner.color}; }
    svg { width: 68%; height: 68%; }
  </style>${drawing}`);
  await page.screenshot({ path: join(root, 'media/icon.png') });
} finally {
  await browser.close();
}
