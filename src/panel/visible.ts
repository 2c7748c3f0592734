import { withoutColours } from '../protocol/escapes.ts';

/**
 * What a text from a program or a file holds unseen: control characters, and marks that turn the direction
 * of what follows. A name made of them could pass for another one.
 */
const UNSEEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;
const PICTURES = 0x2400;
const DELETE = 0x7f;
const DELETE_PICTURE = '\u2421';

/** What a program says, without the colours that it would have in a terminal. */
export function saying(text: string): string {
  return visible(withoutColours(text));
}

/** A text with pictures in the place of what cannot be seen, such as `␛`, and the code of the rest. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(PICTURES + code);
    if (code === DELETE) return DELETE_PICTURE;
    return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
  });
}
