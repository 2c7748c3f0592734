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

/** Hold the address of a queue, which may have a password in it, and the path of its key. */
const QUEUE_VARIABLE = 'SLUICE_QUEUE';
const QUEUE_KEY_VARIABLE = 'SLUICE_QUEUE_KEY';

/** Holds where workers leave results: see takeStorage. */
const RESULTS_VARIABLE = 'SLUICE_RESULTS';

/** Where workers leave results, as the environment says. */
export function resultsSet(): string | undefined {
  return process.env[RESULTS_VARIABLE] || undefined;
}

/** Tells runners that are started where workers leave results. */
export function setResults(url: string | undefined): void {
  if (url !== undefined) process.env[RESULTS_VARIABLE] = url;
}

/** How a runner is told its queue: what stands among its arguments everybody on the machine can see. */
export function queueEnvironment(
  queue: { readonly url: string; readonly key?: string } | undefined,
): Record<string, string | undefined> {
  return { [QUEUE_VARIABLE]: queue?.url, [QUEUE_KEY_VARIABLE]: queue?.key };
}

/** The queue that the environment names, which is then taken out of it: no child is to see it. */
export function takeQueue(): { readonly url: string; readonly key?: string } | undefined {
  const { [QUEUE_VARIABLE]: url, [QUEUE_KEY_VARIABLE]: key } = process.env;
  delete process.env[QUEUE_VARIABLE];
  delete process.env[QUEUE_KEY_VARIABLE];
  if (url === undefined || url === '') return undefined;
  return { url, ...(key === undefined || key === '' ? {} : { key }) };
}
