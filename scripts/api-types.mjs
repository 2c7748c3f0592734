import { readFileSync } from 'node:fs';

/**
 * The types of the exported API as one file that another extension can copy: those of `public.ts`, with the events
 * that they name. Both sources hold nothing but types.
 *
 * @returns {string} a declaration file
 */
export function apiTypes() {
  const api = read('src/vscode/public.ts').replace(/^import .* from '\.\.\/protocol\/.*;\n/m, '');
  // A number: who imports types alone has no use for it.
  const events = read('src/protocol/events.ts').replace(/\/\*\*[^*]*\*\/\nexport const .*\n\n/, '');
  return `${api}\n${events}`;
}

/** @param {string} path */
function read(path) {
  return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
}
