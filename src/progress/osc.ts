import type { Progress } from '../protocol/events.ts';

const START = '\x1b]9;4;';
const REPORT = /\x1b\]9;4;([1-4])(?:;(\d{1,3}))?(?:\x07|\x1b\\|\x9c)/g;

/**
 * What a text tells the terminal's progress (OSC 9;4, of ConEmu, which cargo, systemd and others write): its last
 * state. State 1 is usual, 2 an error, 3 has no end, 4 is a warning or a pause.
 */
export function detectOsc(text: string): Progress | undefined {
  if (!text.includes(START)) return undefined;
  let found: Progress | undefined;
  for (const [, state, percent] of text.matchAll(REPORT)) {
    const fraction = Number(percent ?? Number.NaN) / 100;
    if (state !== '3' && fraction <= 1) found = { fraction };
  }
  return found;
}
