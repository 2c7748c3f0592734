import { existsSync } from 'node:fs';

const LIBRARIES = [
  '/usr/libexec/coreutils/libstdbuf.so',
  '/usr/lib/coreutils/libstdbuf.so',
  '/usr/lib64/coreutils/libstdbuf.so',
  '/usr/local/libexec/coreutils/libstdbuf.so',
];

let library: string | undefined | null = null;

/**
 * What `stdbuf --output=L` adds to an environment: programs that print through the C library then
 * write each line at once, at every level below. Empty where GNU stdbuf is not installed.
 */
export function lineBuffering(env: Readonly<Record<string, string>>): Record<string, string> {
  if (library === null) {
    library = process.platform === 'linux' ? LIBRARIES.find((path) => existsSync(path)) : undefined;
  }
  if (library === undefined) return {};
  const preload = env['LD_PRELOAD'];
  return {
    LD_PRELOAD: preload === undefined || preload === '' ? library : `${preload}:${library}`,
    _STDBUF_O: 'L',
  };
}
