/**
 * How many times more processor time eight times the work takes: 8 where the cost is linear, 64 where it is
 * quadratic. Of each the fastest of three, so that what else the machine does is none of it.
 */
export function growth(work: (size: number) => void, size: number): number {
  work(size);
  const fastest = (of: number): number => Math.min(...[1, 2, 3].map(() => timeOf(() => work(of))));
  return fastest(8 * size) / fastest(size);
}

function timeOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
