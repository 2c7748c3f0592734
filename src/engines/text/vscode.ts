import { stallWatch } from '../../models/stall.ts';
import { EngineError } from '../error.ts';
import type { TextEngine, WriteRequest, Written } from './engine.ts';
import { goingOn, systemPrompt } from './prompt.ts';
import { Prose } from './prose.ts';
import { Rest } from './rest.ts';
import { withoutThoughts } from './think.ts';

export interface VscodeOptions {
  /** `VENDOR/ID` or `VENDOR/FAMILY`, or an id; without it, the first model that the window has. */
  readonly model?: string | undefined;
  /** Milliseconds without a word after which it is given up. */
  readonly timeout: number;
}

/** Texts from the language models of VS Code, in a window that is attached to the run. */
export class VscodeEngine implements TextEngine {
  readonly name = 'vscode';
  readonly model = undefined;
  readonly #options: VscodeOptions;

  constructor(options: VscodeOptions) {
    this.#options = options;
  }

  async load(): Promise<void> {}

  async *write(prompt: string, request: WriteRequest): AsyncGenerator<string, Written> {
    const { ask, temperature, seed, maxTokens } = request;
    const { model, timeout } = this.#options;
    if (ask === undefined)
      throw new EngineError('VS Code writes in a batch alone', { retry: false });
    const system = systemPrompt(request);
    const { before, prompt: asked } = goingOn(prompt, request);
    const prose = new Prose(undefined, request.begun !== undefined);
    const thoughts = withoutThoughts();
    const rest = new Rest(request.begun ?? '');
    const watch = stallWatch(timeout, request.signal);
    const pieces = ask(
      {
        prompt: [...before.flatMap((turn) => [turn.prompt, turn.text]), asked].join('\n\n'),
        ...(system !== '' && { system }),
        ...(model !== undefined && { model }),
        ...(temperature !== undefined && { temperature }),
        ...(seed !== undefined && { seed }),
        ...(maxTokens !== undefined && { maxTokens }),
      },
      watch.signal,
    );
    try {
      let next = await pieces.next();
      for (; !next.done; next = await pieces.next()) {
        watch.alive();
        const shown = prose.push(rest.push(thoughts(next.value)));
        if (shown !== '') yield shown;
      }
      const last = prose.push(rest.end());
      if (last !== '') yield last;
      const { text } = prose.end(false);
      if (text === '') throw new EngineError('VS Code answered without a text');
      return { text, ...(next.value.model !== undefined && { model: next.value.model }) };
    } catch (error) {
      request.signal.throwIfAborted();
      throw watch.stalled() ? silent(timeout) : error;
    } finally {
      watch.stop();
      await pieces.return({});
    }
  }

  async close(): Promise<void> {}
}

function silent(timeout: number): EngineError {
  return new EngineError(`VS Code said nothing for ${timeout / 1000} s`, {
    hint: 'Its window may be waiting for an answer, such as whether Sluice may use the model. Raise `timeout` if the model is slow.',
  });
}
