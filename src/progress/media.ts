import type { Progress } from '../protocol/events.ts';
import { type Detector, type Memory, NOTHING, parseSeconds, progressOf } from './detector.ts';

/** Programs that work through sound and video, and say where they are in it. */

const TIME = String.raw`\d+:\d\d:\d\d(?:[.,]\d+)?`;

function at(seconds: number | undefined, { duration, speed }: Memory): Progress {
  if (seconds === undefined) return NOTHING;
  if (duration === undefined) return progressOf({ done: seconds, unit: 's', rate: speed });
  const done = Math.min(seconds, duration);
  return progressOf({
    fraction: done / duration,
    done,
    total: duration,
    unit: 's',
    rate: speed,
    eta: speed === undefined || speed <= 0 ? undefined : (duration - done) / speed,
  });
}

const INPUT = /^Input #(\d+), /;
const DURATION = new RegExp(String.raw`^\s+Duration: (?:(${TIME})|N/A),`);
const STATS = new RegExp(
  String.raw`\btime=(?:(${TIME})|-${TIME}|N/A) bitrate=.*?(?:speed=\s*([\d.e+]+)x)?\s*$`,
);
const FIELD =
  /^(out_time|out_time_us|out_time_ms|speed|progress|bitrate|total_size|frame|fps)=\s*(\S*)$/;

/**
 * ffmpeg's `size=… time=00:00:03.23 bitrate=… speed=0.97x`, and the blocks of its `-progress`, against the length
 * of the input, which it prints before. Source: print_report in fftools/ffmpeg.c of ffmpeg 5.1.
 */
export const ffmpeg: Detector = {
  name: 'ffmpeg',
  marks: [
    {
      text: '#0, ',
      nearEnd: true,
      isContext: true,
      fits: (text, index) => text.startsWith('Input ', index - 6),
    },
    { text: 'Duration: ', nearEnd: true, isContext: true, fits: () => true },
    { text: '/', fits: (text, index) => text.startsWith('s speed=', index + 1) },
    { text: '_time=', nearEnd: true, fits: () => true },
  ],
  detect(line, complete, memory) {
    if (INPUT.exec(line)?.[1] === '0') {
      delete memory.duration;
      return NOTHING;
    }
    const duration = DURATION.exec(line);
    if (duration !== null) {
      const seconds = parseSeconds(duration[1]);
      if (seconds) memory.duration = Math.max(seconds, memory.duration ?? 0);
      return NOTHING;
    }
    const stats = STATS.exec(line);
    if (stats !== null) {
      const speed = Number(stats[2]);
      if (speed > 0) memory.speed = speed;
      return at(parseSeconds(stats[1]), memory);
    }
    const [, name, value] = FIELD.exec(line) ?? [];
    if (name === undefined || !complete) return undefined;
    if (name === 'speed' && Number.parseFloat(value ?? '') > 0) {
      memory.speed = Number.parseFloat(value ?? '');
    }
    if (name === 'out_time') return at(parseSeconds(value), memory);
    if (name === 'progress' && value === 'end') return at(memory.duration, memory);
    return NOTHING;
  },
};

const SOX = new RegExp(String.raw`^In:([\d.]+)%\s+(${TIME}) \[(${TIME})\] Out:`);

/** sox's `In:45.3% 00:00:27.18 [00:00:32.82] Out:1.20M [ =====|===== ] Clip:0`: what is left is of the sound. */
export const sox: Detector = {
  name: 'sox',
  marks: [],
  detect(line) {
    const match = SOX.exec(line);
    if (match === null) return undefined;
    const done = parseSeconds(match[2]) ?? 0;
    const total = done + (parseSeconds(match[3]) ?? 0);
    return progressOf({ fraction: Math.min(1, Number(match[1]) / 100), done, total, unit: 's' });
  },
};

const PERCENT = /^whisper_print_progress_callback: progress =\s+(\d{1,3})%/;
const LENGTH = /^main: processing '.*' \(\d+ samples, (\d+(?:\.\d+)?) sec\)/;
const SEGMENT = /^\[(?:\d+:)?\d\d:\d\d[.,]\d{3} --> ((?:\d+:)?\d\d:\d\d[.,]\d{3})\]/;

/**
 * whisper.cpp: the lines of `--print-progress`, and without them the segments that it prints, against the length of
 * the sound. Source: examples/cli/cli.cpp of whisper.cpp 1.9.3. Other programs print such segments, too.
 */
export const whisper: Detector = {
  name: 'whisper',
  marks: [
    { text: '--> ', nearEnd: true, fits: () => true },
    { text: "' (", nearEnd: true, isContext: true, fits: () => true },
  ],
  detect(line, complete, memory) {
    const percent = PERCENT.exec(line)?.[1];
    if (percent !== undefined) {
      memory.percent = true;
      return progressOf({ fraction: Math.min(1, Number(percent) / 100) });
    }
    const length = LENGTH.exec(line)?.[1];
    if (length !== undefined) {
      memory.duration = Number(length);
      return NOTHING;
    }
    const end = SEGMENT.exec(line)?.[1];
    if (end === undefined) return undefined;
    // The words of a segment are no progress, whatever they count.
    if (memory.percent === true || !complete) return NOTHING;
    return at(parseSeconds(end.replace(',', '.')), memory);
  },
};
