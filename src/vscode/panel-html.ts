import { randomBytes } from 'node:crypto';

export interface PanelPage {
  /** Addresses that the page may load, as the webview sees them. */
  readonly script: string;
  readonly styles: readonly string[];
  /** Address of codicon.css; elements look for it by its id. */
  readonly icons: string;
  /** The source of styles and fonts in the content security policy. */
  readonly cspSource: string;
  /** BCP 47 tag of the person's language. */
  readonly language: string;
}

/** The panel's page: nothing inline, and one script, let in by its nonce. */
export function panelHtml(page: PanelPage): string {
  const nonce = randomBytes(24).toString('base64url');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${page.cspSource}`,
    `font-src ${page.cspSource}`,
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

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
