import type { Trust } from './trust.ts';

/** Bytes of a letter, at most: more than a step can say at once. */
export const LETTER_BYTES = 256 << 20;

/**
 * What stands in one entry of a stream: messages about one job in the hands of one worker, and perhaps the bytes
 * of a file.
 */
export interface Letter {
  /** The taking of a job by a worker. */
  readonly take: string;
  /** The one who writes, anew each time he is started. */
  readonly writer: string;
  /** Rises by 1 from 1 for each writer and taking. */
  readonly number: number;
  /** JSON: a list of messages. */
  readonly messages: string;
  readonly data?: Buffer | undefined;
}

/**
 * A letter as fields of an entry; signed where there is a key.
 *
 * @param stream the key of the stream that it is for: it is signed, too, so that nobody can deliver a letter elsewhere
 */
export function seal(
  letter: Letter,
  stream: string,
  trust: Trust | undefined,
): (string | Buffer)[] {
  const { take, writer, number, messages, data } = letter;
  const fields: (string | Buffer)[] = ['t', take, 'w', writer, 'n', String(number), 'm', messages];
  if (data !== undefined) fields.push('d', data);
  if (trust !== undefined) fields.push('s', trust.sign(signedParts(letter, stream)));
  return fields;
}

/** The letter in the fields of an entry; `undefined` where there is none, or where its signature is not right. */
export function unseal(
  fields: readonly Buffer[],
  stream: string,
  trust: Trust | undefined,
): Letter | undefined {
  // Before anything is read as text: anybody may have written it.
  if (bytesOf(fields) > LETTER_BYTES) return undefined;
  const found = new Map<string, Buffer>();
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [name, value] = [fields[at], fields[at + 1]];
    if (name !== undefined && value !== undefined) found.set(name.toString(), value);
  }
  const [take, writer, number, messages] = ['t', 'w', 'n', 'm'].map((name) =>
    found.get(name)?.toString(),
  );
  if (take === undefined || writer === undefined || messages === undefined) return undefined;
  const letter = { take, writer, number: Number(number), messages, data: found.get('d') };
  if (!Number.isSafeInteger(letter.number)) return undefined;
  if (trust?.signed(signedParts(letter, stream), found.get('s')) === false) return undefined;
  return letter;
}

/** What an entry takes in memory. */
export function bytesOf(fields: readonly Buffer[]): number {
  return fields.reduce((sum, field) => sum + field.length, 0);
}

function signedParts(letter: Letter, stream: string): (string | Buffer)[] {
  const { take, writer, number, messages, data } = letter;
  return [stream, take, writer, String(number), messages, data ?? ''];
}
