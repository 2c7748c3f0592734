import { beforeAll } from 'vitest';
import { installDebian } from '../../scripts/setup.mjs';

const PATIENCE = 300_000;

/** Installs the Debian packages that the tests of a file need, where they are missing. */
export function needsPackages(...packages: readonly string[]): void {
  beforeAll(() => installDebian(packages), PATIENCE);
}
