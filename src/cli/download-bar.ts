import { megabytes } from '../models/error.ts';

/** The progress of a download: one line written over on a terminal, a line every 10% elsewhere. */
export function downloadBar(
  id: string,
  stream: NodeJS.WriteStream,
): { update(done: number, total: number): void; end(): void } {
  const begun = performance.now();
  let first: number | undefined;
  let last = Number.NEGATIVE_INFINITY;
  let tenth = -1;
  return {
    update: (done, total) => {
      // What an earlier download left is no speed of this one.
      first ??= done;
      const now = performance.now();
      const fraction = total > 0 ? Math.min(1, done / total) : 0;
      const seconds = (now - begun) / 1000;
      const rate = seconds > 0 ? (done - first) / seconds : 0;
      const eta = rate > 0 ? `${Math.ceil((total - done) / rate)} s left` : '';
      const sizes = `${megabytes(done)} of ${megabytes(total)}`;
      const text = `${id} ${Math.floor(fraction * 100)}% ${sizes} ${(rate / 1e6).toFixed(1)} MB/s ${eta}`;
      if (stream.isTTY) {
        if (now - last < 100 && fraction < 1) return;
        last = now;
        const cells = Math.round(fraction * 20);
        const bar = `${'█'.repeat(cells)}${'░'.repeat(20 - cells)} ${text}`;
        stream.write(`\r\x1b[K${bar.slice(0, Math.max(20, (stream.columns || 80) - 1))}`);
      } else if (Math.floor(fraction * 10) > tenth) {
        tenth = Math.floor(fraction * 10);
        stream.write(`${text.trim()}\n`);
      }
    },
    end: () => {
      if (stream.isTTY) stream.write('\r\x1b[K');
    },
  };
}
