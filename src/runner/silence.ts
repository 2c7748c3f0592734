/**
 * Tells when nothing came for `limit` ms, and again after each further `limit`. `alive` is cheap: it may
 * be called for every chunk of output.
 *
 * @param onSilent given the seconds of silence so far
 */
export function watchSilence(
  limit: number,
  onSilent: (seconds: number) => void,
): { alive: () => void; stop: () => void } {
  let last = performance.now();
  let timer = setTimeout(check, limit);
  function check(): void {
    const quiet = performance.now() - last;
    // Timers may fire a moment early.
    if (quiet >= limit - 5) onSilent(Math.round(quiet / 1000));
    timer = setTimeout(check, quiet >= limit - 5 ? limit : limit - quiet);
  }
  return {
    alive: () => {
      last = performance.now();
    },
    stop: () => clearTimeout(timer),
  };
}
