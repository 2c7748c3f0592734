import { colourOf } from './drawn-element.ts';

/** The colours of what is compared, in this order: those of the theme's charts. Green is that of the bound. */
const SERIES = ['blue', 'yellow', 'purple', 'orange', 'red'] as const;
const BOUND = 'green';

/** The class of the style sheet for the colour of a series. */
export function seriesClass(index: number): string {
  return `series-${SERIES[index % SERIES.length]}`;
}

export function seriesColour(index: number): string {
  return colourOf(`charts-${SERIES[index % SERIES.length]}`);
}

export function boundColour(): string {
  return colourOf(`charts-${BOUND}`);
}

/** More series than colours: the later ones are dashed. In px, on and off. */
export function seriesDash(index: number): number[] {
  const round = Math.floor(index / SERIES.length);
  return round === 0 ? [] : [6 / round, 3];
}
