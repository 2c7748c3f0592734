import { randomBytes } from 'node:crypto';

export interface PanelPage {
  /** Addresses that the page may load, as the webview sees them. */
  readonly script: string;
  readonly styles: readonly string[];
  /** Address of codicon.css; elements look for it by its id. */
  readonly icons: string;
  /** Addresses of the folders that styles and fonts come from. */
  readonly folders: readonly string[];
  /** BCP 47 tag of the person's language. */
  readonly language: string;
}

/**
 * The panel's page: nothing inline, one script, let in by its nonce, and nothing from anywhere but the
 * extension's own folders. Sounds are played from bytes that the host sends.
 */
export function panelHtml(page: PanelPage): string {
  const nonce = randomBytes(24).toString('base64url');
  const folders = page.folders.map(sourceOf).join(' ');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${folders}`,
    `font-src ${folders}`,
    'media-src blob:',
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
<title>Sluice</title>
${link(page.icons, ' id="vscode-codicon-stylesheet"')}
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
function sourceOf(folder: string): string {
  const { protocol, host, pathname } = new URL(folder);
  const named = host.replace(/^[^.:]*[^a-z\d.:-][^.:]*\./i, '*.');
  const path = pathname
    .replace(/\/?$/, '/')
    .replace(/[;,']/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
  return `${protocol}//${named}${path}`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
