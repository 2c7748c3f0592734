import { descend } from './descent.ts';
import type { Search } from './search.ts';

interface Particle {
  readonly position: Float64Array;
  readonly velocity: Float64Array;
  readonly best: Float64Array;
  value: number;
}

/**
 * Particle swarm optimisation (Kennedy and Eberhart 1995, with the inertia of Shi and Eberhart 1998). A coordinate for
 * each task counts its machines from the one that suits it best: what is near each other in space is alike. With local
 * search the best particle of an iteration is improved and goes to where the improved solution is.
 */
export function* swarm({
  problem,
  options,
  random,
  solution,
  candidates,
  best,
}: Search): Generator<number> {
  const { n_particles: size, inertia, c1, c2, local_search: local } = options;
  const count = problem.tasks.length;
  const { machines, width } = candidates;
  const genes = new Int32Array(count);
  const value = ({ position }: Particle): number => {
    for (let task = 0; task < count; task += 1) {
      genes[task] = machines[task * width + Math.floor(position[task] as number)] as number;
    }
    solution.assign(genes);
    best.offer(solution);
    return solution.value;
  };
  const rankOf = new Int32Array(count * width);
  machines.forEach((machine, at) => {
    const task = Math.floor(at / width);
    rankOf[task * width + machine] = at - task * width;
  });
  // Most machines suit a task badly: the swarm begins near the good ones.
  const anywhere = (): number => width * random.next() ** 4;
  const particles = Array.from({ length: size }, (): Particle => {
    const position = Float64Array.from({ length: count }, anywhere);
    const velocity = new Float64Array(count);
    return { position, velocity, best: position.slice(), value: Number.POSITIVE_INFINITY };
  });
  const leader = { position: new Float64Array(count), value: Number.POSITIVE_INFINITY };
  for (;;) {
    let sum = 0;
    let first: { particle: Particle; value: number } | undefined;
    for (const particle of particles) {
      const found = value(particle);
      sum += found;
      if (first === undefined || found < first.value) first = { particle, value: found };
      if (found >= particle.value) continue;
      particle.value = found;
      particle.best.set(particle.position);
    }
    if (first !== undefined && local) {
      const { particle } = first;
      value(particle);
      descend(solution, candidates);
      best.offer(solution);
      for (let task = 0; task < count; task += 1) {
        particle.position[task] =
          (rankOf[task * width + (solution.assignment[task] as number)] as number) + 0.5;
      }
      first.value = solution.value;
      if (solution.value < particle.value) {
        particle.value = solution.value;
        particle.best.set(particle.position);
      }
    }
    if (first !== undefined && first.value < leader.value) {
      leader.value = first.value;
      leader.position.set(first.particle.position);
    }
    for (const { position, velocity, best: own } of particles) {
      for (let task = 0; task < count; task += 1) {
        const here = position[task] as number;
        const pull =
          c1 * random.next() * ((own[task] as number) - here) +
          c2 * random.next() * ((leader.position[task] as number) - here);
        const speed = bounded(inertia * (velocity[task] as number) + pull, -width / 4, width / 4);
        velocity[task] = speed;
        position[task] = bounded(here + speed, 0, width - 1e-9);
      }
    }
    yield sum / size;
  }
}

function bounded(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
