import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { execa } from 'execa';
import { childEnvironment } from '../../src/process/environment.ts';
import { startProgram } from '../../src/process/program.ts';
import { createOutput } from '../../src/progress/output.ts';
import type { Fact, StreamName } from '../../src/protocol/events.ts';

const cwd = process.cwd();

/** Counts the bytes that a program prints, as plain as Node can. */
export async function readRaw(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await once(child, 'close');
  return bytes;
}

/** Runs a program through our layers, up to the facts of its log and progress. */
export async function readFacts(
  program: string,
  args: readonly string[],
  onFact: (fact: Fact) => void,
): Promise<void> {
  const open = (stream: StreamName) =>
    createOutput({
      onLines: (lines) => onFact({ type: 'log', item: 1, step: 0, stream, lines }),
      onProgress: (progress) => onFact({ type: 'progress', item: 1, step: 0, progress }),
    });
  const out = open('out');
  const err = open('err');
  const child = startProgram(
    { program, args, cwd, env: childEnvironment(), tag: 'bench/' },
    { onOut: (chunk) => out.push(chunk), onErr: (chunk) => err.push(chunk) },
  );
  await child.exited;
  await Promise.all([out.end(), err.end()]);
}

/** Counts lines with execa's own iterator. */
export async function readExeca(program: string, args: readonly string[]): Promise<number> {
  const child = execa(program, args, { buffer: false, stdin: 'ignore' });
  let lines = 0;
  for await (const line of child) if (typeof line === 'string') lines += 1;
  await child;
  return lines;
}
