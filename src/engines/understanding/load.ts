import { isModelPresent, modelPath } from '../../models/store.ts';
import type { ChooseContext } from '../transcription/choose.ts';
import type { Embedder } from './embeddings.ts';

/** The model that compares sentences, fetched first where it is missing. */
export async function loadEmbedder({ signal, onLoad, log }: ChooseContext): Promise<Embedder> {
  const { createEmbedder } = await import('./embeddings.ts');
  if (!(await isModelPresent('minilm'))) log('fetching the model minilm');
  return createEmbedder(await modelPath('minilm', { signal, onProgress: onLoad }));
}
