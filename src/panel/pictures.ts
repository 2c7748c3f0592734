import type { Schedule } from '../protocol/events.ts';
import { type Contest, seriesOf } from './contest.ts';
import { type Against, curvesOf, endOf, rangeOf } from './curves.ts';
import { colourOf } from './drawn-element.ts';
import { compact, seconds } from './format.ts';
import { barsOf, layoutOf } from './gantt-view.ts';
import { boundColour, gridColour, seriesColour, seriesDash } from './palette.ts';
import { text } from './text.ts';

/** What is shown, as files to keep. Pictures have the colours of the theme. */

/** Size of an SVG, in px, and the room for its axes. */
const WIDTH = 720;
const HEIGHT = 360;
const LEFT = 64;
const BOTTOM = 28;
const TOP = 12;
const RIGHT = 12;
/** Lines across the drawing. */
const LINES = 5;

/** A drawing as PNG, on the colour of the editor. */
export async function pictureOf(
  canvas: HTMLCanvasElement | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const copy = document.createElement('canvas');
  copy.width = canvas?.width ?? 1;
  copy.height = canvas?.height ?? 1;
  const pen = copy.getContext('2d');
  if (pen && canvas !== undefined) {
    pen.fillStyle = background();
    pen.fillRect(0, 0, copy.width, copy.height);
    pen.drawImage(canvas, 0, 0);
  }
  const blob = await new Promise<Blob | null>((resolve) => copy.toBlob(resolve));
  return new Uint8Array((await blob?.arrayBuffer()) ?? []);
}

export function chartSvg(contest: Contest, against: Against): string {
  const { items, series, bound } = contest;
  const [least, most] = rangeOf(contest, against);
  const end = endOf(items, against) || 1;
  const x = (at: number): number => LEFT + (at / end) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number =>
    TOP + ((most - value) / (most - least)) * (HEIGHT - TOP - BOTTOM);
  const lines = Array.from({ length: LINES }, (_, index) => {
    const value = least + ((index + 0.5) / LINES) * (most - least);
    return `${line(LEFT, y(value), WIDTH - RIGHT, y(value), gridColour())}
${label(LEFT - 8, y(value) + 4, 'end', compact(value))}`;
  });
  const ends = against === 'seconds' ? seconds(end) : text.iteration(Math.round(end));
  const drawn = curvesOf(contest, against).map(({ at, best }, index) => {
    const item = items[index];
    const name = item === undefined ? '' : seriesOf(item);
    const place = series.indexOf(name);
    const points = at.map((one, point) => `${round(x(one))},${round(y(best[point] ?? 0))}`);
    return `<polyline fill="none" stroke="${seriesColour(place)}" stroke-width="1.5" stroke-dasharray="${seriesDash(place).join(' ')}" points="${points.join(' ')}"><title>${escaped(name)}</title></polyline>`;
  });
  const names = series.map(
    (name, index) =>
      `<text x="${LEFT + index * 96}" y="${HEIGHT - 4}" fill="${seriesColour(index)}">${escaped(name)}</text>`,
  );
  const bounding =
    bound === undefined
      ? []
      : [
          line(LEFT, y(bound), WIDTH - RIGHT, y(bound), boundColour(), '4 3'),
          label(WIDTH - RIGHT, y(bound) + 12, 'end', text.lowerBound, boundColour()),
        ];
  return svg(WIDTH, HEIGHT, [
    `<clipPath id="plot"><rect x="${LEFT}" y="${TOP}" width="${WIDTH - LEFT - RIGHT}" height="${HEIGHT - TOP - BOTTOM}"/></clipPath>`,
    ...lines,
    `<g clip-path="url(#plot)">${drawn.join('\n')}</g>`,
    ...bounding,
    ...names,
    label(WIDTH - RIGHT, HEIGHT - BOTTOM + 16, 'end', ends),
  ]);
}

export function ganttSvg(schedule: Schedule): string {
  const { row, gap, shown } = layoutOf(schedule);
  const colour = colourOf('progressBar-background');
  const width = WIDTH - LEFT - RIGHT;
  const bars = barsOf(schedule, width).map(
    (bar) =>
      `<rect x="${round(LEFT + bar.x)}" y="${TOP + bar.y}" width="${round(Math.max(0.5, bar.width - (bar.width > 2 ? 1 : 0)))}" height="${bar.height}" fill="${colour}" fill-opacity="${bar.tint}"><title>${escaped(schedule.tasks[bar.task] ?? '')}</title></rect>`,
  );
  const names = schedule.machines
    .slice(0, shown)
    .map((name, machine) => label(LEFT - 8, TOP + machine * (row + gap) + row, 'end', name));
  return svg(WIDTH, 2 * TOP + shown * (row + gap) - gap, [...bars, ...names]);
}

/** `item,series,iteration,seconds,best`: the points that the curves are drawn by. */
export function curvesCsv({ items }: Contest): string {
  const rows = items.flatMap((item) =>
    item.curve.points.map(({ iteration, seconds: at, best }) => [
      item.title,
      seriesOf(item),
      iteration,
      at,
      best,
    ]),
  );
  return csv([['item', 'series', 'iteration', 'seconds', 'best'], ...rows]);
}

export function scheduleCsv({ tasks, machines, assignment, start, end }: Schedule): string {
  const rows = tasks.map((task, index) => [
    task,
    machines[assignment[index] ?? 0] ?? '',
    start[index] ?? '',
    end[index] ?? '',
  ]);
  return csv([['task', 'machine', 'start', 'end'], ...rows]);
}

function csv(rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string => {
    const said = String(value);
    return /[",\r\n]/.test(said) ? `"${said.replaceAll('"', '""')}"` : said;
  };
  return `${rows.map((row) => row.map(cell).join(',')).join('\n')}\n`;
}

function svg(width: number, height: number, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">
<rect width="${width}" height="${height}" fill="${background()}"/>
${parts.join('\n')}
</svg>
`;
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string, dash = ''): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}" stroke-dasharray="${dash}"/>`;
}

function label(
  x: number,
  y: number,
  anchor: 'start' | 'end',
  said: string,
  colour = colourOf('descriptionForeground'),
): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${colour}">${escaped(said)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function background(): string {
  return colourOf('editor-background');
}

/** Names come from files; in an SVG they are text and nothing else. */
function escaped(said: string): string {
  return said
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f]/g, '')
    .replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
