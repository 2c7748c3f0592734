import { english } from '../protocol/english.ts';
import { LogLines } from '../protocol/log-lines.ts';
import { summary } from './display.ts';
import type { Surface } from './follow.ts';

/** A run as lines, for a pipe or a file: each as it happens. */
export function plainLines(stream: NodeJS.WriteStream): Surface {
  const lines = new LogLines(english);
  return {
    show(state, events) {
      const text = events.flatMap((event) => lines.lines(state, event));
      if (text.length > 0) stream.write(`${text.join('\n')}\n`);
    },
    end(state) {
      // A run that was found finished has no events to tell.
      if (state.state === 'interrupted') stream.write(`${summary(state)}, interrupted\n`);
    },
  };
}
