const TOKEN = /"(?:[^"\\]|\\[\s\S])*"?|[{}[\],:]|[^\s{}[\],:"]+/g;
const INDENT = '  ';

/**
 * JSON on many lines. It is not parsed: numbers stay as they are written, however long, several documents
 * stand one after another, and one that is cut off is shown as far as it goes.
 */
export function indentJson(json: string): string {
  let out = '';
  let depth = 0;
  let before = '';
  for (const [token] of json.matchAll(TOKEN)) {
    const closes = token === '}' || token === ']';
    const opened = before === '{' || before === '[';
    if (closes) depth = Math.max(0, depth - 1);
    if (before === '') out = '';
    else if (closes) out += opened ? '' : newLine(depth);
    else if (opened || before === ',') out += newLine(depth);
    else if (before === ':') out += ' ';
    else if (depth === 0 && token !== ':' && token !== ',') out += '\n';
    out += token;
    if (token === '{' || token === '[') depth += 1;
    before = token;
  }
  return out;
}

function newLine(depth: number): string {
  return `\n${INDENT.repeat(depth)}`;
}
