import { writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { EngineError } from '../engines/error.ts';

/** Writes a thing in one form; `undefined` where it has not that form. */
type Form<T> = (thing: T) => string | undefined;

/** The forms of a thing by the endings of files; `.json` stands for all of them. */
export type Forms<T> = Readonly<Record<string, Form<T>>>;

/** Throws an `EngineError` when a result's ending says no form of a thing. */
export function assertForm<T>(what: string, forms: Forms<T>, output: string): void {
  const ending = extname(output).toLowerCase();
  if (forms[ending] !== undefined) return;
  throw new EngineError(
    `cannot write ${what} as ${ending === '' ? 'a file without ending' : ending}`,
    {
      hint: `Let \`output\` end with .json, which makes the other forms beside it, or with one of ${Object.keys(forms).join(', ')}.`,
      retry: false,
    },
  );
}

/** Writes a result in the form that its ending says; beside a `.json` all others. Gives the names of those beside it. */
export async function writeForms<T>(output: string, forms: Forms<T>, thing: T): Promise<string[]> {
  const form = extname(output);
  const stem = basename(output, form);
  const all = form.toLowerCase() === '.json';
  const beside: string[] = [];
  for (const [ending, write] of Object.entries(forms)) {
    const own = ending === form.toLowerCase();
    const text = own || all ? write(thing) : undefined;
    if (text === undefined) continue;
    const name = own ? basename(output) : `${stem}${ending}`;
    await writeFile(join(dirname(output), name), text);
    if (!own) beside.push(name);
  }
  return beside;
}
