import type { ChooseContext } from '../transcription/choose.ts';
import type { Embedder } from './embeddings.ts';

/** The model that compares sentences, fetched first where it is missing. */
export async function loadEmbedder({ signal, onLoad, log }: ChooseContext): Promise<Embedder> {
  // A step that waits for its text leaves the cores to the step that makes it.
  const { createEmbedder } = await import('./embeddings.ts');
  const { isModelPresent, modelPath } = await import('../../models/store.ts');
  if (!(await isModelPresent('minilm'))) log('fetching the model minilm');
  return createEmbedder(await modelPath('minilm', { signal, onProgress: onLoad }));
}
