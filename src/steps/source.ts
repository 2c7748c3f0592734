import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { EngineError } from '../engines/error.ts';
import { decodeText } from '../engines/language/utf8.ts';
import { languageName } from '../engines/text/prompt.ts';
import { type Source, sourceOfFile, sourceOfText } from '../engines/understanding/source.ts';
import type { StepItem } from '../protocol/step.ts';
import type { StepContext } from './serve.ts';

/**
 * What an item asks to be understood: a text, or a file with a transcript, captions or a text. Of a text that is still
 * being made, all of it: each piece is given to `onPiece` as it comes.
 *
 * @param language what a person says it is
 */
export async function readSource(
  item: StepItem,
  context: StepContext,
  language: string | undefined,
  onPiece: (piece: string) => void | Promise<void> = () => {},
): Promise<Source> {
  if (item.stream !== true) {
    return item.file === undefined
      ? sourceOfText(item.text ?? '', language)
      : sourceIn(item.file, language);
  }
  let text = '';
  for await (const piece of context.pieces) {
    text += piece;
    await onPiece(piece);
  }
  const { file } = context.pieces;
  return file === undefined ? sourceOfText(text, language) : sourceIn(file, language);
}

async function sourceIn(file: string, language: string | undefined): Promise<Source> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'there is no such file' : cause.message;
    throw new EngineError(`cannot read ${file}: ${why}`, { retry: false, cause });
  });
  const name = basename(file);
  return sourceOfFile(decodeText(bytes, name), name, language);
}

/** Says that a step can do nothing with a text whose language was found out only now. */
export function notFor(language: string, step: string, context: StepContext): void {
  if (language === 'und') return;
  context.note(`${step} works for English only, and this is ${languageName(language)}`);
}
