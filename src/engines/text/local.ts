import type { ChatHistoryItem, LLamaChatPromptOptions } from 'node-llama-cpp';
import { EngineError } from '../error.ts';
import type { TextEngine, Turn, WriteRequest, Written } from './engine.ts';
import { type LoadedModel, type LoadOptions, loadModel } from './llama.ts';
import { systemPrompt } from './prompt.ts';
import { Prose } from './prose.ts';
import { Queue } from './queue.ts';

/** Tokens for which the rest of a text shows whole sentences only, as a share of all. */
const HELD = 0.4;

/** Bytes of weights below which a model is told things briefly. */
const SMALL = 1.5e9;

/** What a chat template adds around the prompt, at most. */
const TEMPLATE_TOKENS = 64;

/**
 * Texts from a GGUF model on this machine, through node-llama-cpp. One text at a time: a second
 * `write` waits for the first.
 */
export class LocalEngine implements TextEngine {
  readonly name = 'local';
  readonly #options: LoadOptions;
  #loading: Promise<LoadedModel> | undefined;
  #loaded: LoadedModel | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  get model(): TextEngine['model'] {
    if (!this.#loaded) return undefined;
    const { name, sha256 } = this.#loaded;
    return { name, ...(sha256 !== undefined && { sha256 }) };
  }

  async load(onFraction: (fraction: number) => void, signal: AbortSignal): Promise<void> {
    const other = this.#loading;
    this.#loading ??= loadModel(this.#options, onFraction, signal);
    try {
      this.#loaded = await this.#loading;
    } catch (error) {
      this.#loading = undefined;
      if (other === undefined || signal.aborted) throw error;
      // It was another item that was cancelled, or whose download was cut.
      await this.load(onFraction, signal);
    }
  }

  async *write(prompt: string, request: WriteRequest): AsyncGenerator<string, Written> {
    const before = this.#turn;
    let done: () => void = () => undefined;
    this.#turn = new Promise((resolve) => {
      done = resolve;
    });
    try {
      await before;
      request.signal.throwIfAborted();
      await this.load(() => undefined, request.signal);
      if (!this.#loaded) throw new EngineError('The model is closed', { retry: false });
      return yield* generate(this.#loaded, prompt, request);
    } finally {
      done();
    }
  }

  async close(): Promise<void> {
    await this.#turn;
    const loaded = this.#loaded;
    this.#loading = undefined;
    this.#loaded = undefined;
    await loaded?.dispose();
  }
}

async function* generate(
  loaded: LoadedModel,
  prompt: string,
  request: WriteRequest,
): AsyncGenerator<string, Written> {
  const system = systemPrompt(request, loaded.model.size < SMALL);
  const { before = [], begun = '' } = request;
  const told = [system, ...before.flatMap((turn) => [turn.prompt, turn.text]), prompt, begun];
  const limit = tokenLimit(loaded, told, request);
  const sequence = await loaded.sequence(limit.context, request.signal, before.length > 0);
  const { LlamaChatSession } = await import('node-llama-cpp');
  const session = new LlamaChatSession({ contextSequence: sequence, systemPrompt: system });
  if (before.length > 0) session.setChatHistory(historyOf(system, before));
  const stop = new AbortController();
  const pieces = new Queue<string>();
  const prose = new Prose(request.words);
  const state = { tokens: 0, cut: false };
  const options: LLamaChatPromptOptions = {
    ...sampling(request),
    ...(begun !== '' && { responsePrefix: begun }),
    maxTokens: limit.tokens,
    signal: AbortSignal.any([stop.signal, request.signal]),
    stopOnAbortSignal: true,
    onTextChunk: (text) => pieces.push(text),
    onToken: (more) => {
      state.tokens += more.length;
    },
  };
  const running = session.promptWithMeta(prompt, options).then(
    ({ stopReason }) => {
      state.cut = stopReason === 'maxTokens';
      pieces.end();
    },
    (error: unknown) => pieces.fail(error),
  );
  try {
    for await (const piece of pieces) {
      const shown = prose.push(piece, state.tokens > limit.tokens * (1 - HELD));
      if (shown !== '') yield shown;
      if (prose.finished) break;
    }
    request.signal.throwIfAborted();
    const { text, rest } = prose.end(state.cut);
    if (rest !== '') yield rest;
    if (text === '') throw new EngineError('The model wrote nothing', EMPTY);
    return { text, ...noteOn(prose.words, request.words, state.cut ? limit.tokens : undefined) };
  } finally {
    stop.abort();
    await running;
    session.dispose({ disposeSequence: false });
  }
}

function historyOf(system: string, before: readonly Turn[]): ChatHistoryItem[] {
  const turns = before.flatMap(({ prompt, text }): ChatHistoryItem[] => [
    { type: 'user', text: prompt },
    { type: 'model', response: [text] },
  ]);
  return [{ type: 'system', text: system }, ...turns];
}

function noteOn(words: number, goal: number | undefined, limit: number | undefined) {
  if (limit !== undefined) return { note: `The text ends at the limit of ${limit} tokens.` };
  if (goal === undefined || words >= goal * 0.6) return {};
  return { note: `The model ended after ${words} of ${goal} words.` };
}

const EMPTY = { hint: 'Ask in other words, or choose another model.' };

/** Keeps a small model from wandering and from saying the same again. */
function sampling(request: WriteRequest): LLamaChatPromptOptions {
  return {
    temperature: request.temperature ?? 0.4,
    topK: 40,
    topP: 0.9,
    minP: 0.05,
    ...(request.seed !== undefined && { seed: request.seed }),
    repeatPenalty: { penalty: 1.1, lastTokens: 64, penalizeNewLine: false },
    dryRepeatPenalty: { strength: 0.8, allowedLength: 4, lastTokens: 512 },
  };
}

function tokenLimit(
  loaded: LoadedModel,
  told: readonly string[],
  request: WriteRequest,
): { tokens: number; context: number } {
  const template = TEMPLATE_TOKENS * Math.ceil(told.length / 2);
  const prompt = loaded.model.tokenize(told.join('')).length + template;
  const room = loaded.model.trainContextSize - prompt;
  if (room < 64) {
    const size = loaded.model.trainContextSize;
    throw new EngineError(
      `The prompt takes ${prompt} of the ${size} tokens that the model can hold`,
      {
        hint: 'Shorten the prompt, or choose a model with a longer context.',
        retry: false,
      },
    );
  }
  // Twice what English takes: other languages need more tokens for a word, and sentences end late.
  const wanted = request.maxTokens ?? Math.ceil((request.words ?? 400) * 2.8) + 60;
  const tokens = Math.min(wanted, room);
  return { tokens, context: prompt + tokens };
}
