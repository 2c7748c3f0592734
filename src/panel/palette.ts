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

/** The lines across a chart: they are there, and no more. */
export function gridColour(): string {
  // High contrast has no colour for what is to be seen as little as this.
  const { classList } = document.body;
  return classList.contains('vscode-high-contrast') ? 'transparent' : colourOf('panel-border');
}

/** More series than colours: the later ones are dashed. In px, on and off. */
export function seriesDash(index: number): number[] {
  const round = Math.floor(index / SERIES.length);
  return round === 0 ? [] : [6 / round, 3];
}
