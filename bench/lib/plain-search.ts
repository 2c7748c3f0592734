import type { Problem } from '../../src/engines/scheduling/problem.ts';
import type { Random } from '../../src/engines/scheduling/random.ts';

/**
 * The neighbourhood of the searches as it is written first: objects and lists, and each change is valued by adding up
 * all loads anew.
 */
export class PlainSearch {
  readonly #times: readonly (readonly number[])[];
  readonly #random: Random;
  readonly #machines: number;
  #machineOf: number[];
  #value: number;
  evaluations = 0;

  constructor({ tasks, machines, times }: Problem, random: Random) {
    this.#machines = machines.length;
    this.#times = tasks.map((_, task) => [
      ...times.subarray(task * machines.length, (task + 1) * machines.length),
    ]);
    this.#random = random;
    this.#machineOf = tasks.map(() => random.below(machines.length));
    this.#value = this.#makespan(this.#machineOf);
  }

  /** Looks at one random change, and makes it if it is no worse. Gives the makespan. */
  step(): number {
    const changed = [...this.#machineOf];
    const task = this.#random.below(changed.length);
    if (this.#random.next() < 0.3) {
      changed[task] = this.#random.below(this.#machines);
    } else {
      const other = this.#random.below(changed.length);
      [changed[task], changed[other]] = [changed[other] ?? 0, changed[task] ?? 0];
    }
    this.evaluations += 1;
    const after = this.#makespan(changed);
    if (after > this.#value) return this.#value;
    this.#machineOf = changed;
    this.#value = after;
    return after;
  }

  #makespan(machineOf: readonly number[]): number {
    const loads = Array.from({ length: this.#machines }, () => 0);
    for (const [task, machine] of machineOf.entries()) {
      loads[machine] = (loads[machine] ?? 0) + (this.#times[task]?.[machine] ?? 0);
    }
    return Math.max(...loads);
  }
}
