import type { Trust } from './trust.ts';

/** Whom a letter goes to: it cannot be delivered the other way. */
export type Way = 'toRun' | 'toWorker';

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

/** A letter as fields of an entry; signed where there is a key. */
export function seal(letter: Letter, way: Way, trust: Trust | undefined): (string | Buffer)[] {
  const { take, writer, number, messages, data } = letter;
  const fields: (string | Buffer)[] = ['t', take, 'w', writer, 'n', String(number), 'm', messages];
  if (data !== undefined) fields.push('d', data);
  if (trust !== undefined) fields.push('s', trust.sign(signedParts(letter, way)));
  return fields;
}

/** The letter in the fields of an entry; `undefined` where there is none, or where its signature is not right. */
export function unseal(
  fields: readonly Buffer[],
  way: Way,
  trust: Trust | undefined,
): Letter | undefined {
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
  if (trust?.signed(signedParts(letter, way), found.get('s')) === false) return undefined;
  return letter;
}

function signedParts(letter: Letter, way: Way): (string | Buffer)[] {
  const { take, writer, number, messages, data } = letter;
  return [way, take, writer, String(number), messages, data ?? ''];
}
