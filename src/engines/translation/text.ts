import { EngineError } from '../error.ts';
import type { Ask, TextEngine } from '../text/engine.ts';
import { languageName } from '../text/prompt.ts';
import type { Translator } from './engine.ts';

/** Sentences in front of one that a model sees, so that a pronoun finds its noun. */
const CONTEXT = 2;

/** Translation by a language model, sentence by sentence, so that each keeps its time. */
export function createTextTranslator(engine: TextEngine, ask: Ask): Translator {
  const before: { prompt: string; text: string }[] = [];
  return {
    name: engine.name,
    get model() {
      return engine.model;
    },
    batch: 1,
    // What a model knows is not known before it has answered.
    check() {},
    async translate(sentences, { from, to }, signal) {
      const found: string[] = [];
      const source = from === 'und' ? '' : ` from ${languageName(from)}`;
      const system = `You translate${source} into ${languageName(to)}. Answer with the translation of the last sentence alone: no remarks, no quotation marks, no other language.`;
      await engine.load(() => undefined, signal);
      for (const sentence of sentences) {
        const request = { system, temperature: 0, before: before.slice(-CONTEXT), signal, ask };
        const writing = engine.write(sentence, request);
        let next = await writing.next();
        while (!next.done) next = await writing.next();
        const text = next.value.text.replace(/\s+/g, ' ').trim();
        if (text === '') throw new EngineError('the language model translated nothing');
        before.push({ prompt: sentence, text });
        found.push(text);
      }
      return found;
    },
    close: () => engine.close(),
  };
}
