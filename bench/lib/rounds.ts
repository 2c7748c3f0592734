import { median } from './table.ts';

export interface Peer {
  readonly name: string;
  /** Does the work once. Resolves with the ms that it took, where it measures itself. */
  run(): Promise<number | undefined>;
}

/**
 * Runs peers in turn, round after round, so that a busy machine is unfair to all alike. The first
 * round, in which caches and the compiler warm up, does not count. Resolves with the median ms of
 * each, in their order.
 */
export async function compare(peers: readonly Peer[], rounds: number): Promise<number[]> {
  const times = peers.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, peer] of peers.entries()) {
      const begin = performance.now();
      const measured = await peer.run();
      const ms = measured ?? performance.now() - begin;
      if (round > 0) times[index]?.push(ms);
    }
  }
  return times.map(median);
}
