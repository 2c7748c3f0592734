import { type Detector, NOTHING, parseBytes, parseSeconds, progressOf } from './detector.ts';

/** Bars that libraries draw, with their numbers beside them. */

const COUNT = String.raw`(\d[\d,]*(?:\.\d+)?)/(\d[\d,]*(?:\.\d+)?)`;

const RICH = /^(.*?)\s*([━╸╺]{5,})(?:\s+(.*))?$/;
const RICH_PERCENT = /(?:^|\s)(\d{1,3}(?:\.\d+)?)%/;
const RICH_COUNT = new RegExp(String.raw`(?:^|\s)${COUNT}(?:\s([kMGTP]?i?B|bytes))?(?=\s|$)`);
const RICH_RATE = /(\d[\d.,]*) ([kMGTP]?i?B|bytes)\/s/;
const RICH_LEFT = /(?:^|\s)((?:\d+:)?\d+:\d\d)(?=\s|$)/;
/** A wheel that turns before the name. */
const SPINNER = /^[\u2800-\u28ff◐◓◑◒|/\\-]\s+/;

const inBytes = (number: string | undefined, unit: string): number | undefined =>
  parseBytes(`${number}${unit === 'bytes' ? '' : unit}`);

/** The bars of Python's rich, and of pip, which has it inside: `Mixing ━━━━━━╺━━━━ 45% 0:00:03`. */
export const rich: Detector = {
  name: 'rich',
  marks: [],
  detect(line, complete) {
    const match = RICH.exec(line);
    if (match === null) return undefined;
    const [, before = '', , after = ''] = match;
    const percent = RICH_PERCENT.exec(after)?.[1];
    const [, done, total, unit = ''] = RICH_COUNT.exec(after) ?? [];
    const amounts =
      unit === ''
        ? { done: parseBytes(done), total: parseBytes(total) }
        : { done: inBytes(done, unit), total: inBytes(total, unit), unit: 'B' };
    const counted = amounts.done !== undefined && (amounts.total ?? 0) > 0;
    const share = percent === undefined ? undefined : Number(percent) / 100;
    // `1/2` at the end may become `1/20`.
    if (!complete && share === undefined && /\d\/[\d,.]+(?: \w*)?$/.test(after)) return NOTHING;
    const fraction = share ?? (counted ? (amounts.done ?? 0) / (amounts.total ?? 1) : undefined);
    // A bar that only moves to and fro.
    if (fraction === undefined || fraction > 1) return NOTHING;
    const [, speed, speedUnit = ''] = RICH_RATE.exec(after) ?? [];
    return progressOf({
      fraction,
      ...(counted ? amounts : {}),
      rate: speed === undefined ? undefined : inBytes(speed, speedUnit),
      eta: parseSeconds(RICH_LEFT.exec(after)?.[1]),
      phase: before.replace(SPINNER, '').trim() || undefined,
    });
  },
};

const ALIVE = new RegExp(
  String.raw`^(.*?)\s*\|[^|]*\|\s(?:.*\s)?(?:on )?(?:\(!\) )?${COUNT} \[(\d{1,3})%\] in \S+ \((?:~?(\S+), )?(\d[\d.]*)([kM]?)(\w*)/s\)`,
);

/** alive-progress: `Render |██████⚠︎ | ▅▇▆ 9/60 [15%] in 0s (~2s, 30.7/s)`. */
export const alive: Detector = {
  name: 'alive-progress',
  marks: [],
  detect(line) {
    const match = ALIVE.exec(line);
    if (match === null) return undefined;
    const [, before = '', done, total, , left, rate, prefix = '', unit = ''] = match;
    const all = parseBytes(total) ?? 0;
    const some = parseBytes(done) ?? 0;
    if (all === 0 || some > all) return NOTHING;
    return progressOf({
      fraction: some / all,
      done: some,
      total: all,
      unit: unit || undefined,
      rate: Number(rate) * ({ k: 1e3, M: 1e6 }[prefix] ?? 1),
      eta: parseSeconds(left),
      phase: before.trim() || undefined,
    });
  },
};

const BRACKETS = new RegExp(
  String.raw`^\s*([^[\]]*?)\s*\[(?=[=#>. -]{4,}\])[=#]*>?[. -]*\]\s+(?:${COUNT}(?=[:\s]|$))?\s*(?:(\d{1,3})%)?\s*((?:\d+d )?\d+:\d\d:\d\d)?(?=[:\s]|$)`,
);

/**
 * cargo's `Building [=====>     ] 3/6: part4`, click's `Resizing  [####----]  7/20  35%  00:00:01`, and their like.
 */
export const brackets: Detector = {
  name: 'brackets',
  marks: [],
  detect(line, complete) {
    const match = BRACKETS.exec(line);
    if (match === null) return undefined;
    // `1/2` at the end may become `1/20`.
    if (!complete && match[0].length === line.length && match[4] === undefined) return NOTHING;
    const [, label = '', some, all, percent, left] = match;
    const done = parseBytes(some);
    const total = parseBytes(all);
    const counted = done !== undefined && total !== undefined && total > 0 && done <= total;
    if (!counted && percent === undefined) return undefined;
    const fraction = counted ? done / total : Number(percent) / 100;
    if (fraction > 1) return NOTHING;
    return progressOf({
      fraction,
      ...(counted ? { done, total } : {}),
      eta: parseSeconds(left?.replace('d ', ':')),
      phase: /^[A-Za-z][\w .:-]{0,40}$/.test(label) ? label.replace(/:$/, '') : undefined,
    });
  },
};

const GAUGE = /^(?:\[(#+)(\.*)\]|\((#+)(⠂*)\)|\((█+)(░*)\))\s+\S\s+(?:(\w+):)?/;

/**
 * npm 6 to 9: `[######............] | reify:sluice: http fetch …`. Its numbers are in the bar alone. Source: themes.js of
 * gauge 5, which draws it. Later versions of npm show a wheel and no progress.
 */
export const gauge: Detector = {
  name: 'gauge',
  marks: [],
  detect(line) {
    const match = GAUGE.exec(line);
    if (match === null) return undefined;
    const full = (match[1] ?? match[3] ?? match[5] ?? '').length;
    const rest = (match[2] ?? match[4] ?? match[6] ?? '').length;
    if (full + rest < 10) return undefined;
    return progressOf({ fraction: full / (full + rest), phase: match[7] });
  },
};
