import model from 'wink-eng-lite-web-model';
import winkNLP, { type WinkMethods } from 'wink-nlp';

let loaded: WinkMethods | undefined;

/** wink-nlp with its small English model: parts of speech. Loads once, in 0.2 s. */
export function wink(): WinkMethods {
  loaded ??= winkNLP(model, ['pos']);
  return loaded;
}
