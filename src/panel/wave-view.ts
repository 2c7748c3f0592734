import { html, type PropertyValues, type TemplateResult } from 'lit';
import { DrawnElement } from './drawn-element.ts';

/** A bar and the gap after it, in px. */
const BAR = 3;
const PITCH = 4;
const LEAST = 2;
/** What stands where there is no sound yet, in px. */
const DOT = 1;

/** What the event `sluice-seek` says: the person points at a place, a share of the whole. */
export type SeekAsked = CustomEvent<number>;

/**
 * The outline of a sound, how far it has been played, and how much of it is there. It is drawn in the colours `stroke`
 * and, for what has been played, `fill`: once a size, a theme and an outline; while it plays, only the edge between
 * the two pictures moves.
 */
export class WaveView extends DrawnElement {
  static override properties = {
    peaks: { attribute: false },
    position: { attribute: false },
    there: { attribute: false },
  };
  /** Each as a share of the loudest; a plain line without them. */
  declare peaks: Float32Array | undefined;
  /** Share of the sound that has been played. */
  declare position: number;
  /** Share of it that is there by now: the rest is still being made. */
  declare there: number;

  constructor() {
    super();
    this.there = 1;
    this.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      this.setPointerCapture(event.pointerId);
      this.#point(event);
    });
    this.addEventListener('pointermove', (event) => {
      if (this.hasPointerCapture(event.pointerId)) this.#point(event);
    });
  }

  protected override render(): TemplateResult {
    return html`<canvas aria-hidden="true"></canvas>
      <canvas class="played" aria-hidden="true"></canvas>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('peaks') || changed.has('there')) this.draw();
    this.style.setProperty('--played', `${100 * this.position}%`);
  }

  protected override draw(): void {
    const { fill, stroke } = getComputedStyle(this);
    const [whole, played] = this.querySelectorAll('canvas');
    this.#paint(whole, stroke);
    this.#paint(played, fill);
  }

  #paint(canvas: HTMLCanvasElement | undefined, colour: string): void {
    const pen = canvas?.getContext('2d');
    if (canvas === undefined || !pen) return;
    const { clientWidth: width, clientHeight: height } = this;
    const scale = window.devicePixelRatio;
    // Setting the size also clears.
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    pen.scale(scale, scale);
    pen.fillStyle = colour;
    const there = width * this.there;
    if (this.peaks === undefined) {
      pen.fillRect(0, (height - LEAST) / 2, there, LEAST);
      return;
    }
    const bars = Math.floor((width + PITCH - BAR) / PITCH);
    for (let bar = 0; bar < bars; bar += 1) {
      const left = bar * PITCH;
      if (left >= there) {
        pen.fillRect(left + (BAR - DOT) / 2, (height - DOT) / 2, DOT, DOT);
        continue;
      }
      const size = Math.max(LEAST, highest(this.peaks, bar / bars, (bar + 1) / bars) * height);
      pen.fillRect(left, (height - size) / 2, BAR, size);
    }
  }

  #point({ clientX }: PointerEvent): void {
    const { left, width } = this.getBoundingClientRect();
    const detail = Math.min(1, Math.max(0, (clientX - left) / width));
    this.dispatchEvent(new CustomEvent('sluice-seek', { detail }) satisfies SeekAsked);
  }
}
customElements.define('sluice-wave', WaveView);

/** The highest peak between two shares of the whole. */
function highest(peaks: Float32Array, from: number, to: number): number {
  const begin = Math.floor(from * peaks.length);
  const end = Math.max(begin + 1, Math.floor(to * peaks.length));
  let most = 0;
  for (let index = begin; index < end; index += 1) most = Math.max(most, peaks[index] ?? 0);
  return most;
}
