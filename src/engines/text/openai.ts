import { APIError, type OpenAI } from 'openai';
import { stallWatch } from '../../models/stall.ts';
import { type Endpoint, hostOf } from '../endpoint/endpoint.ts';
import { explainOpenAi, silent } from '../endpoint/error.ts';
import { listModels, openAiClient } from '../endpoint/models.ts';
import { EngineError } from '../error.ts';
import type { TextEngine, WriteRequest, Written } from './engine.ts';
import { readStream, readWhole } from './openai-stream.ts';
import { goingOn, systemPrompt } from './prompt.ts';
import { Prose } from './prose.ts';
import { Rest } from './rest.ts';
import { withoutThoughts } from './think.ts';

export interface OpenAiOptions {
  readonly endpoint: Endpoint;
  /** The endpoint's name of the model; without it, the only one that it offers. */
  readonly model?: string | undefined;
  /** Milliseconds without a word from the endpoint after which it is given up. */
  readonly timeout: number;
}

type Body = OpenAI.Chat.Completions.ChatCompletionCreateParams;

/** Request fields that some endpoints and models refuse, and that a text can do without. */
const OPTIONAL = ['temperature', 'seed', 'max_tokens', 'stream'] as const;

/** Texts from any endpoint that speaks OpenAI's chat completions. */
export class OpenAiEngine implements TextEngine {
  readonly name = 'openai';
  readonly #options: OpenAiOptions;
  readonly #client: OpenAI;
  readonly #refused = new Set<string>();
  #model: string | undefined;

  constructor(options: OpenAiOptions) {
    this.#options = options;
    this.#model = options.model;
    this.#client = openAiClient(options.endpoint, options.timeout);
  }

  get model(): TextEngine['model'] {
    return this.#model === undefined ? undefined : { name: this.#model };
  }

  async load(_onFraction: (fraction: number) => void, signal: AbortSignal): Promise<void> {
    this.#model ??= await this.#onlyModel(signal);
  }

  async *write(prompt: string, request: WriteRequest): AsyncGenerator<string, Written> {
    await this.load(() => undefined, request.signal);
    const host = hostOf(this.#options.endpoint);
    const { begun } = request;
    const prose = new Prose(undefined, begun !== undefined);
    const thoughts = withoutThoughts();
    const rest = new Rest(begun ?? '');
    const answer = (piece: string): string => rest.push(thoughts(piece));
    const watch = stallWatch(this.#options.timeout, request.signal);
    const controller = new AbortController();
    const forward = () => controller.abort(watch.signal.reason);
    watch.signal.addEventListener('abort', forward);
    let atOnce = false;
    let reason: string | undefined;
    try {
      const response = await this.#ask(prompt, request, controller);
      if (isStream(response)) {
        const pieces = readStream(response, controller, watch.alive);
        for (let next = await pieces.next(); ; next = await pieces.next()) {
          if (next.done) {
            reason = next.value.reason;
            break;
          }
          const shown = prose.push(answer(next.value));
          if (shown !== '') yield shown;
        }
      } else {
        const whole = readWhole(await response.json());
        atOnce = true;
        reason = whole.reason ?? 'stop';
        yield prose.push(answer(whole.text));
      }
      watch.signal.throwIfAborted();
    } catch (error) {
      request.signal.throwIfAborted();
      const came = prose.words > 0 ? `${prose.words} words` : undefined;
      if (watch.stalled()) throw silent(host, this.#options.timeout, came);
      if (came === undefined || error instanceof APIError) throw this.#explain(error);
      throw cutOff(host, came);
    } finally {
      watch.stop();
      watch.signal.removeEventListener('abort', forward);
      controller.abort();
    }
    if (reason === undefined) throw cutOff(host, `${prose.words} words`);
    const last = prose.push(rest.end());
    if (last !== '') yield last;
    return { ...finish(prose, reason, host, atOnce), ...(atOnce && { atOnce }) };
  }

  async close(): Promise<void> {}

  /** Asks without the fields that the endpoint refuses, which it says one at a time. */
  async #ask(
    prompt: string,
    request: WriteRequest,
    controller: AbortController,
  ): Promise<Response> {
    for (;;) {
      try {
        const body = this.#body(prompt, request);
        const { signal } = controller;
        return await this.#client.chat.completions.create(body, { signal }).asResponse();
      } catch (error) {
        const refused = refusedField(error);
        if (refused === undefined || this.#refused.has(refused)) throw error;
        this.#refused.add(refused);
      }
    }
  }

  #body(prompt: string, request: WriteRequest): Body {
    const system = systemPrompt(request);
    const { temperature, seed, maxTokens } = request;
    const { before, prompt: asked } = goingOn(prompt, request);
    const body = {
      model: this.#model ?? '',
      messages: [
        ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
        ...before.flatMap((turn) => [
          { role: 'user' as const, content: turn.prompt },
          { role: 'assistant' as const, content: turn.text },
        ]),
        { role: 'user' as const, content: asked },
      ],
      stream: true as const,
      ...(temperature !== undefined && { temperature }),
      ...(seed !== undefined && { seed }),
      ...(maxTokens !== undefined && { max_tokens: maxTokens }),
    };
    const kept = Object.entries(body).filter(([key]) => !this.#refused.has(key));
    const renamed = this.#refused.has('max_tokens') && maxTokens !== undefined;
    return {
      ...(Object.fromEntries(kept) as unknown as Body),
      ...(renamed && { max_completion_tokens: maxTokens }),
    };
  }

  async #onlyModel(signal: AbortSignal): Promise<string> {
    const { endpoint, timeout } = this.#options;
    const names = await listModels(endpoint, timeout, signal);
    const [only] = names;
    if (only !== undefined && names.length === 1) return only;
    const shown = names.slice(0, 8).join(', ');
    throw new EngineError(`No model is named for ${hostOf(endpoint)}`, {
      hint:
        shown === ''
          ? 'Set `model`.'
          : `Set \`model\`; it offers ${shown}${names.length > 8 ? '...' : '.'}`,
      retry: false,
    });
  }

  #explain(error: unknown): EngineError {
    return explainOpenAi(error, this.#options.endpoint, this.#options.timeout);
  }
}

function isStream(response: Response): boolean {
  return !/json/i.test(response.headers.get('content-type') ?? '');
}

function refusedField(error: unknown): string | undefined {
  if (!(error instanceof APIError) || (error.status !== 400 && error.status !== 422))
    return undefined;
  const said = `${error.param ?? ''} ${error.message}`;
  return OPTIONAL.find((name) => new RegExp(`\\b${name}(ing)?\\b`, 'i').test(said));
}

function cutOff(host: string, came: string): EngineError {
  return new EngineError(`${host} ended the answer in the middle, after ${came}`, {
    hint: 'The server or a proxy between closed the connection.',
  });
}

function finish(prose: Prose, reason: string, host: string, atOnce: boolean): Written {
  if (reason === 'content_filter') {
    throw new EngineError(`${host} held the text back (content filter)`, {
      hint: 'Ask in other words.',
      retry: false,
    });
  }
  const { text, dropped } = prose.end(reason === 'length');
  if (text === '') throw new EngineError(`${host} answered without a text`);
  const note = atOnce ? `${host} does not stream: the text came as a whole.` : undefined;
  const limit =
    dropped === ''
      ? undefined
      : `${host} stopped at its token limit; the last, unfinished sentence is left out.`;
  const notes = [note, limit].filter((one) => one !== undefined);
  return { text, ...(notes.length > 0 && { note: notes.join(' ') }) };
}
