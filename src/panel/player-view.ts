import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { clock } from '../protocol/progress.ts';
import type { ItemState } from '../protocol/state.ts';
import type { Held } from './deck.ts';
import { PanelElement } from './element.ts';
import { position } from './format.ts';
import { resultName } from './labels.ts';
import { SPEEDS, VOLUMES } from './player.ts';
import { saidAt } from './script.ts';
import { seekStep } from './seek-keys.ts';
import './spoken-view.ts';
import type { PanelStore } from './store.ts';
import { action, icon, link } from './templates.ts';
import { text } from './text.ts';
import { visible } from './visible.ts';
import type { SeekAsked } from './wave-view.ts';
import './wave-view.ts';

/** With Shift. */
const SENTENCE_KEYS: Readonly<Record<string, 1 | -1>> = { ArrowLeft: -1, ArrowRight: 1 };

/** The player below the runs: what it plays, how far it is, and its few buttons. */
export class PlayerView extends PanelElement {
  static override properties = {
    store: { attribute: false },
    version: { attribute: false },
    item: { attribute: false },
    /** The tenth of a second that is shown. */
    time: { state: true },
    held: { state: true },
  };
  declare store: PanelStore;
  /** Of the store. */
  declare version: number;
  /** Whose sound it is, as it is now. */
  declare item: ItemState | undefined;
  declare time: number;
  declare held: Held;
  #frame: number | undefined;
  /** What it was before it was turned off. */
  #volume = 1;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('time') || changed.has('held')) return;
    this.time = this.store.player.time;
    this.held = this.store.player.held;
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
        <button
          type="button"
          class="title"
          aria-label=${text.showItem(title)}
          title=${result === undefined ? nothing : resultName(result)}
          @click=${show}
        >
          ${title}
        </button>
        ${this.#state()}
        ${action({ icon: 'close', label: text.closePlayer, reachable: true, run: () => player.close() })}
      </div>
      ${player.phase === 'problem' ? this.#problem() : nothing} ${this.#said()}
      ${player.phase === 'problem' ? nothing : this.#wave()} ${this.#controls()}
    </section>`;
  }

  protected override updated(): void {
    const { playing } = this.store.player;
    if (!playing || this.#frame !== undefined) return;
    const tick = (): void => {
      this.time = this.store.player.time;
      this.held = this.store.player.held;
      this.#frame = this.store.player.playing ? requestAnimationFrame(tick) : undefined;
    };
    this.#frame = requestAnimationFrame(tick);
  }

  /** Why nothing is heard, where the person waits for it. */
  #state(): TemplateResult | typeof nothing {
    const { held } = this;
    const { duration, found } = this.store.player;
    if (held === undefined) return nothing;
    if (held === 'click') return html`<span class="state">${text.pressPlay}</span>`;
    const { phase } = found?.item.progress ?? {};
    const first = phase === 'load' ? text.loadingModel : text.firstSound;
    return html`<span class="state">
      ${icon({ name: 'loading', tone: 'busy' })} ${duration > 0 ? text.nextSound : first}
    </span>`;
  }

  #problem(): TemplateResult {
    const { player } = this.store;
    const { run, item, result } = player.found?.track ?? {};
    return html`<p class="bad">${visible(player.problem)}</p>
      ${
        run === undefined || item === undefined || result === undefined
          ? nothing
          : link({
              label: text.open,
              reachable: true,
              run: () => this.store.post({ type: 'openResult', run, item, result }),
            })
      }`;
  }

  #said(): TemplateResult | typeof nothing {
    const { player } = this.store;
    const { script } = player;
    if (script === undefined) return nothing;
    const now = saidAt(script.lines, this.time);
    return html`<sluice-spoken
      .script=${script}
      .now=${now}
      .word=${saidAt(script.lines[now]?.words ?? [], this.time)}
      .go=${this.#go}
    ></sluice-spoken>`;
  }

  readonly #go = (second: number): void => this.store.player.seek(second);

  #wave(): TemplateResult {
    const { player } = this.store;
    const { duration, length, live, peaks } = player;
    const [at, end] = [position(this.time), clock(duration * 1000)];
    return html`<sluice-wave
      role="slider"
      tabindex="0"
      aria-label=${text.position}
      aria-valuemin="0"
      aria-valuemax=${Math.round(duration)}
      aria-valuenow=${Math.round(this.time)}
      aria-valuetext=${live ? text.positionSoFar(at, end) : text.positionOf(at, end)}
      .peaks=${peaks}
      .position=${length > 0 ? this.time / length : 0}
      .there=${length > 0 ? duration / length : 0}
      @sluice-seek=${({ detail }: SeekAsked) => player.seek(detail * length)}
    ></sluice-wave>`;
  }

  #controls(): TemplateResult {
    const { player } = this.store;
    const end = clock(player.duration * 1000);
    return html`<div class="controls">
      ${
        player.script?.exact === true
          ? this.#jump('chevron-left', text.sentenceBefore, player.sentenceBeside(-1))
          : nothing
      }
      ${
        player.phase === 'loading'
          ? icon({ name: 'loading', tone: 'calm' })
          : this.#button(this.#toggleIcon(), this.#toggleLabel(), () => void player.toggle())
      }
      ${
        player.script?.exact === true
          ? this.#jump('chevron-right', text.sentenceAfter, player.sentenceBeside(1))
          : nothing
      }
      <span class="time">${position(this.time)}</span>
      <span class="length">${player.live ? `${end}…` : end}</span>
      <button
        type="button"
        class="action codicon codicon-${player.volume === 0 ? 'mute' : 'unmute'}"
        aria-label=${text.volumeOf(player.volume)}
        aria-haspopup="menu"
        title=${text.volume}
        @click=${this.#chooseVolume}
      ></button>
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
      ${this.#neighbours()}
    </div>`;
  }

  #neighbours(): TemplateResult | typeof nothing {
    const { player } = this.store;
    const before = player.neighbour(-1);
    const after = player.neighbour(1);
    if (before === undefined && after === undefined) return nothing;
    const to = (track: typeof before) => track && (() => void player.play(track));
    return html`${this.#button('debug-reverse-continue', text.previousResult, to(before))}
    ${this.#button('debug-continue', text.nextResult, to(after))}`;
  }

  #toggleIcon(): string {
    const { ended, playing } = this.store.player;
    if (playing && this.held !== 'click') return 'debug-pause';
    return ended ? 'debug-restart' : 'play';
  }

  #toggleLabel(): string {
    const { player } = this.store;
    if (player.playing && this.held !== 'click') return text.pauseSound;
    if (player.ended) return text.playAgain;
    return player.phase === 'offered' && player.time > 0 ? text.goOnPlaying : text.playSound;
  }

  #jump(name: string, label: string, to: number | undefined): TemplateResult {
    return this.#button(name, label, to === undefined ? undefined : () => this.#go(to));
  }

  /** A button with an icon; one that does nothing now cannot be pressed. */
  #button(name: string, label: string, run: (() => void) | undefined): TemplateResult {
    return html`<button
      type="button"
      class="action codicon codicon-${name}"
      aria-label=${label}
      title=${label}
      ?disabled=${run === undefined}
      @click=${run}
    ></button>`;
  }

  readonly #chooseSpeed = (event: MouseEvent): void => {
    const { player } = this.store;
    this.#choose(event, text.speed, SPEEDS, {
      now: player.speed,
      name: text.times,
      set: (speed) => {
        player.speed = speed;
      },
    });
  };

  readonly #chooseVolume = (event: MouseEvent): void => {
    const { player } = this.store;
    this.#choose(event, text.volume, VOLUMES, {
      now: player.volume,
      name: (volume) => (volume === 0 ? text.mute : text.percent(volume)),
      set: (volume) => {
        player.volume = volume;
      },
    });
  };

  #choose(
    event: MouseEvent,
    label: string,
    values: readonly number[],
    of: {
      readonly now: number;
      readonly name: (value: number) => string;
      readonly set: (value: number) => void;
    },
  ): void {
    if (!(event.currentTarget instanceof HTMLElement)) return;
    this.store.showMenu({
      label,
      beside: event.currentTarget.getBoundingClientRect(),
      keyboard: event.detail === 0,
      groups: [
        values.map((value) => ({
          label: of.name(value),
          checked: value === of.now,
          choose: () => of.set(value),
        })),
      ],
    });
  }

  readonly #key = (event: KeyboardEvent): void => {
    const { player } = this.store;
    const onButton = event.target instanceof HTMLButtonElement;
    const step = seekStep(event.key);
    const sentence = event.shiftKey ? SENTENCE_KEYS[event.key] : undefined;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (sentence !== undefined) player.seek(player.sentenceBeside(sentence) ?? player.time);
    else if (event.key === ' ' && !onButton) void player.toggle();
    else if (event.key.toLowerCase() === 'm') this.#mute();
    else if (event.key === 'Escape') this.store.tree.enter();
    else if (step !== undefined && !onButton) player.seek(player.time + step);
    else return;
    event.preventDefault();
  };

  #mute(): void {
    const { player } = this.store;
    if (player.volume === 0) player.volume = this.#volume;
    else {
      this.#volume = player.volume;
      player.volume = 0;
    }
  }
}
customElements.define('sluice-player', PlayerView);
