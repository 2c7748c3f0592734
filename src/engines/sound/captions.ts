/** A caption: what is shown from one second to another. */
export interface Cue {
  /** Its number without one. */
  readonly name?: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** WebVTT (https://www.w3.org/TR/webvtt1/). */
export function webVttOf(cues: readonly Cue[]): string {
  const blocks = cues.map(({ name, start, end, text }, index) => {
    const safe = text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replace(/\s*\n\s*/g, '\n');
    return `${name ?? index + 1}\n${clock(start, '.')} --> ${clock(end, '.')}\n${safe}\n`;
  });
  return ['WEBVTT\n', ...blocks].join('\n');
}

/** SubRip. */
export function srtOf(cues: readonly Cue[]): string {
  return cues
    .map(({ start, end, text }, index) => {
      const safe = text.replaceAll('-->', '→').replace(/\s*\n\s*/g, '\n');
      return `${index + 1}\n${clock(start, ',')} --> ${clock(end, ',')}\n${safe}\n`;
    })
    .join('\n');
}

const TIME = /(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})/;
const ARROW = new RegExp(`^\\s*${TIME.source}\\s+-->\\s+${TIME.source}`);

/** The captions of a text in WebVTT or SubRip; `undefined` when it is neither. Tags are left out. */
export function parseCaptions(text: string): Cue[] | undefined {
  const blocks = text.replace(/^\ufeff/, '').split(/\r?\n(?:[ \t]*\r?\n)+/);
  const cues: Cue[] = [];
  for (const block of blocks) {
    const lines = block.split(/\r?\n/);
    const at = lines.findIndex((line) => ARROW.test(line));
    const match = ARROW.exec(lines[at] ?? '');
    // A caption's times stand in its first or second line.
    if (match === null || at > 1) continue;
    const said = lines
      .slice(at + 1)
      .join(' ')
      .replace(/<\/?[a-z][^>]*>|<[\d:.]+>/gi, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&')
      .replace(/\s+/g, ' ')
      .trim();
    const [start, end] = [seconds(match.slice(1, 5)), seconds(match.slice(5, 9))];
    if (said !== '') cues.push({ start, end: Math.max(start, end), text: said });
  }
  return cues.length > 0 ? cues : undefined;
}

function seconds([hours = '0', minutes = '0', whole = '0', part = '0']: string[]): number {
  const all = Number(hours) * 3600 + Number(minutes) * 60 + Number(whole);
  return (all * 1000 + Number(part.padEnd(3, '0'))) / 1000;
}

function clock(time: number, point: string): string {
  const ms = Math.round(time * 1000);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const rest = String(ms % 1000).padStart(3, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}${point}${rest}`;
}
