import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { relativePath } from '../batch/paths.ts';
import { slug } from '../batch/placeholders.ts';
import { beginsWith } from '../engines/sound/decode.ts';
import { isMp3 } from '../engines/sound/mp3-header.ts';
import { inputFile } from '../protocol/input.ts';
import type { RunHandle } from '../runner/client.ts';
import { layoutOf, makeLayout } from '../runner/layout.ts';
import type { Runs } from '../runner/runs.ts';
import { RequestError } from './errors.ts';
import { isOver } from './run-stream.ts';

/** Of an upload: three hours of speech as WAV have 350 MB. */
export const UPLOAD_LIMITS = {
  fileSize: 512 << 20,
  files: 1,
  fields: 20,
  fieldSize: 4096,
} as const;
/** Of a form, beside its recording. */
const REST_BYTES = 1 << 20;
/** Uploads that come at the same time; no more come while there is as much as so many of the largest. */
const AT_ONCE = 8;
/** What a server that was killed has left behind is removed after so many ms. */
const LEFT_MS = 60 * 60_000;
/** Bytes by which a recording is known. */
const HEAD = 200;

/** The file and the fields of a form. */
export interface Upload {
  /** Relative to the workspace. */
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
  /** For an upload that nothing was made of. */
  remove(): Promise<void>;
}

/** Recordings that clients sent. Each is there as long as the run that works on it, and no longer. */
export class Uploads {
  readonly #workspace: string;
  readonly #folder: string;
  readonly #runs: Runs;
  /** Of the largest recording that is taken, in bytes. */
  readonly #fileSize: number;
  readonly #listening: readonly { dispose(): void }[];
  #coming = 0;

  constructor(workspace: string, runs: Runs, fileSize: number = UPLOAD_LIMITS.fileSize) {
    this.#fileSize = fileSize;
    this.#workspace = workspace;
    this.#runs = runs;
    this.#folder = layoutOf(workspace).uploads;
    this.#listening = [
      runs.changed.on(({ run }) => this.#ended(run)),
      runs.removed.on((run) => this.#ended(run)),
    ];
  }

  /** Removes what is left of a server that was killed. To be called once the runs are known. */
  async sweep(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    const used = new Set(
      this.#runs.all.filter((run) => !isOver(run)).flatMap((run) => this.#of(run)),
    );
    for (const name of names) {
      const folder = join(this.#folder, name);
      const found = await stat(folder).catch(() => undefined);
      // Another server of the workspace may be receiving it.
      if (found === undefined || Date.now() - found.mtimeMs < LEFT_MS || used.has(name)) continue;
      await rm(folder, { recursive: true, force: true });
    }
  }

  /**
   * Takes the file `audio` and the fields of a form. What it is, its bytes say, and not its name. Rejects with
   * RequestError; then nothing is left of it.
   */
  async receive(request: FastifyRequest): Promise<Upload> {
    if (!request.isMultipart()) {
      throw new RequestError(415, 'The body is no form.', 'Send multipart/form-data.');
    }
    if (this.#coming >= AT_ONCE) {
      throw new RequestError(429, `${AT_ONCE} uploads are under way already.`, 'Try again later.');
    }
    this.#coming += 1;
    const done = request.patience?.whileBytesCome(this.#fileSize + REST_BYTES);
    const folder = join(this.#folder, randomBytes(8).toString('hex'));
    const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
    try {
      if ((await bytesIn(this.#folder)) > AT_ONCE * this.#fileSize) {
        throw new RequestError(
          429,
          'The recordings that are worked on take as much of the disk as they may.',
          'Try again later.',
        );
      }
      await makeLayout(layoutOf(this.#workspace));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const limits = { ...UPLOAD_LIMITS, fileSize: this.#fileSize };
      const fields = new Map<string, string>();
      let path: string | undefined;
      for await (const part of request.parts({ limits })) {
        if (part.type === 'field') fields.set(part.fieldname, String(part.value));
        else path = await keep(part, folder);
      }
      if (path === undefined) {
        throw new RequestError(400, 'The form has no file.', 'Send the recording as `audio`.');
      }
      return {
        path: relativePath(this.#workspace, path),
        fields: Object.fromEntries(fields),
        remove,
      };
    } catch (error) {
      await remove();
      throw asTold(error);
    } finally {
      done?.();
      this.#coming -= 1;
    }
  }

  dispose(): void {
    for (const listening of this.#listening) listening.dispose();
  }

  #ended(run: RunHandle): void {
    if (!isOver(run)) return;
    for (const name of this.#of(run)) {
      // One that cannot be removed now is swept later.
      rm(join(this.#folder, name), { recursive: true, force: true }).catch(() => {});
    }
  }

  /** Names of the folders with what a run works on. */
  #of({ state }: RunHandle): string[] {
    const folder = `${relativePath(this.#workspace, this.#folder)}/`;
    return state.items.flatMap((item) => {
      const file = inputFile(item);
      const name = file?.startsWith(folder) === true ? file.slice(folder.length).split('/')[0] : '';
      return name === undefined || !/^[0-9a-f]{16}$/.test(name) ? [] : [name];
    });
  }
}

/** What went wrong with an upload: a form that is cut or none is the client's doing, the disk is ours. */
function asTold(error: unknown): unknown {
  const isOurs =
    !(error instanceof Error) ||
    error.name !== 'Error' ||
    'statusCode' in error ||
    'syscall' in error;
  return isOurs ? error : new RequestError(400, `The form cannot be read: ${error.message}.`);
}

/** Bytes of the files in a folder, which need not be there. */
async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Writes a file to a folder, under a name that says what it is. */
async function keep(part: MultipartFile, folder: string): Promise<string> {
  if (part.fieldname !== 'audio') {
    throw new RequestError(400, 'The form has a file that is not `audio`.');
  }
  const draft = join(folder, 'draft');
  await pipeline(part.file, createWriteStream(draft, { flags: 'wx', mode: 0o600 }));
  if (part.file.truncated) {
    const most = UPLOAD_LIMITS.fileSize >> 20;
    throw new RequestError(
      413,
      `The recording has more than ${most} MB.`,
      'Send it as MP3 or Opus.',
    );
  }
  const ending = await endingOf(draft);
  if (ending === undefined) {
    throw new RequestError(
      415,
      'The file is no recording that is known here.',
      'Send WAV, MP3, FLAC, Ogg, M4A or WebM.',
    );
  }
  // A part that says that its content is no text is a file, also without a name.
  const name: string | undefined = part.filename;
  const path = join(folder, `${slug(name?.replace(/\.\w*$/, '') ?? 'recording')}.${ending}`);
  await rename(draft, path);
  return path;
}

/** What a file is, by the marks that its format begins with. */
async function endingOf(path: string): Promise<string | undefined> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    const head = buffer.subarray(0, bytesRead);
    if (beginsWith(head, 'RIFF') && beginsWith(head.subarray(8), 'WAVE')) return 'wav';
    if (beginsWith(head, 'fLaC')) return 'flac';
    if (beginsWith(head, 'OggS')) return 'ogg';
    // ISO base media (ISO/IEC 14496-12), and Matroska (RFC 8794, section 11.2.1).
    if (beginsWith(head.subarray(4), 'ftyp')) return 'm4a';
    if (beginsWith(head, '\x1a\x45\xdf\xa3')) return 'webm';
    return isMp3(head) ? 'mp3' : undefined;
  } finally {
    await file.close();
  }
}
