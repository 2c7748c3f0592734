import { execFileSync } from 'node:child_process';

/** Tests of whole programs run what is built: build it once, before all of them. */
export function setup(): void {
  execFileSync(process.execPath, ['esbuild.mjs'], { stdio: 'inherit' });
}
