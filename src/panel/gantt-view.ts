import { html, type TemplateResult } from 'lit';
import type { Schedule } from '../protocol/events.ts';
import { colourOf, DrawnElement } from './drawn-element.ts';
import { amount } from './format.ts';
import { text } from './text.ts';
import { visible } from './visible.ts';

/** A row and the gap below it, in px; less where there are many machines. */
const ROW = 9;
const GAP = 3;
const LEAST = 3;
/** The highest that the drawing gets, in px: of more machines than fit the first ones are drawn. */
const HIGHEST = 260;
/** How much of the colour a task has, by its place on its machine: neighbours differ. */
const TINTS = [1, 0.62, 0.8, 0.5];

/** How a schedule is laid out: rows of so many px, of so many machines. */
interface Layout {
  readonly row: number;
  readonly gap: number;
  readonly shown: number;
}

/** Which machine does which task when: a row for each machine, time to the right. */
export class GanttView extends DrawnElement {
  static override properties = { schedule: { attribute: false } };
  declare schedule: Schedule;

  constructor() {
    super();
    this.addEventListener('pointermove', (event) => this.#point(event));
  }

  get canvas(): HTMLCanvasElement | undefined {
    return this.querySelector('canvas') ?? undefined;
  }

  protected override render(): TemplateResult {
    const { row, gap, shown } = layoutOf(this.schedule);
    const { tasks, machines } = this.schedule;
    const { length } = machines;
    return html`<canvas
        role="img"
        aria-label=${text.gantt(tasks.length, length, makespanOf(this.schedule))}
        .style=${`height: ${shown * (row + gap) - gap}px`}
      ></canvas>
      ${shown < length ? html`<p class="calm">${text.machinesShown(shown, length)}</p>` : ''}`;
  }

  protected override draw(): void {
    const { canvas, schedule } = this;
    const pen = canvas?.getContext('2d');
    if (canvas === undefined || !pen) return;
    const scale = window.devicePixelRatio;
    const { clientWidth: width, clientHeight: height } = canvas;
    // Setting the size also clears.
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    pen.scale(scale, scale);
    pen.fillStyle = colourOf('progressBar-background');
    for (const { x, y, width: wide, height: high, tint } of barsOf(schedule, width)) {
      pen.globalAlpha = tint;
      // A gap between tasks, where there is room for it.
      pen.fillRect(x, y, Math.max(0.5, wide - (wide > 2 ? 1 : 0)), high);
    }
  }

  /** Says which task the pointer is at. */
  #point({ offsetX, offsetY, target }: PointerEvent): void {
    if (!(target instanceof HTMLCanvasElement)) return;
    const { schedule } = this;
    const bar = barsOf(schedule, target.clientWidth).find(
      ({ x, y, width, height }) =>
        offsetX >= x && offsetX < x + width && offsetY >= y && offsetY < y + height,
    );
    target.title = bar === undefined ? '' : taskText(schedule, bar.task);
  }
}
customElements.define('sluice-gantt', GanttView);

/** A task as it is drawn, in px. */
export interface Bar {
  readonly task: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Share of the colour. */
  readonly tint: number;
}

/** The bars of a schedule in a drawing of this width. */
export function barsOf(schedule: Schedule, width: number): readonly Bar[] {
  const { assignment, start, end } = schedule;
  const makespan = makespanOf(schedule) || 1;
  const { row, gap, shown } = layoutOf(schedule);
  const places = placesOf(schedule);
  return [...assignment.entries()]
    .filter(([, machine]) => machine < shown)
    .map(([task, machine]) => {
      const [from = 0, to = 0] = [start[task], end[task]];
      return {
        task,
        x: (from / makespan) * width,
        y: machine * (row + gap),
        width: ((to - from) / makespan) * width,
        height: row,
        tint: TINTS[((places[task] ?? 0) + machine) % TINTS.length] ?? 1,
      };
    });
}

/** For each task, how many stand before it on its machine. */
function placesOf({ assignment, start }: Schedule): readonly number[] {
  const counts = new Map<number, number>();
  const places: number[] = [];
  const order = [...assignment.keys()].sort((a, b) => (start[a] ?? 0) - (start[b] ?? 0));
  for (const task of order) {
    const machine = assignment[task] ?? 0;
    const count = counts.get(machine) ?? 0;
    places[task] = count;
    counts.set(machine, count + 1);
  }
  return places;
}

/** When the last task ends. */
export function makespanOf({ end }: Schedule): number {
  return end.reduce((most, one) => Math.max(most, one), 0);
}

export function layoutOf({ machines: { length } }: Schedule): Layout {
  const fitting = Math.floor(HIGHEST / Math.max(1, length));
  const gap = fitting >= LEAST + GAP ? GAP : 1;
  const row = Math.max(LEAST, Math.min(ROW, fitting - gap));
  return { row, gap, shown: Math.min(length, Math.floor(HIGHEST / (row + gap))) };
}

function taskText({ tasks, machines, assignment, start, end }: Schedule, task: number): string {
  return text.taskAt(
    visible(tasks[task] ?? ''),
    visible(machines[assignment[task] ?? 0] ?? ''),
    amount(start[task] ?? 0),
    amount(end[task] ?? 0),
  );
}
