import type { List, Nodes, PhrasingContent, RootContent, Table } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { type Block, PARAGRAPH_PAUSE } from './block.ts';
import { siteName } from './site-name.ts';

const HEADING_PAUSE = 700;
const ITEM_PAUSE = 300;

/** Front matter, as static site generators have it: YAML between `---`, TOML between `+++`. */
const FRONT_MATTER =
  /^\ufeff?(---|\+\+\+)[^\S\n]*\r?\n(?=[\w"'-][^\n]*[:=]|#|\1)(?:[\s\S]*?\n)??\1[^\S\n]*(?:\r?\n|$)/;

/** Deeper nesting than this is nobody's, and the parser's time grows with its square. */
const DEEPEST =
  /^((?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t]){60})(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])+/gm;
/** So do this many marks in one paragraph. */
const MOST_MARKS = 5000;

/** Whether Markdown can be read in good time; what cannot is no text that a person wrote. */
export function isReadableMarkdown(source: string): boolean {
  return source.split(/\n[^\S\n]*\n/).every((paragraph) => {
    if (paragraph.length < MOST_MARKS) return true;
    return (paragraph.match(/[*_[\]`~<&]/g)?.length ?? 0) < MOST_MARKS;
  });
}

/**
 * Markdown (CommonMark and GFM) as a person reads it aloud, block by block. Code blocks, pictures
 * and HTML are named or left out; a link is its text, and a bare address its site's name.
 */
export function markdownToBlocks(source: string): Block[] {
  const tree = fromMarkdown(source.replace(FRONT_MATTER, '').replace(DEEPEST, '$1'), {
    extensions: [gfm()],
    mdastExtensions: [gfmFromMarkdown()],
  });
  const footnotes = tree.children.filter((node) => node.type === 'footnoteDefinition');
  const body = tree.children.filter((node) => node.type !== 'footnoteDefinition');
  const blocks = body.flatMap((node) => readBlock(node));
  const notes = footnotes.flatMap(({ identifier, children }) => {
    const [first, ...rest] = children.flatMap((node) => readBlock(node));
    return first ? [{ ...first, text: `Footnote ${identifier}: ${first.text}` }, ...rest] : [];
  });
  return [...blocks, ...notes].filter(({ text }) => text !== '');
}

function readBlock(node: RootContent): Block[] {
  switch (node.type) {
    case 'heading':
      return [{ text: sentence(phrase(node.children)), pause: HEADING_PAUSE }];
    case 'paragraph':
      return [{ text: sentence(phrase(node.children)), pause: PARAGRAPH_PAUSE }];
    case 'blockquote':
      return node.children.flatMap((child) => readBlock(child));
    case 'list':
      return readList(node);
    case 'table':
      return readTable(node);
    case 'code':
      return [{ text: announceCode(node.lang ?? '', node.value), pause: PARAGRAPH_PAUSE }];
    default:
      // HTML, rules and definitions are there to be seen.
      return [];
  }
}

function readList(list: List): Block[] {
  const start = list.start ?? 1;
  const blocks = list.children.flatMap((item, index) => {
    const number = list.ordered ? `${start + index}. ` : '';
    const done = item.checked === true ? 'Done: ' : item.checked === false ? 'To do: ' : '';
    const [first, ...rest] = item.children.flatMap((child) => readBlock(child));
    if (!first) return [];
    const text = `${number}${done}${first.text}`;
    return [{ text, pause: first.pause }, ...rest].map((block) => ({
      ...block,
      pause: Math.min(block.pause, ITEM_PAUSE),
    }));
  });
  const last = blocks.at(-1);
  if (last) blocks[blocks.length - 1] = { ...last, pause: PARAGRAPH_PAUSE };
  return blocks;
}

/** Row by row, each cell after its column's name. */
function readTable(table: Table): Block[] {
  const [head, ...rows] = table.children.map((row) =>
    row.children.map((cell) => phrase(cell.children)),
  );
  if (!head) return [];
  if (rows.length === 0) return [{ text: sentence(head.join(', ')), pause: PARAGRAPH_PAUSE }];
  return rows.map((cells, index) => {
    const said = cells.flatMap((cell, column) => {
      const name = head[column] ?? '';
      if (cell === '') return [];
      return [name === '' ? cell : `${name}: ${cell}`];
    });
    const pause = index === rows.length - 1 ? PARAGRAPH_PAUSE : ITEM_PAUSE;
    return { text: sentence(said.join('; ')), pause };
  });
}

function announceCode(language: string, code: string): string {
  const lines = code.trimEnd().split('\n').length;
  const kind = /^\w[\w+#-]*$/.test(language) ? ` in ${language}` : '';
  return `A code block${kind}, ${lines} ${lines === 1 ? 'line' : 'lines'}.`;
}

function phrase(nodes: readonly PhrasingContent[]): string {
  const text = nodes.map(readPhrase).join('').replace(/\s+/gu, ' ');
  // A picture ends with a full stop of its own.
  return text.replace(/\. (?=[.,;:!?])/g, '').trim();
}

function readPhrase(node: PhrasingContent): string {
  switch (node.type) {
    case 'text':
      return node.value;
    case 'inlineCode':
      return readCode(node.value);
    case 'break':
      return ' ';
    case 'image':
    case 'imageReference':
      return node.alt ? ` Image: ${node.alt}. ` : '';
    case 'link': {
      const text = node.children.map(readPhrase).join('');
      return isAddress(text, node.url) ? siteName(node.url) : text;
    }
    case 'delete':
    case 'html':
    case 'footnoteReference':
      return '';
    default:
      return hasPhrases(node) ? node.children.map(readPhrase).join('') : '';
  }
}

function hasPhrases(node: Nodes): node is Nodes & { children: PhrasingContent[] } {
  return 'children' in node;
}

/** A link whose text is its address: nobody reads that aloud. */
function isAddress(text: string, url: string): boolean {
  return text.trim() === url || `http://${text.trim()}` === url || `mailto:${text.trim()}` === url;
}

/** Inline code in words: `maxRetries` is "max Retries", `a_b` is "a b". */
function readCode(code: string): string {
  return code
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/[_`{}[\]();|\\]+/g, ' ')
    .replace(/\s+/gu, ' ');
}

/** A block that ends without a mark gets a full stop, so that the voice falls. */
function sentence(text: string): string {
  if (text === '' || /[.!?…:;。！？]["'”’)\]]*$/u.test(text)) return text;
  return /[\p{L}\p{N}]/u.test(text) ? `${text.replace(/[\s,]+$/, '')}.` : text;
}
