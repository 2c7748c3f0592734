import { type Detector, NOTHING, parseBytes, parseSeconds, progressOf } from './detector.ts';

/** Programs that move bytes. All amounts are told in bytes, as the units that they print change on the way. */

const SIZE = String.raw`\d[\d,]*(?:\.\d+)?\s?[kKMGTP]?(?:i?B)?`;
const TIME = String.raw`(?:\d+d )?\d*:?\d\d:\d\d|--:--:--|\d+d \d+h`;

const CURL = new RegExp(
  String.raw`^\s*(\d{1,3})\s+(${SIZE})\s+(\d{1,3})\s+(${SIZE})\s+(\d{1,3})\s+(${SIZE})\s+${SIZE}\s+${SIZE}` +
    String.raw`\s+(?:${TIME})\s+(?:${TIME})\s+(${TIME})\s+(${SIZE})\s*$`,
);

/** The rows of curl's meter: percent, total, of what comes and of what goes, speeds, times. */
export const curl: Detector = {
  name: 'curl',
  marks: [],
  detect(line) {
    const match = CURL.exec(line);
    if (match === null) {
      return /^ {2}% Total {4}% Received/.test(line) ? NOTHING : undefined;
    }
    const [, , size, received, came, sent, went, left, speed] = match;
    const total = parseBytes(size) ?? 0;
    const done = (parseBytes(came) ?? 0) + (parseBytes(went) ?? 0);
    const share = Math.max(Number(received), Number(sent));
    const rate = parseBytes(speed);
    // Where the length is not known, the total is what came so far and the shares stay 0.
    if (total === 0 || (share === 0 && total <= done)) {
      return done === 0 ? NOTHING : progressOf({ done, unit: 'B', rate });
    }
    const fraction = Math.min(1, total > 0 && done <= total ? done / total : share / 100);
    return progressOf({ fraction, done, total, unit: 'B', rate, eta: parseSeconds(left) });
  },
};

const WGET_DOTS = new RegExp(
  String.raw`^\s*(\d+)K ([., ]{10,}?)(?:\s+(\d{1,3})%)?\s+(${SIZE})(?:\s(\S+)|=(\S+))?\s*$`,
);
const WGET_BAR = new RegExp(
  String.raw`\s(?:(\d{1,3})%)?\[[=+<> ]*\]\s+(${SIZE})\s+(?:--\.-|(\d[\d.]*))([KMGT]?)B/s(?:\s+(?:eta\s+(\S.*?)|in .*?))?\s*$`,
);

/** wget's dots, as it prints them on a pipe, and its bar. */
export const wget: Detector = {
  name: 'wget',
  marks: [{ text: 'K .', nearEnd: true, fits: (text, at) => text.charCodeAt(at - 1) === 48 }],
  detect(line) {
    const dots = WGET_DOTS.exec(line);
    if (dots !== null) {
      const [, before, drawn = '', percent, speed, left] = dots;
      const shown = drawn.match(/\./g)?.length ?? 0;
      return progressOf({
        fraction: percent === undefined ? undefined : Math.min(1, Number(percent) / 100),
        // A dot is a KiB in the usual style.
        done: (Number(before) + shown) * 1024,
        unit: 'B',
        rate: parseBytes(speed),
        eta: parseSeconds(left),
      });
    }
    const bar = WGET_BAR.exec(line);
    if (bar === null) return / saved \[\d+(?:\/\d+)?\]\s*$/.test(line) ? NOTHING : undefined;
    const [, percent, size, speed, prefix = '', left] = bar;
    return progressOf({
      fraction: percent === undefined ? undefined : Math.min(1, Number(percent) / 100),
      done: parseBytes(size),
      unit: 'B',
      rate: speed === undefined ? undefined : parseBytes(speed + prefix),
      eta: parseSeconds(left?.trim()),
    });
  },
};

const RSYNC =
  /^\s*(\d[\d,.]*[KMGT]?)\s+(\d{1,3})%\s+(\d[\d.,]*)([kKMGT]?B)\/s\s+(\d+:\d\d:\d\d)(?:\s+\(xfr#\d+, (ir|to)-chk=\d+\/\d+\))?\s*$/;

/** rsync's `1,298,304  81%  595.32kB/s    0:00:00 (xfr#3, to-chk=1/5)`, of one file or of all. */
export const rsync: Detector = {
  name: 'rsync',
  marks: [],
  detect(line) {
    const match = RSYNC.exec(line);
    if (match === null) return undefined;
    const [, done, percent, speed = '', unit = '', time, check] = match;
    return progressOf({
      // While it still looks for files it does not know of how much this is the share.
      fraction: check === 'ir' ? undefined : Math.min(1, Number(percent) / 100),
      done: parseBytes(done),
      unit: 'B',
      // Its kB are 1024 bytes.
      rate: parseBytes(speed + unit.replace('B', '')),
      // At the end of a file it is the time that was taken.
      eta: check === undefined && Number(percent) < 100 ? parseSeconds(time) : undefined,
    });
  },
};

const ARIA = /\[?#[\da-f]{6} ([\d.,]+[KMGT]?i?B)\/([\d.,]+[KMGT]?i?B)\((\d{1,3})%\)/g;

/** aria2's `[#8ee152 1.1MiB/2.8MiB(41%) CN:1 DL:1.1MiB ETA:1s]`; several downloads are taken together. */
export const aria2: Detector = {
  name: 'aria2',
  marks: [],
  detect(line, complete) {
    if (!/^\[(?:#[\da-f]{6} |DL:)/.test(line)) return undefined;
    const parts = [...line.matchAll(ARIA)];
    const sum = (index: number): number =>
      parts.reduce((all, part) => all + (parseBytes(part[index]) ?? 0), 0);
    const total = sum(2);
    // Another download may come behind the last one.
    const isWhole = complete || (line.startsWith('[#') && line.trimEnd().endsWith(']'));
    if (total === 0 || !isWhole) return NOTHING;
    return progressOf({
      // The share that it prints is exact, its amounts are rounded.
      fraction: Math.min(1, parts.length === 1 ? Number(parts[0]?.[3]) / 100 : sum(1) / total),
      done: sum(1),
      total,
      unit: 'B',
      rate: parseBytes(/\bDL:([\d.]+[KMGT]?i?B)/.exec(line)?.[1]),
      eta: parts.length === 1 ? parseSeconds(/\bETA:(\w+)/.exec(line)?.[1]) : undefined,
    });
  },
};

const DD =
  /^(\d+) bytes (?:\([^)]*\) )?(?:copied|transferred),? [\d.e+-]+ ?s(?:ecs)?, (\S+ [kMGT]?B)\/s/;

/** dd's `8454144 bytes (8.5 MB, 8.1 MiB) copied, 2 s, 4.1 MB/s`: it does not know the end. */
export const dd: Detector = {
  name: 'dd',
  marks: [{ text: '/', fits: (text, at) => text[at + 1] === 's' && text[at - 1] === 'B' }],
  detect(line) {
    const match = DD.exec(line);
    if (match === null) return undefined;
    return progressOf({ done: Number(match[1]), unit: 'B', rate: parseBytes(match[2]) });
  },
};

const PV = new RegExp(
  String.raw`^\s*(\d[\d.]*\s?[KMGTP]?i?B)\s+(\d+:\d\d:\d\d)\s+\[\s*(\d[\d.]*\s?[KMGTP]?i?B)/s\]` +
    String.raw`(?:\s+\[[=<> ]*\](?:\s+(\d{1,3})%)?(?:\s+ETA\s+(\S+))?)?\s*$`,
);

/** pv's ` 409KiB 0:00:00 [1.08MiB/s] [=====>     ] 19% ETA 0:00:00`. */
export const pv: Detector = {
  name: 'pv',
  marks: [],
  detect(line) {
    const match = PV.exec(line);
    if (match === null) return undefined;
    const [, done, , speed, percent, left] = match;
    return progressOf({
      fraction: percent === undefined ? undefined : Math.min(1, Number(percent) / 100),
      done: parseBytes(done),
      unit: 'B',
      rate: parseBytes(speed),
      eta: parseSeconds(left),
    });
  },
};
