import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { clock } from '../protocol/progress.ts';
import { PanelElement } from './element.ts';
import { resultName } from './labels.ts';
import { type Said, SPEEDS } from './player.ts';
import { type Sentence, sentenceAt, sentencesOf } from './sentences.ts';
import type { PanelStore } from './store.ts';
import { action, icon, link } from './templates.ts';
import { text } from './text.ts';
import { visible } from './visible.ts';
import './wave-view.ts';

/** Seconds that a key goes. */
const STEP = 5;
const LONG_STEP = 15;

/** The player below the runs: what it plays, how far it is, and its few buttons. */
export class PlayerView extends PanelElement {
  static override properties = {
    store: { attribute: false },
    version: { attribute: false },
    /** The tenth of a second that is shown. */
    time: { state: true },
  };
  declare store: PanelStore;
  /** Of the store. */
  declare version: number;
  declare time: number;
  #frame: number | undefined;
  #sentences: { readonly of: Said; readonly list: readonly Sentence[] } | undefined;
  #sentence = -1;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('time')) this.time = this.store.player.time;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { player } = this.store;
    const { found } = player;
    if (found === undefined) return nothing;
    const { track, item, result } = found;
    const title = visible(item.title);
    const show = (): void => this.store.tree.reveal({ run: track.run, item: track.item }, true);
    return html`<section class="player" aria-label=${text.player} @keydown=${this.#key}>
      <div class="what">
        <button type="button" class="title" aria-label=${text.showItem(title)} title=${resultName(result)} @click=${show}>
          ${title}
        </button>
        ${action({ icon: 'close', label: text.closePlayer, reachable: true, run: () => player.close() })}
      </div>
      ${player.phase === 'problem' ? this.#problem() : html`${this.#said()} ${this.#wave()}`}
      ${this.#controls()}
    </section>`;
  }

  protected override updated(): void {
    this.#follow();
    const { playing } = this.store.player;
    if (!playing || this.#frame !== undefined) return;
    const tick = (): void => {
      this.time = this.store.player.time;
      this.#frame = this.store.player.playing ? requestAnimationFrame(tick) : undefined;
    };
    this.#frame = requestAnimationFrame(tick);
  }

  #problem(): TemplateResult {
    const { player } = this.store;
    const track = player.found?.track;
    return html`<p class="bad">${visible(player.problem)}</p>
      ${
        track === undefined
          ? nothing
          : link({
              label: text.open,
              reachable: true,
              run: () => this.store.post({ type: 'openResult', ...track }),
            })
      }`;
  }

  /** What was written, with the sentence that is being spoken: about, from how far the sound is. */
  #said(): TemplateResult | typeof nothing {
    const { said, duration } = this.store.player;
    if (said === undefined) return nothing;
    if (this.#sentences?.of !== said) {
      const list = sentencesOf(said.text, said.length - said.text.length);
      this.#sentences = { of: said, list };
    }
    const { list } = this.#sentences;
    const share = duration > 0 ? this.time / duration : 0;
    this.#sentence = sentenceAt(list, Math.min(said.length - 1, share * said.length));
    return html`<p class="said">
      ${list.map(({ text: sentence }, index) =>
        index === this.#sentence
          ? html`<span class="now">${visible(sentence)}</span>`
          : html`<span>${visible(sentence)}</span>`,
      )}
    </p>`;
  }

  #wave(): TemplateResult {
    const { player } = this.store;
    const { duration, peaks } = player;
    return html`<sluice-wave
      role="slider"
      tabindex="0"
      aria-label=${text.position}
      aria-valuemin="0"
      aria-valuemax=${Math.round(duration)}
      aria-valuenow=${Math.round(this.time)}
      aria-valuetext=${text.positionOf(position(this.time), clock(duration * 1000))}
      .peaks=${peaks}
      .position=${duration > 0 ? this.time / duration : 0}
      @pointerdown=${this.#press}
      @pointermove=${this.#drag}
    ></sluice-wave>`;
  }

  #controls(): TemplateResult {
    const { player } = this.store;
    const before = player.neighbour(-1);
    const after = player.neighbour(1);
    return html`<div class="controls">
      ${
        player.phase === 'loading'
          ? icon({ name: 'loading', tone: 'calm' })
          : html`<button
              type="button"
              class="action codicon codicon-${player.playing ? 'debug-pause' : 'play'}"
              aria-label=${this.#toggleLabel()}
              title=${this.#toggleLabel()}
              @click=${() => void player.toggle()}
            ></button>`
      }
      <span class="time">${position(this.time)}</span>
      <span class="length">${clock(player.duration * 1000)}</span>
      <button
        type="button"
        class="tag"
        aria-label=${text.speedOf(player.speed)}
        aria-haspopup="menu"
        title=${text.speed}
        @click=${this.#chooseSpeed}
      >
        ${text.times(player.speed)}
      </button>
      ${this.#step('debug-reverse-continue', text.previousResult, before)}
      ${this.#step('debug-continue', text.nextResult, after)}
    </div>`;
  }

  #toggleLabel(): string {
    const { player } = this.store;
    if (player.playing) return text.pauseSound;
    return player.phase === 'offered' && player.time > 0 ? text.goOnPlaying : text.playSound;
  }

  #step(
    name: string,
    label: string,
    to: Parameters<PanelStore['player']['play']>[0] | undefined,
  ): TemplateResult {
    return html`<button
      type="button"
      class="action codicon codicon-${name}"
      aria-label=${label}
      title=${label}
      ?disabled=${to === undefined}
      @click=${() => void (to && this.store.player.play(to))}
    ></button>`;
  }

  readonly #chooseSpeed = (event: MouseEvent): void => {
    const { store } = this;
    if (!(event.currentTarget instanceof HTMLElement)) return;
    store.showMenu({
      label: text.speed,
      beside: event.currentTarget.getBoundingClientRect(),
      keyboard: event.detail === 0,
      groups: [
        SPEEDS.map((speed) => ({
          label: text.times(speed),
          checked: speed === store.player.speed,
          choose: () => {
            store.player.speed = speed;
          },
        })),
      ],
    });
  };

  readonly #press = (event: PointerEvent): void => {
    if (event.button !== 0 || !(event.currentTarget instanceof HTMLElement)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    this.#seekTo(event, event.currentTarget);
  };

  readonly #drag = (event: PointerEvent): void => {
    if (!(event.currentTarget instanceof HTMLElement)) return;
    if (event.currentTarget.hasPointerCapture(event.pointerId)) {
      this.#seekTo(event, event.currentTarget);
    }
  };

  #seekTo(event: PointerEvent, wave: HTMLElement): void {
    const { left, width } = wave.getBoundingClientRect();
    const { player } = this.store;
    player.seek((player.duration * (event.clientX - left)) / width);
  }

  readonly #key = (event: KeyboardEvent): void => {
    const { player } = this.store;
    const onButton = event.target instanceof HTMLButtonElement;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: -STEP,
      ArrowDown: -STEP,
      ArrowRight: STEP,
      ArrowUp: STEP,
      PageDown: -LONG_STEP,
      PageUp: LONG_STEP,
      Home: Number.NEGATIVE_INFINITY,
      End: Number.POSITIVE_INFINITY,
    };
    const step = steps[event.key];
    if (event.key === ' ' && !onButton) void player.toggle();
    else if (event.key === 'Escape') this.store.tree.enter();
    else if (step !== undefined && !onButton) player.seek(player.time + step);
    else return;
    event.preventDefault();
  };

  /** Keeps the sentence that is spoken in sight. */
  #follow(): void {
    const box = this.querySelector<HTMLElement>('.said');
    const now = box?.querySelector<HTMLElement>('.now');
    if (!box || !now) return;
    box.scrollTop = now.offsetTop - box.offsetTop;
  }
}
customElements.define('sluice-player', PlayerView);

/** Where a sound is, as `0:14`: what is begun is not yet played. */
function position(seconds: number): string {
  return clock(Math.floor(seconds) * 1000);
}
