import type { Nodes, PhrasingContent } from 'mdast';
import { fromMarkdown, type Options } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { siteName } from '../site-name.ts';

/** Blocks are found elsewhere: here "1." and "#" at the beginning are text. */
const BLOCKS = [
  'blockQuote',
  'codeFenced',
  'codeIndented',
  'definition',
  'gfmFootnoteDefinition',
  'headingAtx',
  'htmlFlow',
  'list',
  'setextUnderline',
  'table',
  'thematicBreak',
];
const INLINE: Options = {
  extensions: [gfm(), { disable: { null: BLOCKS } }],
  mdastExtensions: [gfmFromMarkdown()],
};
const MARK_LAST =
  /[.!?…:;。！？](?:["'”’)\]\s\p{Extended_Pictographic}\p{Emoji_Modifier}]|\ufe0f|\u200d)*$/u;
/** What makes a text more than its characters; parsing takes a hundred times as long. */
const MARKUP = /[\\`*_~[\]<>&!@]|:\/\/|www\./i;

/** A paragraph's text in Markdown as a person reads it aloud, on one line. */
export function readInline(markdown: string): string {
  if (!MARKUP.test(markdown)) return onOneLine(markdown);
  const { children } = fromMarkdown(markdown, INLINE);
  return children.map((node) => (hasPhrases(node) ? phrase(node.children) : '')).join(' ');
}

/** The cells of a table's row. */
export function splitRow(row: string): string[] {
  const inner = row.trim().replace(/^\||(?<!\\)\|$/g, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.replaceAll('\\|', '|').trim());
}

/** A row of a table, each cell after the name of its column. */
export function readRow(names: readonly string[], row: string): string {
  const said = splitRow(row)
    .slice(0, names.length)
    .flatMap((cell, column) => {
      const text = readInline(cell);
      const name = names[column] ?? '';
      if (text === '') return [];
      return [name === '' ? text : `${name}: ${text}`];
    });
  return sentence(said.join('; '));
}

/** The head of a table that has no rows. */
export function readHead(names: readonly string[]): string {
  return sentence(names.join(', '));
}

/** A block of code is named, not read. */
export function readCode(language: string, lines: number): string {
  const kind = /^\w[\w+#-]*$/.test(language) ? ` in ${language}` : '';
  return `A code block${kind}, ${lines} ${lines === 1 ? 'line' : 'lines'}.`;
}

/** A block that ends without a mark gets a full stop, so that the voice falls. */
export function sentence(text: string): string {
  if (text === '' || MARK_LAST.test(text)) return text;
  return isSayable(text) ? `${text.replace(/[\s,]+$/, '')}.` : text;
}

/** Whether there is anything to say; signs alone are not said. */
export function isSayable(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

export function onOneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

function phrase(nodes: readonly PhrasingContent[]): string {
  const text = nodes
    .map(readPhrase)
    .join('')
    // Where a label leads to may stand anywhere in the text: `![a picture][1]`, `[a link][2]`, `[^3]`.
    .replace(/(?<!\w)!\[([^[\]]*)\](?:\[[^[\]]*\])?/g, ' Image: $1. ')
    .replace(/\[\^[^\]\s]+\]/g, '')
    .replace(/\[([^[\]]*)\]\[[^[\]]*\]/g, '$1');
  // A picture ends with a full stop of its own.
  return onOneLine(text)
    .replace(/\. (?=[.,;:!?])/g, '')
    .trim();
}

function readPhrase(node: PhrasingContent): string {
  switch (node.type) {
    case 'text':
      return node.value;
    case 'inlineCode':
      return readInlineCode(node.value);
    case 'break':
      return ' ';
    case 'image':
    case 'imageReference':
      return node.alt ? ` Image: ${node.alt}. ` : '';
    case 'link': {
      const text = node.children.map(readPhrase).join('');
      return (isAddress(text, node.url) && siteName(node.url)) || text;
    }
    case 'html':
      return /^<br\b/i.test(node.value) ? ' ' : '';
    case 'delete':
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
function readInlineCode(code: string): string {
  return code
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/[_`{}[\]();|\\]+/g, ' ')
    .replace(/\s+/gu, ' ');
}
