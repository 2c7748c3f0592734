import { admit } from './assemble.ts';
import { type OnProgress, type StoreContext, sum, type Wanted } from './context.ts';
import { DamagedError, ModelError } from './error.ts';
import { downloadPath, hubDownload } from './folder.ts';
import { forgetTransfer, sizeOf, transfer } from './transfer.ts';

/** Fetches files from the home of their model, one after another. */
export async function fetchFromHub(
  context: StoreContext,
  wanted: readonly Wanted[],
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<void> {
  const homeless = wanted.find(({ file }) => !file.hub);
  if (homeless) throw new ModelError(`${homeless.file.name} has no other known home`);
  const total = sum(wanted.map(({ file }) => file.bytes));
  let before = 0;
  for (const one of wanted) {
    const { file } = one;
    if (!file.hub) continue;
    const { repo, revision, path } = file.hub;
    const url = `${context.hub}/${repo}/resolve/${revision}/${path}`;
    const to = downloadPath(context.root, hubDownload(one.model, file));
    const start = before;
    const resumed = (await sizeOf(to)) > 0;
    await transfer(url, to, {
      npm: context.npm(),
      bytes: file.bytes,
      tag: file.sha256,
      onBytes: (bytes) => onProgress(start + bytes, total),
      signal,
      stall: context.stall,
      pause: context.pause,
    });
    try {
      await admit(context.root, one, to, `${repo} at ${new URL(context.hub).host}`, signal);
    } catch (error) {
      if (!resumed || !(error instanceof ModelError)) throw error;
      throw new DamagedError(error.message, { ...hintOf(error), cause: error });
    } finally {
      if (!signal.aborted) await forgetTransfer(to);
    }
    before += file.bytes;
  }
}

function hintOf({ hint }: ModelError): { hint?: string } {
  return hint === undefined ? {} : { hint };
}
