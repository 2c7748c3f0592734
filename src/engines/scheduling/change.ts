import type { Candidates } from './candidates.ts';
import type { Random } from './random.ts';
import type { Solution } from './solution.ts';

/** Share of the changes that move a task instead of swapping two. */
const MOVES = 0.3;

/** A task goes to another machine, and a task from there comes back if there is an `other`. */
export class Change {
  task = -1;
  machine = -1;
  other = -1;
  /** By how much it makes the energy larger. */
  rise = 0;

  /**
   * Draws a random change: a task to one of the machines that suit it, or its swap with a task there. False when it
   * would change nothing.
   */
  draw(solution: Solution, { machines, width, near }: Candidates, random: Random): boolean {
    const task = random.below(solution.assignment.length);
    const machine = machines[task * width + random.below(near)] as number;
    const theirs = solution.tasks[machine];
    if (machine === solution.assignment[task] || theirs === undefined) return false;
    this.task = task;
    this.machine = machine;
    if (theirs.length === 0 || random.next() < MOVES) {
      this.other = -1;
      this.rise = solution.energyOfMove(task, machine);
    } else {
      this.other = theirs.items[random.below(theirs.length)] as number;
      this.rise = solution.energyOfSwap(task, this.other);
    }
    return true;
  }

  copy({ task, machine, other, rise }: Change): void {
    this.task = task;
    this.machine = machine;
    this.other = other;
    this.rise = rise;
  }

  make(solution: Solution): void {
    if (this.other >= 0) solution.swap(this.task, this.other);
    else solution.move(this.task, this.machine);
  }
}
