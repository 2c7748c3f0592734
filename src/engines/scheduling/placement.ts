/** Tasks of a machine, in no order: the first `length` of `items`. */
export interface TaskList {
  readonly items: Int32Array;
  readonly length: number;
}

/** Which task is on which machine, both ways. A task changes its machine in constant time. */
export class Placement {
  readonly assignment: Int32Array;
  readonly tasks: readonly TaskList[];
  readonly #lists: readonly { readonly items: Int32Array; length: number }[];
  /** Where a task stands in the list of its machine. */
  readonly #place: Int32Array;

  /** All tasks are on the first machine. */
  constructor(tasks: number, machines: number) {
    this.assignment = new Int32Array(tasks);
    this.#place = new Int32Array(tasks);
    this.#lists = Array.from({ length: machines }, () => ({
      items: new Int32Array(tasks),
      length: 0,
    }));
    this.tasks = this.#lists;
    this.assign(this.assignment);
  }

  assign(assignment: ArrayLike<number>): void {
    for (const list of this.#lists) list.length = 0;
    for (let task = 0; task < assignment.length; task += 1) {
      this.#add(task, assignment[task] as number);
    }
  }

  put(task: number, machine: number): void {
    const list = this.#lists[this.assignment[task] as number];
    if (list === undefined) return;
    list.length -= 1;
    const last = list.items[list.length] as number;
    const place = this.#place[task] as number;
    list.items[place] = last;
    this.#place[last] = place;
    this.#add(task, machine);
  }

  #add(task: number, machine: number): void {
    const list = this.#lists[machine];
    if (list === undefined) return;
    list.items[list.length] = task;
    this.#place[task] = list.length;
    list.length += 1;
    this.assignment[task] = machine;
  }
}
