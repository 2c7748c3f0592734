import type { Position, TextDocument, Uri } from 'vscode';

/** Where something may be written, as it was when VS Code asked: a document goes on changing. */
export interface AskedPlace {
  readonly uri: Uri;
  readonly text: string;
  readonly position: Position;
  /** The same position, counted in UTF-16 from the beginning of the text. */
  readonly offset: number;
}

/** The place that VS Code asks for. To be taken before anything is awaited. */
export function askedPlace(document: TextDocument, position: Position): AskedPlace {
  const { uri } = document;
  return { uri, text: document.getText(), position, offset: document.offsetAt(position) };
}
