import { html, type TemplateResult } from 'lit';
import uPlot from 'uplot';
import { gapOf } from '../protocol/curve.ts';
import { type Contest, seriesOf } from './contest.ts';
import { type Against, curvesOf, rangeOf } from './curves.ts';
import { colourOf, DrawnElement } from './drawn-element.ts';
import { compact, seconds } from './format.ts';
import { boundColour, gridColour, seriesColour, seriesDash } from './palette.ts';
import { text } from './text.ts';

/** What the event `sluice-point` says: the place on the axis that the pointer is at, or that it has left. */
export type Pointed = CustomEvent<number | null>;

const HEIGHT = 150;
/** The curves of a contest, live, with the lower bound. */
export class ConvergenceView extends DrawnElement {
  static override properties = {
    contest: { attribute: false },
    against: { attribute: false },
  };
  declare contest: Contest;
  declare against: Against;
  #plot: uPlot | undefined;
  /** What the plot was made for: other curves, or another axis, need another one. */
  #madeFor = '';

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#madeFor = '';
  }

  /** The drawing as it stands. */
  get canvas(): HTMLCanvasElement | undefined {
    return this.#plot?.ctx.canvas;
  }

  protected override render(): TemplateResult {
    return html`<div class="plot" role="img" aria-label=${this.#label()}></div>`;
  }

  #label(): string {
    const { series, leader, bound } = this.contest;
    const { best } = leader.curve.last;
    const above = gapOf({ best, ...(bound === undefined ? {} : { bound }) });
    return text.curves(series.join(', '), best, above);
  }

  protected override draw(): void {
    const target = this.querySelector<HTMLElement>('.plot');
    if (target === null || target.clientWidth === 0) return;
    const { items } = this.contest;
    const madeFor = [this.against, ...items.map(({ item }) => item)].join();
    const curves = curvesOf(this.contest, this.against);
    const data = uPlot.join(curves.map(({ at, best }) => [[...at], [...best]]));
    if (this.#plot === undefined || this.#madeFor !== madeFor) {
      this.#plot?.destroy();
      this.#plot = new uPlot(this.#options(target.clientWidth), data, target);
      this.#madeFor = madeFor;
      return;
    }
    const { clientWidth: width } = target;
    if (this.#plot.width !== width) this.#plot.setSize({ width, height: HEIGHT });
    this.#plot.setData(data);
  }

  #options(width: number): uPlot.Options {
    const { items, series } = this.contest;
    const axis = (more: uPlot.Axis): uPlot.Axis => ({
      stroke: () => colourOf('descriptionForeground'),
      font: `11px ${getComputedStyle(this).fontFamily}`,
      grid: { show: false },
      ticks: { show: false },
      gap: 4,
      ...more,
    });
    return {
      width,
      height: HEIGHT,
      padding: [6, 8, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, y: false, points: { show: false } },
      scales: {
        x: { time: false, range: (_, least, most) => [Math.min(0, least), most] },
        y: { range: () => rangeOf(this.contest, this.against) },
      },
      axes: [
        axis({
          size: 18,
          space: 60,
          values: (_, values) =>
            values.map((value) => (this.against === 'seconds' ? seconds(value) : compact(value))),
        }),
        axis({
          size: 44,
          space: 28,
          grid: {
            stroke: gridColour,
            width: 1,
          },
          values: (_, values) => values.map(compact),
        }),
      ],
      series: [
        {},
        ...items.map((item): uPlot.Series => {
          const index = series.indexOf(seriesOf(item));
          return {
            stroke: () => seriesColour(index),
            width: 1.5,
            dash: seriesDash(index),
            spanGaps: true,
            points: { show: false },
          };
        }),
      ],
      hooks: {
        draw: [(plot) => this.#drawBound(plot)],
        setCursor: [
          ({ cursor, posToVal }) => {
            const { left = 0, idx } = cursor;
            const detail = typeof idx === 'number' ? posToVal(left, 'x') : null;
            this.dispatchEvent(new CustomEvent('sluice-point', { detail }) satisfies Pointed);
          },
        ],
      },
    };
  }

  #drawBound({ ctx: pen, bbox, valToPos }: uPlot): void {
    const { bound } = this.contest;
    if (bound === undefined) return;
    const y = Math.round(valToPos(bound, 'y', true)) + 0.5;
    if (y < bbox.top || y > bbox.top + bbox.height) return;
    const scale = window.devicePixelRatio;
    pen.save();
    pen.strokeStyle = boundColour();
    pen.fillStyle = pen.strokeStyle;
    pen.lineWidth = scale;
    pen.setLineDash([4 * scale, 3 * scale]);
    pen.beginPath();
    pen.moveTo(bbox.left, y);
    pen.lineTo(bbox.left + bbox.width, y);
    pen.stroke();
    pen.font = `${11 * scale}px ${getComputedStyle(this).fontFamily}`;
    pen.textAlign = 'right';
    pen.textBaseline = 'top';
    pen.fillText(text.lowerBound, bbox.left + bbox.width - 2 * scale, y + 2 * scale);
    pen.restore();
  }
}
customElements.define('sluice-convergence', ConvergenceView);
