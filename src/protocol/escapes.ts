/**
 * Escapes of terminals in the output of programs. They colour text, and they also move the cursor, name the
 * window, write to the clipboard or ask the terminal to answer: only colours may ever reach one.
 */

const ESC = '\x1b';
const [BRACKET, DIGIT_0, COLON, SEMICOLON, LETTER_M] = [0x5b, 0x30, 0x3a, 0x3b, 0x6d];

const MOST_PARAMETERS = 64;

/** Select Graphic Rendition: colours, weights, and `0`, which ends them. */
const SGR = `${ESC}\\[[\\d;:]{0,${MOST_PARAMETERS}}m`;

/**
 * Whole escapes, then any other control character but the tab, so that of an escape that is cut or unknown at
 * least the beginning goes: what is left is text. In this order: strings (OSC, DCS, SOS, PM, APC) with their
 * end, control sequences, the rest.
 */
const OTHERS = [
  `(?:${ESC}[\\]PX^_]|[\\x90\\x98\\x9d-\\x9f])[^\\x07\\x1b\\x80-\\x9f]*(?:\\x07|\\x9c|${ESC}\\\\)`,
  `(?:${ESC}\\[|\\x9b)[\\x30-\\x3f]*[\\x20-\\x2f]*[\\x40-\\x7e]`,
  `${ESC}[\\x20-\\x2f]+[\\x30-\\x7e]`,
  `${ESC}[\\x30-\\x4f\\x51-\\x57\\x59\\x5a\\x60-\\x7e]`,
  '[\\0-\\x08\\x0a-\\x1f\\x7f-\\x9f]',
].join('|');

const SOME = /[\0-\x08\x0a-\x1f\x7f-\x9f]/;
const ALL = new RegExp(`${SGR}|${OTHERS}`, 'g');
const COLOURS = new RegExp(`(${SGR})|${OTHERS}`, 'g');
const EACH_SGR = new RegExp(SGR, 'g');
const ONLY_COLOUR = new RegExp(`^(?:${SGR})*$`);

/** Text without the escapes that colour it. They are nearly all that there are, and this is the fastest way. */
export function withoutColours(text: string): string {
  return text.includes(ESC) ? text.replace(EACH_SGR, '') : text;
}

/** Whether all escapes of a text, which may be long, are whole ones that colour it. */
export function isOnlyColoured(text: string): boolean {
  if (text.includes('\x9b')) return false;
  for (let at = text.indexOf(ESC); at !== -1; at = text.indexOf(ESC, at)) {
    if (text.charCodeAt(at + 1) !== BRACKET) return false;
    const parameters = at + 2;
    at = parameters;
    let code = text.charCodeAt(at);
    while ((code >= DIGIT_0 && code <= COLON) || code === SEMICOLON) {
      at += 1;
      code = text.charCodeAt(at);
    }
    if (code !== LETTER_M || at > parameters + MOST_PARAMETERS) return false;
  }
  return true;
}

/** A line of text without escapes and other control characters; tabs stay. */
export function plainText(line: string): string {
  return SOME.test(line) ? line.replace(ALL, '') : line;
}

/** A line of text in which the escapes that colour it are the only control characters, but for tabs. */
export function colouredText(line: string): string {
  return SOME.test(line) ? line.replace(COLOURS, '$1') : line;
}

/** Whether a text, which may be empty, only colours what comes after it. */
export function isColourOnly(text: string): boolean {
  return ONLY_COLOUR.test(text);
}

/** The colours that a line leaves on at its end, as escapes; `before` are those that were on at its start. */
export function colourAfter(line: string, before = ''): string {
  if (!line.includes(ESC)) return before;
  const on = `${before}${(line.match(EACH_SGR) ?? []).join('')}`.replace(/^.*\x1b\[[0;:]*m/s, '');
  // Of colours that are set again and again without an end, the last one.
  return on.length > 256 ? on.slice(on.lastIndexOf(ESC)) : on;
}
