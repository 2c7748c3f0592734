import { glob } from 'tinyglobby';
import { z } from 'zod';
import { type Operation, operation } from './operation.ts';
import type { Served } from './served.ts';

/** So many batch files are named at most. */
const MOST = 500;

export function batchOperations({ workspace }: Served): readonly Operation[] {
  return [
    operation({
      method: 'GET',
      path: '/batches',
      summary: 'The batch files of the workspace.',
      answers: {
        200: {
          description: 'Their paths, relative to the workspace.',
          content: { 'application/json': z.array(z.string()) },
        },
      },
      handle: async () => {
        const found = await glob('**/*.batch.yaml', {
          cwd: workspace,
          followSymbolicLinks: false,
          ignore: ['**/node_modules/**'],
        });
        return found.toSorted().slice(0, MOST);
      },
    }),
  ];
}
