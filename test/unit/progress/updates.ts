/** What recordings hold, counted in another way than the detectors have: each match of `update` is one. */
export interface Updates {
  readonly update: RegExp;
  /** The share in percent that a match shows; `undefined` where the end is not known. */
  percent(match: RegExpExecArray): number | undefined;
}

const shown = (update: RegExp): Updates => ({ update, percent: (match) => Number(match[1]) });
const counted = (update: RegExp): Updates => ({
  update,
  percent: (match) => (100 * Number(match[1])) / Number(match[2]),
});
/** A match has the amount in it: those that differ are each to be told. */
const endless = (update: RegExp): Updates => ({ update, percent: () => undefined });
const seconds = (total: number, update: RegExp): Updates => ({
  update,
  percent: (match) => (100 * Number(match[1])) / total,
});

const BY_NAME: readonly (readonly [name: RegExp, updates: Updates])[] = [
  [/^tqdm-endless/, endless(/\d+tokens \[/g)],
  [/^tqdm/, shown(/(\d+)%\|/g)],
  [/^rich/, shown(/([\d.]+)%/g)],
  [/^pip/, counted(/([\d.]+)\/([\d.]+) MB/g)],
  [/^click-pipe|^npm/, endless(/never/g)],
  [/^(?:click|cargo)/, counted(/\]\s+(\d+)\/(\d+)/g)],
  [/^ninja/, counted(/\[(\d+)\/(\d+)\]/g)],
  [/^alive/, counted(/(\d+)\/(\d+) \[/g)],
  [/^wget-endless/, endless(/<=>[ \]]+[\d.,]+[KMG]?/g)],
  [/^pv-endless/, endless(/[\d.]+[KMG]?iB [\d:]+ \[[^\]]*\] \[ *<=>/g)],
  [/^curl-endless/, endless(/[1-9]\d*k +0 +0 +\d+k/g)],
  [/^curl-meter/, shown(/\r *([1-9]\d*) /g)],
  [/^dd/, endless(/\d+ bytes/g)],
  [/^ffmpeg-stats/, seconds(4, / time=00:00:([\d.]+) /g)],
  [/^ffmpeg-progress/, seconds(4, /out_time=00:00:([\d.]+)/g)],
  [/^sox/, shown(/In:([\d.]+)%/g)],
  [/^aria2/, shown(/\((\d+)%/g)],
  [/^/, shown(/(?<![\d.])(\d+(?:\.\d+)?)%/g)],
];

export function updatesOf(name: string): Updates {
  const found = BY_NAME.find(([pattern]) => pattern.test(name));
  if (found === undefined) throw new Error(`No way to count the updates of ${name}`);
  return found[1];
}
