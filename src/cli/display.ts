import { styleText } from 'node:util';
import cliTruncate from 'cli-truncate';
import { createLogUpdate } from 'log-update';
import stringWidth from 'string-width';
import { english } from '../protocol/english.ts';
import { plainText } from '../protocol/escapes.ts';
import { failureText, searchText, waitsText } from '../protocol/log-lines.ts';
import {
  clock,
  elapsed,
  finishedCount,
  itemFraction,
  remaining,
  runFraction,
  tellingStep,
  timeLeft,
} from '../protocol/progress.ts';
import type { ItemState, RunState } from '../protocol/state.ts';
import type { Surface } from './follow.ts';

/** The screen is painted at most so often, and once a second while nothing comes. */
const PAINT_MS = 50;
const IDLE_MS = 1000;
const BAR = 24;

/** A run in a terminal: finished items stay above; those under way and the whole stand below. */
export function liveDisplay(stream: NodeJS.WriteStream): Surface {
  const screen = createLogUpdate(stream, { showCursor: true });
  const shown = new Set<number>();
  let latest: RunState | undefined;
  let timer: NodeJS.Timeout | undefined;
  let painted = 0;

  const paint = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (latest === undefined) return;
    painted = performance.now();
    const width = Math.max(40, stream.columns ?? 80);
    const fresh: string[] = [];
    for (const item of latest.items) {
      if (item.ended === undefined || shown.has(item.item)) continue;
      shown.add(item.item);
      fresh.push(...endedLines(item, latest, width));
    }
    if (fresh.length > 0) screen.persist(fresh.join('\n'));
    const rows = Math.max(3, (stream.rows ?? 24) - 4);
    screen(present(latest, width, rows).join('\n'));
    timer = setTimeout(paint, IDLE_MS);
  };

  return {
    show(state) {
      latest = state;
      for (const item of state.active) shown.delete(item);
      const since = performance.now() - painted;
      if (since >= PAINT_MS) paint();
      else {
        clearTimeout(timer);
        timer = setTimeout(paint, PAINT_MS - since);
      }
    },
    end(state) {
      latest = state;
      paint();
      clearTimeout(timer);
      screen.clear();
      screen.done();
      stream.write(`${[...state.notes.map((note) => note.message), summary(state)].join('\n')}\n`);
    },
  };
}

/** One line for an item that is done with; two when it failed. */
function endedLines(item: ItemState, state: RunState, width: number): string[] {
  const number = `${item.item}/${state.run.total}`;
  const result = item.results.at(-1);
  const took =
    item.started === undefined || item.ended === undefined ? '' : clock(item.ended - item.started);
  switch (item.state) {
    case 'done': {
      const length =
        result?.seconds === undefined ? '' : ` (${clock(result.seconds * 1000)} of sound)`;
      const tail = `${result?.path ?? ''}${length}  ${took}`;
      return [row(styleText('green', '✔'), number, item.title, tail, width)];
    }
    case 'skipped':
      return [
        row(
          styleText('green', '✔'),
          number,
          item.title,
          `${result?.path ?? ''}  already made`,
          width,
        ),
      ];
    case 'cancelled':
      return [row(styleText('dim', '○'), number, item.title, 'cancelled', width)];
    default: {
      const { failure } = item;
      return [
        row(styleText('red', '✖'), number, item.title, 'failed', width),
        styleText('red', `    ${failure === undefined ? '' : failureText(failure)}`),
      ];
    }
  }
}

function row(icon: string, number: string, title: string, tail: string, width: number): string {
  const room = Math.max(10, width - stringWidth(number) - stringWidth(tail) - 6);
  const shown = cliTruncate(title, room);
  const gap = ' '.repeat(Math.max(0, room - stringWidth(shown)));
  return `${icon} ${styleText('dim', number)} ${shown}${gap}  ${tail}`;
}

/** What is under way, and the whole. */
function present(state: RunState, width: number, rows: number): string[] {
  const lines: string[] = [];
  for (const number of state.active.slice(0, Math.max(1, Math.floor(rows / 2)))) {
    const item = state.items[number - 1];
    if (item === undefined) continue;
    const telling = tellingStep(item);
    const step = state.run.steps[telling.step]?.name ?? '';
    const { phase: said, fraction } = telling.progress ?? {};
    const phase = said === undefined || said === step ? '' : ` (${said})`;
    const percent = fraction === undefined ? '' : ` ${Math.floor(fraction * 100)}%`;
    const left = timeLeft(item);
    const time = left === undefined ? '' : ` ${clock(left)} left`;
    const silent = item.silent === undefined ? '' : `, no output for ${item.silent} s`;
    const tail = `${bar(itemFraction(item, state.run.steps.length), 10)} ${step}${phase}${percent}${time}${silent}`;
    lines.push(
      row(styleText('cyan', '▸'), `${item.item}/${state.run.total}`, item.title, tail, width),
    );
    const live = liveText(item);
    if (live !== '')
      lines.push(styleText('dim', `    ${cliTruncate(live, width - 6, { position: 'start' })}`));
  }
  const next = state.queue.map((number) => state.items[number - 1]).find((item) => item?.waits);
  if (next?.waits !== undefined) {
    const number = `${next.item}/${state.run.total}`;
    lines.push(row('·', number, next.title, waitsText(next.waits, english), width));
  }
  const waiting = state.counts.waiting > 0 ? `  ${state.counts.waiting} waiting to try again` : '';
  lines.push(`${whole(state)}${waiting}`);
  return lines;
}

function liveText(item: ItemState): string {
  if (item.curve !== undefined) return searchText(item.curve.last, english);
  const text = item.text.trim() === '' ? (item.lastLine ?? '') : item.text;
  return plainText(text.replace(/\s+/g, ' ')).trim();
}

function whole(state: RunState): string {
  const now = Date.now();
  const left = remaining(state, now);
  const { failed } = state.counts;
  const parts = [
    `${bar(runFraction(state), BAR)} ${finishedCount(state)}/${state.run.total}`,
    `${Math.floor(runFraction(state) * 100)}%`,
    clock(elapsed(state, now)),
    ...(failed > 0 ? [styleText('red', `${failed} failed`)] : []),
    ...(left === undefined ? [] : [`${clock(left)} left`]),
    ...(state.state === 'running' ? [] : [state.state]),
  ];
  return parts.join('  ');
}

/** `12 of 14 done, 2 failed, 1:20` */
export function summary(state: RunState): string {
  const { done, skipped, failed, cancelled } = state.counts;
  const parts = [
    `${done} of ${state.run.total} done`,
    ...(skipped > 0 ? [`${skipped} already made`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
    clock(elapsed(state, Date.now())),
  ];
  return `${state.run.name}: ${parts.join(', ')}`;
}

function bar(fraction: number, width: number): string {
  const full = Math.round(fraction * width);
  return styleText('cyan', '━'.repeat(full)) + styleText('dim', '━'.repeat(width - full));
}
