import { z } from 'zod';

/** The algorithms of the step `schedule`, by the names of the literature. */
export const ALGORITHMS = [
  'SA',
  'TABU',
  'GA',
  'ACO',
  'PSO',
  'MIN_MIN',
  'MAX_MIN',
  'SUFFERAGE',
  'HEFT',
  'ROUND_ROBIN',
  'FCFS',
] as const;

/** A machine of a problem. */
export const machine = z.strictObject({
  id: z
    .union([z.string().min(1), z.number()])
    .transform(String)
    .describe('Its name.')
    .optional(),
  speed: z
    .number()
    .positive()
    .default(1)
    .describe('Units of length that it does in a unit of time.'),
  cost: z.number().min(0).default(0).describe('What it costs a unit of time.'),
});

/** The options of the built-in step `schedule`: its `with` in the batch file. */
export const scheduleOptions = z.strictObject({
  algorithm: z
    .enum(ALGORITHMS)
    .default('SA')
    .describe(
      'How to look for the shortest schedule. Searches that get better with time: `SA` (simulated annealing), `TABU` (tabu search), `GA` (genetic algorithm), `ACO` (ant colony), `PSO` (particle swarm). Rules that are done at once: `MIN_MIN`, `MAX_MIN`, `SUFFERAGE`, `HEFT` (for tasks that wait for others), `ROUND_ROBIN`, `FCFS` (first come, first served).',
    ),
  machines: z
    .union([z.int().min(1).max(10_000), z.array(machine).min(1).max(10_000)])
    .default(4)
    .describe(
      'The machines, where the input does not say them: a list, or a number of machines of speed 1.',
    ),
  n_iterations: z
    .int()
    .min(1)
    .optional()
    .describe(
      'Iterations of a search. Without a time limit the same seed then gives the same result.',
    ),
  time_limit: z
    .number()
    .positive()
    .optional()
    .describe('Seconds of a search. By default 10, and none when `n_iterations` is given.'),
  target: z.number().min(0).optional().describe('A search ends when it has found so good a value.'),
  seed: z
    .int()
    .nonnegative()
    .default(1)
    .describe('Of the random numbers: the same seed gives the same result again.'),
  starts: z
    .int()
    .min(1)
    .max(256)
    .default(1)
    .describe(
      'Searches that are made side by side, each on a core of its own and with its own random numbers. The best one counts.',
    ),
  local_search: z
    .boolean()
    .default(true)
    .describe(
      'Whether `SA`, `GA`, `ACO` and `PSO` improve what they find by moving and swapping tasks.',
    ),
  cost_weight: z
    .number()
    .min(0)
    .default(0)
    .describe('What a unit of cost counts beside the makespan, in units of time.'),
  bound: z
    .boolean()
    .default(true)
    .describe('Whether to prove beside the search how good a schedule can be at best.'),
  n_ants: z.int().min(1).max(10_000).default(10).describe('`ACO`: ants in an iteration.'),
  alpha: z.number().min(0).max(20).default(1).describe('`ACO`: weight of the pheromone.'),
  beta: z.number().min(0).max(20).default(5).describe('`ACO`: weight of the completion times.'),
  evaporation: z
    .number()
    .gt(0)
    .max(1)
    .default(0.05)
    .describe('`ACO`: share of the pheromone that is gone after an iteration, often called rho.'),
  n_particles: z.int().min(1).max(10_000).default(30).describe('`PSO`: particles of the swarm.'),
  inertia: z
    .number()
    .min(0)
    .max(2)
    .default(0.72)
    .describe('`PSO`: share of its velocity that a particle keeps, often called w.'),
  c1: z.number().min(0).max(10).default(1.49).describe("`PSO`: pull of a particle's own best."),
  c2: z.number().min(0).max(10).default(1.49).describe("`PSO`: pull of the swarm's best."),
  population_size: z.int().min(2).max(10_000).default(60).describe('`GA`: individuals.'),
  crossover_rate: z
    .number()
    .min(0)
    .max(1)
    .default(0.9)
    .describe('`GA`: share of crossed children.'),
  mutation_rate: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe('`GA`: share of the genes that mutate.'),
  tournament_size: z
    .int()
    .min(1)
    .max(1000)
    .default(3)
    .describe('`GA`: individuals of which the best becomes a parent.'),
  initial_temperature: z
    .number()
    .positive()
    .default(0.05)
    .describe('`SA`: in what an average task adds to the makespan.'),
  final_temperature: z
    .number()
    .positive()
    .default(0.0015)
    .describe('`SA`: where it begins anew at the initial one.'),
  cooling_rate: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.95)
    .describe('`SA`: the next temperature as a share of the one before.'),
  n_candidates: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(200)
    .describe('`TABU`: changes of which an iteration makes the best.'),
  tenure: z
    .int()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe(
      '`TABU`: iterations for which a task may not go back. By default it follows from their number.',
    ),
});

export type ScheduleOptions = z.infer<typeof scheduleOptions>;
export type AlgorithmName = ScheduleOptions['algorithm'];
