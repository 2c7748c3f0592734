import { here } from './open-items.ts';
import { runnerMain } from './runner-main.ts';

/** The runner of a run whose steps are done on this machine. */
runnerMain(() => Promise.resolve(here));
