// `node scripts/l10n.mjs`: brings the translations up to date with the code. What is new in it is empty in them,
// to be filled in by a person; what is gone from it is removed.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'oxc-parser';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Languages besides English, as VS Code names them. */
export const languages = ['fr'];

/**
 * Every text that the extension hands to `l10n.t`, or to a `Translate` that stands for it. The text is the key of its
 * translation, so that it must stand there as a literal: a call where it does not is an error.
 *
 * @returns {string[]} sorted
 */
export function textsOfCode() {
  const texts = new Set();
  for (const folder of ['src/protocol', 'src/vscode']) {
    for (const name of readdirSync(join(root, folder), {
      recursive: true,
      encoding: 'utf8',
    }).sort()) {
      if (!name.endsWith('.ts')) continue;
      const path = join(folder, name);
      for (const text of textsOf(path, readFileSync(join(root, path), 'utf8'))) texts.add(text);
    }
  }
  return [...texts].sort();
}

/**
 * The texts of one module.
 *
 * @param {string} path
 * @param {string} source
 * @returns {string[]}
 */
export function textsOf(path, source) {
  const { program, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  /** @type {string[]} */
  const texts = [];
  new Visitor({
    CallExpression({ callee, arguments: [first], start }) {
      if (nameOf(callee) !== 't' || first === undefined) return;
      const found = literals(first);
      if (found === undefined) {
        const line = source.slice(0, start).split('\n').length;
        throw new Error(`${path}:${line}: a text to translate must be a literal`);
      }
      texts.push(...found);
    },
  }).visit(program);
  return texts;
}

/** The last name of what is called: `t` of `t(…)`, `vscode.l10n.t(…)`, `this.#t(…)`. */
function nameOf(callee) {
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' && !callee.computed ? callee.property.name : undefined;
}

/** @returns {string[] | undefined} one text, or two of `condition ? one : two` */
function literals(node) {
  if (node.type === 'Literal' && typeof node.value === 'string') return [node.value];
  if (node.type !== 'ConditionalExpression') return undefined;
  const [one, two] = [literals(node.consequent), literals(node.alternate)];
  return one && two && [...one, ...two];
}

/**
 * Where the texts of a language stand. Those of package.json have keys of their own; all others are keys themselves.
 *
 * @param {string} [language] English without it
 */
export function filesOf(language) {
  const manifest = `package.nls${language ? `.${language}` : ''}.json`;
  return { manifest, bundle: `l10n/bundle.l10n.${language}.json` };
}

/**
 * @param {string} file
 * @returns {Record<string, string>}
 */
export function readTexts(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

/** @param {string} file @param {readonly string[]} keys */
function bringUpToDate(file, keys) {
  /** @type {Record<string, string>} */
  let known = {};
  try {
    known = readTexts(file);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  const texts = Object.fromEntries(keys.map((key) => [key, known[key] ?? '']));
  writeFileSync(join(root, file), `${JSON.stringify(texts, null, 2)}\n`);
  const empty = keys.filter((key) => texts[key] === '');
  const gone = Object.keys(known).filter((key) => !keys.includes(key));
  console.log(
    `${file}: ${keys.length} texts, ${empty.length} to be translated, ${gone.length} removed`,
  );
  for (const key of empty) console.log(`  ${key}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const language of languages) {
    const { manifest, bundle } = filesOf(language);
    bringUpToDate(manifest, Object.keys(readTexts(filesOf().manifest)));
    bringUpToDate(bundle, textsOfCode());
  }
}
