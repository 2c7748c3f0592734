import type { ModelData } from 'highs';
import type { Problem } from './problem.ts';

/**
 * The problem as a linear program, releases and what waits for what left out: a share of each task for each machine, and
 * as the last column the makespan, which no load may exceed. The first rows say that each task is done, the others
 * hold the loads. Times are in units of `unit`.
 */
export function relaxationOf(
  { tasks, machines, times, rates }: Problem,
  costWeight: number,
  unit: number,
): ModelData {
  const [count, width] = [tasks.length, machines.length];
  const shares = count * width;
  const starts = new Int32Array(shares + 2);
  const indices = new Int32Array(2 * shares + width);
  const values = new Float64Array(2 * shares + width);
  const colCost = new Float64Array(shares + 1);
  for (let share = 0; share < shares; share += 1) {
    const machine = share % width;
    const time = (times[share] as number) / unit;
    starts[share] = 2 * share;
    indices[2 * share] = Math.floor(share / width);
    values[2 * share] = 1;
    indices[2 * share + 1] = count + machine;
    values[2 * share + 1] = time;
    colCost[share] = costWeight * time * (rates[machine] as number);
  }
  starts[shares] = 2 * shares;
  for (let machine = 0; machine < width; machine += 1) {
    indices[2 * shares + machine] = count + machine;
    values[2 * shares + machine] = -1;
  }
  starts[shares + 1] = 2 * shares + width;
  colCost[shares] = 1;
  const bounds = (task: number, load: number): Float64Array =>
    Float64Array.from({ length: count + width }, (_, row) => (row < count ? task : load));
  return {
    numCols: shares + 1,
    numRows: count + width,
    colCost,
    colLower: new Float64Array(shares + 1),
    colUpper: new Float64Array(shares + 1).fill(Number.POSITIVE_INFINITY),
    rowLower: bounds(1, Number.NEGATIVE_INFINITY),
    rowUpper: bounds(1, 0),
    matrix: { format: 'csc', numRows: count + width, numCols: shares + 1, starts, indices, values },
  };
}
