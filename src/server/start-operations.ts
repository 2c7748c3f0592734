import { parse } from 'yaml';
import { z } from 'zod';
import { parseBatch } from '../batch/parse.ts';
import { BatchError } from '../batch/problem.ts';
import type { RunHandle } from '../runner/client.ts';
import { type Call, type Operation, operation } from './operation.ts';
import { promptsBatch, promptsSchema } from './prompts.ts';
import { runId, runSummary } from './schemas.ts';
import { findRun, type Served, summaryOf } from './served.ts';

/** Options of a run, instead of what its batch says. */
const choices = {
  items: z.array(z.int().min(1)).min(1).optional().describe('Numbers of the items to run.'),
  concurrency: z.int().min(1).max(256).optional(),
  force: z.boolean().optional().describe('Make everything anew.'),
  overwrite: z.boolean().optional().describe('Replace files that stand where a result goes.'),
};

const startRequest = z.union([
  z.strictObject({
    batch: z.string().min(1).describe('Path of a batch file in the workspace.'),
    ...choices,
  }),
  z.strictObject({
    batch: z
      .record(z.string(), z.unknown())
      .describe('A batch, as its file has it. Paths are relative to the workspace.'),
    ...choices,
  }),
  promptsSchema,
]);

const summaryAnswer = {
  description: 'The run, started. `Location` is its address.',
  content: { 'application/json': runSummary },
};

/** What starts runs. */
export function startOperations(served: Served): readonly Operation[] {
  const { starter } = served;
  const started = ({ reply }: Pick<Call, 'reply'>, run: RunHandle): unknown => {
    reply.code(201).header('location', `/runs/${run.id}`);
    return summaryOf(run.state);
  };

  return [
    operation({
      method: 'POST',
      path: '/runs',
      summary: 'Runs a batch file of the workspace, a batch, or prompts.',
      body: {
        'application/json': startRequest,
        'application/yaml': z
          .string()
          .transform((text): z.output<typeof startRequest> => ({ batch: inlineYaml(text) })),
      },
      answers: { 201: summaryAnswer },
      handle: async ({ body, reply }) => {
        if ('prompts' in body) {
          return started({ reply }, await starter.own(promptsBatch(body)));
        }
        const { batch, ...chosen } = body;
        const run =
          typeof batch === 'string'
            ? starter.file(batch, given(chosen))
            : starter.inline(batch, given(chosen));
        return started({ reply }, await run);
      },
    }),
    operation({
      method: 'POST',
      path: '/runs/{id}/again',
      summary: 'Runs the batch of a run once more.',
      params: runId,
      body: { 'application/json': z.object({ force: choices.force }) },
      answers: { 201: summaryAnswer },
      handle: async ({ params, body, reply }) => {
        const run = await findRun(served, params.id);
        return started({ reply }, await starter.again(run, given(body)));
      },
    }),
  ];
}

/** Without the keys that have no value. */
function given<T extends object>(chosen: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(chosen).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** A batch as text: what is wrong in it is told at its place. */
function inlineYaml(text: string): Record<string, unknown> {
  const { batch, problems } = parseBatch(text, 'batch.yaml');
  if (batch === undefined) throw new BatchError(problems);
  return parse(text) as Record<string, unknown>;
}
