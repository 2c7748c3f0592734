/** Names of the variables that hold secrets for built-in steps, separated by commas. */
export const SECRETS_VARIABLE = 'SLUICE_SECRETS';

/**
 * A runner lives beside the programs that do the work and keeps its memory small: it collects its garbage
 * early, and each start of a program copies its page tables.
 */
export const RUNNER_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];

/** What a runner has in its environment, and hands down to nobody. */
export const RUNNER_ENVIRONMENT: Readonly<Record<string, string>> = {
  // In an extension host the program is Electron; this makes it Node.
  ELECTRON_RUN_AS_NODE: '1',
  // The rings of libuv make each fork slower: 1,000 starts took 2.0 s without and 2.5 s with them.
  UV_USE_IO_URING: '0',
};
