/**
 * `loop.ts sluice|execa JOBS CONCURRENCY`: starts `true` again and again. A program of its own, as
 * the time to fork grows with the memory of the process.
 */
import { execa } from 'execa';
import { childEnvironment } from '../../src/process/environment.ts';
import { startProgram } from '../../src/process/program.ts';
import { createOutput } from '../../src/progress/output.ts';

const [peer, jobs, concurrency] = process.argv.slice(2);
const env = childEnvironment();
const cwd = process.cwd();
const ignore = (): void => undefined;

async function ours(): Promise<void> {
  const out = createOutput({ onLines: ignore, onProgress: ignore });
  const err = createOutput({ onLines: ignore, onProgress: ignore });
  const child = startProgram(
    { program: 'true', args: [], cwd, env, tag: 'bench/' },
    { onOut: (chunk) => out.push(chunk), onErr: (chunk) => err.push(chunk) },
  );
  const { code } = await child.exited;
  await Promise.all([out.end(), err.end()]);
  if (code !== 0) throw new Error(`exit code ${String(code)}`);
}

async function execas(): Promise<void> {
  await execa('true', { buffer: false, killDescendants: true, stdin: 'ignore' });
}

const job = peer === 'execa' ? execas : ours;
let left = Number(jobs);
const worker = async (): Promise<void> => {
  while (left > 0) {
    left -= 1;
    await job();
  }
};
await Promise.all(Array.from({ length: Number(concurrency) }, worker));
