import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const PAGE = fileURLToPath(new URL('../../docs/api.md', import.meta.url));

/** The extension that docs/api.md shows, as it stands there. */
export function apiExample(): string {
  const code = /```ts\n(.*?)```/s.exec(readFileSync(PAGE, 'utf8'))?.[1];
  if (code === undefined) throw new Error(`${PAGE} shows no extension.`);
  return code;
}

/** Makes an extension of it in a folder, as its author would. */
export async function buildApiExample(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const manifest = {
    name: 'api-example',
    publisher: 'sluice-tests',
    version: '0.0.1',
    engines: { vscode: '^1.116.0' },
    main: './extension.js',
    extensionDependencies: ['sluice.sluice'],
    contributes: { commands: [{ command: 'notes.speak', title: 'Speak Notes' }] },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  await build({
    stdin: { contents: apiExample(), loader: 'ts', resolveDir: folder },
    outfile: join(folder, 'extension.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
  });
}
