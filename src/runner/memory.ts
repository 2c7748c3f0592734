import type { MemoryNeeds } from '../batch/memory.ts';
import { type MachineMemory, machineMemory } from '../process/free-memory.ts';
import type { Waits } from '../protocol/events.ts';

/** An item that is the only one waits so many ms for other programs to give memory back. */
const PATIENCE = 60_000;

/** `short`: the memory is not there, and the item begins all the same. */
export type Answer = { readonly waits: Waits } | { readonly short?: Waits };

/**
 * Sees to it that what the items under way need together is free. The system says what is free now, which is
 * not what items under way have yet to take: their claims are counted against what was free before the first.
 */
export class MemoryGuard {
  readonly #needs: MemoryNeeds;
  readonly #machine: MachineMemory;
  readonly #now: () => number;
  /** Free without what is claimed, as far as it was seen. */
  #room = 0;
  #claimed = 0;
  #onceClaimed = false;
  /** Items under way. */
  #items = 0;
  #aloneSince: number | undefined;

  constructor(
    needs: MemoryNeeds,
    machine: MachineMemory = machineMemory,
    now: () => number = () => performance.now(),
  ) {
    this.#needs = needs;
    this.#machine = machine;
    this.#now = now;
  }

  /** Whether an item may have to wait. */
  get matters(): boolean {
    return this.#missing > 0;
  }

  /** Asks for what one more item needs. Unless it waits, it is one more under way, until `release`. */
  ask(): Answer {
    const needs = this.#missing;
    const free = this.#machine.free();
    this.#room = this.#claimed === 0 ? free : Math.max(this.#room, free);
    const left = Math.max(0, Math.min(free, this.#room - this.#claimed));
    const waits: Waits = { for: 'memory', needs, free: left };
    if (needs <= left) return this.#claim({});
    if (this.#items > 0) return { waits };
    this.#aloneSince ??= this.#now();
    const patient = needs <= this.#machine.total && this.#now() < this.#aloneSince + PATIENCE;
    return patient ? { waits } : this.#claim({ short: waits });
  }

  /** An item is not under way any more. */
  release(): void {
    this.#items -= 1;
    this.#claimed -= this.#needs.each;
  }

  get #missing(): number {
    return this.#needs.each + (this.#onceClaimed ? 0 : this.#needs.once);
  }

  #claim(answer: Answer): Answer {
    this.#claimed += this.#missing;
    this.#onceClaimed = true;
    this.#items += 1;
    this.#aloneSince = undefined;
    return answer;
  }
}
