import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { clock } from '../protocol/progress.ts';
import { PanelElement } from './element.ts';
import { percent, position } from './format.ts';
import { faderOf, isHeard, type Mix } from './mix.ts';
import type { Row } from './navigation.ts';
import { seekStep } from './seek-keys.ts';
import type { Stem } from './stems.ts';
import type { PanelStore } from './store.ts';
import { action, icon } from './templates.ts';
import { text } from './text.ts';
import { visible } from './visible.ts';
import type { SeekAsked } from './wave-view.ts';
import './wave-view.ts';

/** The stems of a song: a line each with its outline, volume, solo and mute, and below them what plays them all. */
export class MixerView extends PanelElement {
  static override properties = {
    store: { attribute: false },
    row: { attribute: false },
    stems: { attribute: false },
    reachable: { attribute: false },
    version: { attribute: false },
    /** The time that is shown, in seconds. */
    time: { state: true },
  };
  declare store: PanelStore;
  declare row: Row;
  declare stems: readonly Stem[];
  /** The keyboard is at the row that it belongs to. */
  declare reachable: boolean;
  /** Of the store. */
  declare version: number;
  declare time: number;
  #frame: number | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('time')) this.time = this.store.mixer.time(this.row);
  }

  protected override render(): TemplateResult {
    const { mixer } = this.store;
    const mix = mixer.mix(this.row);
    return html`<div class="mixer" role="group" aria-label=${text.mixer} @keydown=${this.#key}>
      ${this.stems.map((stem) => this.#stem(stem, mix))}
      ${
        mixer.phase(this.row) === 'problem'
          ? html`<p class="bad">${visible(mixer.problem(this.row))}</p>`
          : nothing
      }
      ${this.#transport()}
    </div>`;
  }

  protected override updated(): void {
    const { mixer } = this.store;
    if (!mixer.isPlaying(this.row) || this.#frame !== undefined) return;
    const tick = (): void => {
      this.time = mixer.time(this.row);
      this.#frame = mixer.isPlaying(this.row) ? requestAnimationFrame(tick) : undefined;
    };
    this.#frame = requestAnimationFrame(tick);
  }

  #stem({ name: stem, peaks }: Stem, mix: Mix): TemplateResult {
    const { mixer } = this.store;
    const { muted, solo, volume } = faderOf(mix, stem);
    const name = visible(stem);
    const duration = mixer.duration(this.row);
    return html`<div
      class="stem ${isHeard(mix, stem) ? '' : 'unheard'}"
      role="group"
      aria-label=${name}
      data-stem=${name}
    >
      <span class="fader">
        <span class="stem-name" title=${name}>${name}</span>
        <input
          type="range"
          min="0"
          max="1"
          step="0.05"
          tabindex=${this.#tabindex}
          aria-label=${text.stemVolume(name)}
          aria-valuetext=${percent(volume)}
          title=${`${text.stemVolume(name)}: ${percent(volume)}`}
          .value=${live(String(volume))}
          .style=${`--level: ${100 * volume}%`}
          @input=${({ currentTarget }: Event) => {
            if (!(currentTarget instanceof HTMLInputElement)) return;
            mixer.set(this.row, stem, { volume: currentTarget.valueAsNumber });
          }}
        />
      </span>
      <sluice-wave
        aria-hidden="true"
        .peaks=${peaks}
        .position=${duration > 0 ? this.time / duration : 0}
        @sluice-seek=${({ detail }: SeekAsked) => mixer.seek(this.row, detail * duration)}
      ></sluice-wave>
      ${this.#switch(text.soloLetter, text.soloOf(name), solo, () => mixer.set(this.row, stem, { solo: !solo }))}
      ${this.#switch(text.muteLetter, text.muteOf(name), muted, () => mixer.set(this.row, stem, { muted: !muted }))}
    </div>`;
  }

  #switch(letter: string, label: string, pressed: boolean, press: () => void): TemplateResult {
    return html`<button
      type="button"
      class="switch"
      aria-label=${label}
      aria-pressed=${pressed}
      title=${label}
      tabindex=${this.#tabindex}
      @click=${press}
    >
      ${letter}
    </button>`;
  }

  /** What plays all of them, and where they are: a slider for the keyboard, as the outlines are for the pointer. */
  #transport(): TemplateResult {
    const { mixer } = this.store;
    const { row, reachable } = this;
    const loading = mixer.phase(row) === 'loading';
    const playing = mixer.isPlaying(row);
    const duration = mixer.duration(row);
    const where = text.positionOf(position(this.time), clock(duration * 1000));
    return html`<div class="transport">
      ${
        loading
          ? icon({ name: 'loading', tone: 'calm' })
          : action({
              icon: playing ? 'debug-pause' : 'play',
              label: playing ? text.pauseStems : text.playStems,
              reachable,
              run: () => void mixer.toggle(row),
            })
      }
      <span
        class="place"
        role="slider"
        tabindex=${this.#tabindex}
        aria-label=${text.position}
        aria-valuemin="0"
        aria-valuemax=${Math.round(duration)}
        aria-valuenow=${Math.round(this.time)}
        aria-valuetext=${where}
        >${where}</span
      >
      ${
        loading ? html`<span>${text.stemsRead(mixer.read(row), this.stems.length)}</span>` : nothing
      }
    </div>`;
  }

  get #tabindex(): 0 | -1 {
    return this.reachable ? 0 : -1;
  }

  /** What moves the place, or a volume, does not move the row that the keyboard is at. */
  readonly #key = (event: KeyboardEvent): void => {
    const { target, key } = event;
    const { mixer } = this.store;
    const step = seekStep(key);
    if (target instanceof HTMLInputElement && step !== undefined) {
      event.stopPropagation();
      return;
    }
    if (target instanceof HTMLButtonElement) return;
    if (key === ' ') void mixer.toggle(this.row);
    else if (step !== undefined) mixer.seek(this.row, mixer.time(this.row) + step);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}
customElements.define('sluice-mixer', MixerView);
