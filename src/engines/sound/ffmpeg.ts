import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { childEnvironment, tagWithin } from '../../process/environment.ts';
import { LineSplitter } from '../../process/lines.ts';
import { type Program, startProgram } from '../../process/program.ts';
import { EngineError } from '../error.ts';
import type { Piece } from './input.ts';

/** Bytes that wait to be read before ffmpeg has to wait. */
const FULL = 4 << 20;
const DURATION = /^\s*Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/;

/**
 * The sound of any file that the ffmpeg on PATH reads, as the bytes of a WAV file with floats. A file that is a
 * list of others gets none from the network. ffmpeg is ended when the signal is aborted or the reading is given
 * up. Throws an `EngineError` when there is no ffmpeg, or when it can make nothing of the file.
 */
export async function* convertToWav(path: string, signal: AbortSignal): AsyncGenerator<Piece> {
  const queue: Uint8Array[] = [];
  let waiting = 0;
  let wake = (): void => {};
  let last = '';
  let seconds = 0;
  let ended = false;
  const lines = new LineSplitter();
  const read = (text: string): void => {
    if (text.trim() !== '') last = text.trim();
    const [, hours, minutes, rest] = DURATION.exec(text) ?? [];
    if (seconds === 0) seconds = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest) || 0;
  };
  const program: Program = startProgram(
    {
      program: 'ffmpeg',
      args: argumentsFor(path),
      // Not the file's own: on Windows a program may be looked for there.
      cwd: tmpdir(),
      env: childEnvironment(),
      tag: tagWithin('ffmpeg'),
    },
    {
      onOut(chunk) {
        queue.push(chunk);
        waiting += chunk.length;
        if (waiting > FULL) program.pause();
        wake();
      },
      onErr: (chunk) => lines.push(chunk).forEach(read),
    },
  );
  const stop = (): void => void program.stop();
  signal.addEventListener('abort', stop, { once: true });
  void program.exited.then(() => {
    ended = true;
    wake();
  });
  let given = 0;
  let perSecond = 0;
  try {
    while (queue.length > 0 || !ended) {
      signal.throwIfAborted();
      const bytes = queue.shift();
      if (bytes === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      waiting -= bytes.length;
      if (waiting < FULL / 2) program.resume();
      perSecond ||= bytesPerSecond(bytes);
      given += bytes.length;
      const whole = seconds * perSecond;
      yield { bytes, ...(whole > 0 && { fraction: Math.min(1, given / whole) }) };
    }
    signal.throwIfAborted();
    const { code, failure } = await program.exited;
    lines.end().forEach(read);
    if (failure !== undefined) throw missing(path, failure.message);
    if (code !== 0) {
      throw new EngineError(`ffmpeg cannot read ${basename(path)}: ${last.slice(0, 300)}`, {
        retry: false,
      });
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await program.stop({ delay: 500 });
  }
}

function argumentsFor(path: string): string[] {
  const input = ['-protocol_whitelist', 'file', '-i', `file:${path}`];
  const output = ['-map', '0:a:0', '-c:a', 'pcm_f32le', '-f', 'wav', 'pipe:1'];
  return ['-nostdin', '-hide_banner', '-nostats', ...input, ...output];
}

/** Of a WAV file, from its first bytes: ffmpeg puts the format first. */
function bytesPerSecond(bytes: Uint8Array): number {
  return bytes.length < 32 ? 0 : Buffer.from(bytes.subarray(0, 32)).readUInt32LE(28);
}

function missing(path: string, why: string): EngineError {
  return new EngineError(`${basename(path)} is no WAV, MP3, FLAC or Ogg file. ${why}`, {
    hint: 'ffmpeg reads many more kinds of file: install it, or convert the file to WAV.',
    retry: false,
  });
}
