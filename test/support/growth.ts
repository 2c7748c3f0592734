/** Ms of processor time that the smaller work is repeated for at least: less says little beside a collection of garbage. */
const LEAST = 10;

/**
 * How many times more processor time eight times the work takes: 8 where the cost is linear, 64 where it is
 * quadratic. Of each the fastest of three, so that what else the machine does is none of it.
 */
export function growth(work: (size: number) => void, size: number): number {
  let times = 1;
  while (timeOf(work, size, times) < LEAST) times *= 2;
  const fastest = (of: number): number => Math.min(...[1, 2, 3].map(() => timeOf(work, of, times)));
  return fastest(8 * size) / fastest(size);
}

/** Ms of the processor. */
function timeOf(work: (size: number) => void, size: number, times: number): number {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) work(size);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
