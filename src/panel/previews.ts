import type { Result } from '../protocol/events.ts';
import type { ResultContent, ResultId } from '../protocol/panel.ts';
import { type Contents, keyOf, versionOf } from './contents.ts';
import { indentJson } from './indent-json.ts';
import { visible } from './visible.ts';

/** What is shown of a result's contents; no text yet while it is read. */
export type Preview =
  | { readonly text?: string; readonly whole: boolean }
  | { readonly problem: string };

/** More would make the page slow, and nobody reads it there. In characters. */
const LONGEST = 100_000;

/** The results that the person looks into. */
export class Previews {
  readonly #contents: Contents;
  readonly #changed: () => void;
  readonly #open = new Map<string, { readonly of: string; preview: Preview }>();

  constructor(contents: Contents, changed: () => void) {
    this.#contents = contents;
    this.#changed = changed;
  }

  /** What is shown of a result; `undefined` when the person does not look into it. */
  of(id: ResultId, result: Result): Preview | undefined {
    const open = this.#open.get(keyOf(id));
    if (open === undefined) return undefined;
    // The item was made anew meanwhile.
    if (open.of !== versionOf(result)) this.show(id, result);
    return this.#open.get(keyOf(id))?.preview;
  }

  show(id: ResultId, result: Result): void {
    const entry = { of: versionOf(result), preview: { whole: true } as Preview };
    this.#open.set(keyOf(id), entry);
    void this.#contents.load(id).then((content) => {
      entry.preview = previewOf(content, result.mime);
      this.#changed();
    });
    this.#changed();
  }

  hide(id: ResultId): void {
    this.#open.delete(keyOf(id));
    this.#changed();
  }
}

function previewOf(content: ResultContent, mime: string): Preview {
  if ('problem' in content) return content;
  // The last character of a part may be cut in two.
  const decoded = new TextDecoder().decode(content.bytes, { stream: !content.whole });
  const lines = decoded.slice(0, LONGEST).replaceAll('\r\n', '\n');
  const text = /json/.test(mime) ? indentJson(lines) : lines;
  return { text: visible(text), whole: content.whole && decoded.length <= LONGEST };
}
