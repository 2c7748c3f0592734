import { randomBytes } from 'node:crypto';

export interface PanelPage {
  /** Addresses that the page may load, as the browser sees them. */
  readonly script: string;
  readonly styles: readonly string[];
  /** Address of codicon.css; elements look for it by its id. */
  readonly icons: string;
  /** Where styles and fonts come from, as a content security policy names it: see `folderSource`. */
  readonly sources: readonly string[];
  /** What the page may ask, by itself, as a policy names it. Nothing without it. */
  readonly asks?: string;
  /** BCP 47 tag of the person's language. */
  readonly language: string;
  readonly title?: string;
  /** Address of the page's icon. */
  readonly icon?: string;
}

/**
 * The panel's page: nothing inline, one script, let in by its nonce, and nothing from anywhere but the
 * sources. Sounds are played from bytes that the host sends.
 */
export function panelHtml(page: PanelPage): string {
  const nonce = randomBytes(24).toString('base64url');
  const sources = page.sources.join(' ');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${sources}`,
    `font-src ${sources}`,
    'media-src blob:',
    ...(page.asks === undefined ? [] : [`connect-src ${page.asks}`, `img-src ${sources}`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const link = (href: string, more = ''): string =>
    `<link rel="stylesheet" href="${escapeHtml(href)}"${more}>`;
  return `<!DOCTYPE html>
<html lang="${escapeHtml(page.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<title>${escapeHtml(page.title ?? 'Sluice')}</title>
${page.icon === undefined ? '' : `<link rel="icon" href="${escapeHtml(page.icon)}">\n`}${link(page.icons, ' id="vscode-codicon-stylesheet"')}
${page.styles.map((style) => link(style)).join('\n')}
</head>
<body>
<sluice-panel></sluice-panel>
<script type="module" nonce="${nonce}" src="${escapeHtml(page.script)}"></script>
</body>
</html>
`;
}

/**
 * A folder as a source of a content security policy. The host of a webview's addresses has a `+` in its first
 * part, which a policy cannot name: only that part is left open.
 */
export function folderSource(folder: string): string {
  const { protocol, host, pathname } = new URL(folder);
  const named = host.replace(/^[^.:]*[^a-z\d.:-][^.:]*\./i, '*.');
  const path = pathname
    .replace(/\/?$/, '/')
    .replace(/[;,']/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
  return `${protocol}//${named}${path}`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
