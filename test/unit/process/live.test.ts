import { join } from 'node:path';
import { expect, test } from 'vitest';
import { childEnvironment } from '../../../src/process/environment.ts';
import { startProgram } from '../../../src/process/program.ts';
import { createOutput } from '../../../src/progress/output.ts';
import { PROGRAMS, PYTHON } from './run.ts';

test('every line of a third level arrives within 50 ms', { retry: 2 }, async () => {
  const delays: number[] = [];
  const others: string[] = [];
  const output = createOutput({
    onLines(lines) {
      const now = performance.timeOrigin + performance.now();
      for (const line of lines) {
        if (line.startsWith('at ')) delays.push(now - Number(line.slice(3)));
        else others.push(line);
      }
    },
    onProgress: () => undefined,
  });
  const program = startProgram(
    {
      program: PYTHON,
      args: [join(PROGRAMS, 'level.py'), '3', '100', '0.01'],
      cwd: PROGRAMS,
      env: childEnvironment(),
      tag: `live-${process.pid}/`,
    },
    { onOut: (chunk) => output.push(chunk), onErr: () => undefined },
  );
  expect((await program.exited).code).toBe(0);
  await output.end();
  expect(others).toEqual(['level 3 begins', 'level 2 begins', 'level 2 ends', 'level 3 ends']);
  expect(delays).toHaveLength(100);
  delays.sort((a, b) => a - b);
  // Held back until the end they would be 0.5 s late. How late they are `npm run bench live` measures.
  expect(delays[50]).toBeLessThan(250);
});
