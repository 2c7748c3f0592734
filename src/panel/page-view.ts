import { html, nothing, type TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { PanelElement } from './element.ts';
import type { PageHost } from './host.ts';
import { text } from './text.ts';
import { visible } from './visible.ts';

/** What is done with prompts. */
const WORK = {
  both: { write: true, speak: true },
  speak: { write: false, speak: true },
  write: { write: true, speak: false },
} as const;
type Work = keyof typeof WORK;

/** Voices of the engines that Sluice brings; the engine's own choice is the first. */
const VOICES = ['', 'af_heart', 'af_bella', 'am_michael', 'bf_emma', 'bm_george', 'slt', 'rms'];
const FORMATS = ['mp3', 'wav', 'ogg', 'flac'];

/** What stands above the runs where the panel is a page: prompts are entered here, and batch files run. */
class PageView extends PanelElement {
  static override properties = { page: { attribute: false } };
  declare page: PageHost | undefined;
  #batches: readonly string[] = [];
  #prompts = '';
  #work: Work = 'both';
  #voice = '';
  #format = 'mp3';
  /** A run is being started. */
  #busy = false;

  protected override firstUpdated(): void {
    this.page?.onChange(() => this.requestUpdate());
    this.#listBatches();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { page } = this;
    if (page === undefined) return nothing;
    return html`<header class="page-head">
        <img src="assets/icon.svg" alt="" width="20" height="20" />
        <h1>Sluice</h1>
        <span class="workspace">${visible(document.title.replace(/ – Sluice$/, ''))}</span>
        ${page.connected ? nothing : html`<span class="lost" role="status">${text.lost}</span>`}
      </header>
      <form class="compose" @submit=${this.#submit}>
        <textarea
          name="prompts"
          rows="3"
          aria-label=${text.prompts}
          placeholder=${text.promptsHint[this.#work]}
          .value=${this.#prompts}
          @input=${this.#input}
          @keydown=${this.#key}
        ></textarea>
        <div class="choices">
          ${this.#select(
            'work',
            text.work,
            this.#work,
            Object.keys(WORK),
            (name) => text.works[name as Work],
            (value) => {
              this.#work = value as Work;
            },
          )}
          ${
            this.#work === 'write'
              ? nothing
              : [
                  this.#select(
                    'voice',
                    text.voice,
                    this.#voice,
                    VOICES,
                    (name) => name || text.anyVoice,
                    (value) => {
                      this.#voice = value;
                    },
                  ),
                  this.#select(
                    'format',
                    text.format,
                    this.#format,
                    FORMATS,
                    (name) => name.toUpperCase(),
                    (value) => {
                      this.#format = value;
                    },
                  ),
                ]
          }
          <vscode-button ?disabled=${this.#busy || this.#lines.length === 0} @click=${this.#submit}
            >${text.generateCount(this.#lines.length)}</vscode-button
          >
        </div>
        ${page.problem === '' ? nothing : html`<p class="bad" role="alert">${visible(page.problem)}</p>`}
      </form>
      ${this.#batchFiles()}`;
  }

  get #lines(): readonly string[] {
    return this.#prompts
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'));
  }

  #select(
    name: string,
    label: string,
    value: string,
    values: readonly string[],
    show: (value: string) => string,
    take: (value: string) => void,
  ): TemplateResult {
    const change = ({ target }: Event): void => {
      if (target instanceof HTMLSelectElement) take(target.value);
      this.requestUpdate();
    };
    return html`<select name=${name} aria-label=${label} title=${label} .value=${value} @change=${change}>
      ${values.map((one) => html`<option value=${one} ?selected=${one === value}>${show(one)}</option>`)}
    </select>`;
  }

  #batchFiles(): TemplateResult | typeof nothing {
    if (this.#batches.length === 0) return nothing;
    return html`<div class="batches">
      <label for="batch">${text.batchFile}</label>
      <select id="batch">
        ${this.#batches.map((path) => html`<option value=${path}>${visible(path)}</option>`)}
      </select>
      <vscode-button secondary ?disabled=${this.#busy} @click=${this.#runBatch}>${text.runIt}</vscode-button>
    </div>`;
  }

  readonly #input = ({ target }: Event): void => {
    if (!(target instanceof HTMLTextAreaElement)) return;
    this.#prompts = target.value;
    this.requestUpdate();
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#submit(event);
  };

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    const prompts = this.#lines;
    if (prompts.length === 0) return;
    const choice = {
      prompts,
      ...WORK[this.#work],
      format: this.#format,
      ...(this.#voice === '' ? {} : { voice: this.#voice }),
    };
    void this.#start(async (page) => {
      // What was refused is there to be changed.
      if (await page.runPrompts(choice)) this.#prompts = '';
    });
  };

  readonly #runBatch = (): void => {
    const path = this.querySelector<HTMLSelectElement>('#batch')?.value;
    if (path !== undefined) void this.#start((page) => page.runBatch(path));
  };

  async #start(work: (page: PageHost) => Promise<unknown>): Promise<void> {
    if (this.page === undefined || this.#busy) return;
    this.#busy = true;
    this.requestUpdate();
    await work(this.page);
    this.#busy = false;
    this.requestUpdate();
  }

  #listBatches(): void {
    this.page?.batches().then(
      (batches) => {
        this.#batches = batches;
        this.requestUpdate();
      },
      // The page says itself that the server is not reached.
      () => {},
    );
  }
}
customElements.define('sluice-page', PageView);
