import { expect } from 'vitest';

/** What is not so yet will be: a workbench, a runner and their programs take their time. */
export function eventually<T>(look: () => T | Promise<T>, timeout = 30_000) {
  return expect.poll(look, { timeout, interval: 50 });
}
