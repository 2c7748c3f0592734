import type { AlgorithmName } from '../../batch/uses/schedule.ts';
import { aco } from './aco.ts';
import { annealing } from './annealing.ts';
import { genetic } from './genetic.ts';
import { firstCome, heft, maxMin, minMin, roundRobin, sufferage } from './lists.ts';
import type { Problem } from './problem.ts';
import type { Algorithm } from './search.ts';
import { swarm } from './swarm.ts';
import { tabu } from './tabu.ts';

export const ALGORITHM: Readonly<Record<AlgorithmName, Algorithm>> = {
  TABU: tabu,
  SA: annealing,
  GA: genetic,
  ACO: aco,
  PSO: swarm,
  MIN_MIN: atOnce(minMin),
  MAX_MIN: atOnce(maxMin),
  SUFFERAGE: atOnce(sufferage),
  HEFT: atOnce(heft),
  ROUND_ROBIN: atOnce(roundRobin),
  FCFS: atOnce(firstCome),
};

/** A rule that is done in one iteration. */
function atOnce(rule: (problem: Problem) => Int32Array): Algorithm {
  return function* ({ problem, solution, best }) {
    solution.assign(rule(problem));
    best.offer(solution);
    yield undefined;
  };
}
