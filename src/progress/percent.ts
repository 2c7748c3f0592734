import type { Progress } from '../protocol/events.ts';
import { detectCount, isOutcome } from './count.ts';
import { type Detector, isDigit, parseSeconds, progressOf } from './detector.ts';

/** Not `139/1024=14%`, and not the `10 % 10` of a program's text. */
const PERCENT = /(?<![\w.,/+-]|\d=)(\d{1,3}(?:[.,]\d+)?)(?:%| %(?!\s?\d))(?![\w%=])/g;
/** More shares in a line than this are a table. */
const MOST = 2;

/** Measures of something else, before the number ... */
const MEASURE =
  /\b(?:acc(?:uracy)?|precision|recall|f1|auc|wer|cer|iou|cpu|gpu|ram|vram|swap|mem(?:ory)?|disk|usage|used|utili[sz]ation|load|battery|coverage|covered|confidence|prob(?:ability)?|error|loss|rate|ratio|volume|zoom|opacity|quality|threshold|similarity|score|humidity|discount|dropout|by|than|about|reduction|increase|decrease|hit|idle|free|overhead|top-?\d+)\b[^\w%]{0,4}(?:is|of|at|was)?[^\w%]{0,3}$/i;
/** ... and after it. */
const OF_SOMETHING =
  /^[)\]]?\s*(?:faster|slower|less|more|smaller|larger|bigger|better|worse|off|accuracy|accurate|cpu|gpu|mem(?:ory)?|ram|coverage|covered|usage|used|free|idle|packet loss|loss|confidence|confident|likely|probability|discount|of (?:the|all|tests|cases|users|total|lines)|errors?\b|pass(?:ed)?\b|fail(?:ed)?\b|increase|decrease|reduction|similar|match|hit)/i;
/** Tables of coverage and of disks: `src/a.py 10 1 90%`, `/dev/sda1 9G 4G 5G 45% /`. */
const TABLE =
  /^(?:\S+(?:\s+[\d.]+[KMGTP]?){3}\s+\d+%\s+\/|\s(?:rename|copy|rewrite)\s.*\(\d+%\)$|(?:dis)?similarity index|TOTAL\s|All files\s*\||\/dev\/|tmpfs\s|overlay\s|\S+\.\w{1,4}\s+\d+\s+\d+\s+\d+%)/;

const ETA = /\b(?:eta|remaining|left)\b[:=\s]*((?:\d+:)*\d+)(?=s?\b)/i;
/** What stands before the number and names the work: `Receiving objects:  45%`. */
const LABEL = /(?:^|[\]:>]\s+)([A-Za-z][A-Za-z_ -]{1,40}?(?:\s\d{1,4})?)\s*[:.…=]+\s*[[(|<]?\s*$/;
const NO_LABEL = /^(?:progress|done|completed?|status|info|percent|total|overall|data)$/i;

function phaseOf(before: string): string | undefined {
  const label = LABEL.exec(before)?.[1]?.trim();
  return label === undefined || NO_LABEL.test(label) ? undefined : label;
}

/** The first share of a line that is no measure. */
export function detectPercent(line: string, complete: boolean): Progress | undefined {
  if (TABLE.test(line) || isOutcome(line)) return undefined;
  const matches = [...line.matchAll(PERCENT)];
  if (matches.length > MOST) return undefined;
  for (const match of matches) {
    const fraction = Number(match[1]?.replace(',', '.')) / 100;
    const before = line.slice(0, match.index);
    const after = line.slice(match.index + match[0].length);
    if (fraction > 1 || MEASURE.test(before) || OF_SOMETHING.test(after)) continue;
    const eta = parseSeconds(ETA.exec(after)?.[1]);
    const counted = detectCount(line, complete);
    if (counted?.fraction === undefined) {
      // `5 (5.4%) terminal`: how many of something there are.
      if (/(?:^|[,\s])\d+ \($/.test(before)) continue;
      return progressOf({ fraction, eta, phase: phaseOf(before) });
    }
    // Either the same in other words, or the part of which this is the share: `[2/5] 45%`.
    return Math.abs(counted.fraction - fraction) <= 0.011
      ? progressOf({ ...counted, eta, phase: phaseOf(before) })
      : progressOf({ fraction, eta, phase: `${counted.done}/${counted.total}` });
  }
  return undefined;
}

/** `45%`, `45.5 %`, `[ 45%]`, with what stands beside it: a count, a label, an ETA. */
export const percent: Detector = {
  name: 'percent',
  marks: [
    {
      text: '%',
      fits: (text, at) =>
        isDigit(text, at - 1) || (text.charCodeAt(at - 1) === 32 && isDigit(text, at - 2)),
    },
  ],
  detect: detectPercent,
};
