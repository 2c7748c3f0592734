import type { LanguageModelChat, LanguageModelChatResponse } from 'vscode';
import type { TextRequest } from '../../protocol/step.ts';
import type { Services } from '../../runner/client.ts';
import type { RunChange } from '../../runner/runs.ts';
import { TextRefused, type TextService } from '../../runner/text-service.ts';
import type { Vscode } from '../vscode.ts';
import { abortToken } from './abort-token.ts';
import { refusalOf } from './refusal.ts';

/** The run that a text is for. */
export interface ForRun {
  readonly id: string;
  readonly name: string;
}

/**
 * The language models of VS Code (Copilot's, and those of other extensions), for the runs that this window is
 * attached to.
 */
export class LanguageModels {
  readonly #vscode: Vscode;
  /** By vendor: the request that VS Code may be asking the person about. */
  readonly #turns = new Map<string, Promise<unknown>>();
  /** By run: the vendors whose models the person did not allow. */
  readonly #forbidden = new Map<string, Set<string>>();

  constructor(vscode: Vscode) {
    this.#vscode = vscode;
  }

  /** What this window does for its runs: nothing in Restricted Mode. */
  get services(): Services {
    return this.#vscode.workspace.isTrusted ? { text: (run) => this.textFor(run) } : {};
  }

  /** Every model that there is now. */
  async all(): Promise<readonly LanguageModelChat[]> {
    return this.#vscode.lm.selectChatModels();
  }

  /** The model of a name as `modelName` gives it, of a vendor and family, or of an id. */
  async find(name: string): Promise<LanguageModelChat | undefined> {
    const models = await this.all();
    const names: readonly ((model: LanguageModelChat) => string)[] = [
      modelName,
      ({ vendor, family }) => `${vendor}/${family}`,
      ({ id }) => id,
      ({ family }) => family,
    ];
    for (const nameOf of names) {
      const found = models.find((model) => nameOf(model) === name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Writes for one run. */
  textFor(run: ForRun): TextService {
    return async (request, onPiece, signal) => {
      const model = await this.#choose(request.model);
      const { token, release } = abortToken(this.#vscode, signal);
      const { l10n } = this.#vscode;
      try {
        const response = await this.#begin(run, model, signal, () =>
          model.sendRequest(
            this.#messages(request),
            {
              justification: l10n.t('The batch "{0}" writes its texts with it.', run.name),
              modelOptions: optionsOf(request),
            },
            token,
          ),
        );
        for await (const piece of response.text) onPiece(piece);
        return { model: modelName(model) };
      } catch (error) {
        signal.throwIfAborted();
        throw error instanceof TextRefused ? error : this.#refused(run, model, error);
      } finally {
        release();
      }
    };
  }

  /** Items that are put back in the queue are asked for again: what was not allowed may be allowed now. */
  follow({ run, events }: RunChange): void {
    if (events.some(({ type }) => type === 'queued')) this.#forbidden.delete(run.id);
  }

  /** Asks a model for a word: VS Code asks the person then whether Sluice may use it. Rejects with TextRefused. */
  async check(name: string, signal: AbortSignal): Promise<void> {
    const { l10n, LanguageModelChatMessage } = this.#vscode;
    const model = await this.#choose(name);
    const { token, release } = abortToken(this.#vscode, signal);
    try {
      const messages = [LanguageModelChatMessage.User('Answer with one word: ready')];
      const justification = l10n.t('Sluice writes the texts of your batches with it.');
      const response = await model.sendRequest(messages, { justification }, token);
      // One piece is enough.
      for await (const _ of response.text) break;
    } catch (error) {
      signal.throwIfAborted();
      throw new TextRefused(refusalOf(this.#vscode, error, modelName(model)));
    } finally {
      release();
    }
  }

  async #choose(name: string | undefined): Promise<LanguageModelChat> {
    const { l10n, workspace } = this.#vscode;
    if (!workspace.isTrusted) {
      throw new TextRefused({ message: l10n.t('The window is in Restricted Mode'), retry: false });
    }
    const found = name === undefined ? (await this.all())[0] : await this.find(name);
    if (found !== undefined) return found;
    const names = (await this.all()).map(modelName);
    if (names.length === 0) {
      throw new TextRefused({
        message: l10n.t('VS Code has no language model'),
        hint: l10n.t(
          'Install an extension that brings some, such as GitHub Copilot, and sign in; or choose another engine.',
        ),
      });
    }
    throw new TextRefused({
      message: l10n.t('VS Code has no language model {0}', name ?? ''),
      hint: l10n.t('It has {0}.', names.slice(0, 8).join(', ')),
      retry: false,
    });
  }

  /**
   * Begins a request. Of several to one vendor the next begins when VS Code has let the one before begin: it asks
   * the person at the first, and would ask as often as there are requests.
   */
  #begin(
    run: ForRun,
    model: LanguageModelChat,
    signal: AbortSignal,
    send: () => Thenable<LanguageModelChatResponse>,
  ): Promise<LanguageModelChatResponse> {
    const { vendor } = model;
    const before = this.#turns.get(vendor) ?? Promise.resolve();
    const turn = before.then(async () => {
      signal.throwIfAborted();
      if (this.#forbidden.get(run.id)?.has(vendor) === true) {
        throw this.#vscode.LanguageModelError.NoPermissions();
      }
      return send();
    });
    this.#turns.set(
      vendor,
      turn.catch(() => undefined),
    );
    return turn;
  }

  #refused(run: ForRun, model: LanguageModelChat, error: unknown): TextRefused {
    if (codeOf(error) === 'NoPermissions') {
      const vendors = this.#forbidden.get(run.id) ?? new Set();
      this.#forbidden.set(run.id, vendors.add(model.vendor));
    }
    return new TextRefused(refusalOf(this.#vscode, error, modelName(model)));
  }

  #messages({ system, prompt }: TextRequest) {
    // The API has no role for what a model is told beforehand.
    const texts = system === undefined ? [prompt] : [system, prompt];
    return texts.map((text) => this.#vscode.LanguageModelChatMessage.User(text));
  }
}

/** The name of a model, as batches and settings have it. */
export function modelName({ vendor, id }: LanguageModelChat): string {
  return `${vendor}/${id}`;
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

/** Only what the batch asks for: a model may refuse options that it does not know. */
function optionsOf({ temperature, seed, maxTokens }: TextRequest): Record<string, number> {
  return {
    ...(temperature !== undefined && { temperature }),
    ...(seed !== undefined && { seed }),
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
  };
}
