import { z } from 'zod';
import { QUEUE_MOVES } from '../protocol/panel.ts';
import { RunActions } from '../runner/run-actions.ts';
import { type Operation, operation } from './operation.ts';
import { runId } from './schemas.ts';
import { findRun, type Served } from './served.ts';

const itemChoice = z.object({
  item: z.int().min(1).optional().describe('One item; without it the whole run.'),
});
const anItem = { 'application/json': itemChoice };

const done = { 204: { description: 'Done.' } };

/** What changes the way of a run that is under way. */
export function steerOperations(served: Served): readonly Operation[] {
  const { runs, starter } = served;
  const actions = new RunActions(runs, (run) => starter.again(run, { goesOnWith: run.id }));

  return [
    operation({
      method: 'POST',
      path: '/runs/{id}/cancel',
      summary: 'Cancels a run, or one item of it; answers when its processes have ended.',
      params: runId,
      body: anItem,
      answers: done,
      handle: async ({ params, body, reply }) => {
        await findRun(served, params.id);
        await actions.cancel(params.id, body.item);
        return reply.code(204).send();
      },
    }),
    operation({
      method: 'POST',
      path: '/runs/{id}/pause',
      summary: 'Starts no more items of a run.',
      params: runId,
      answers: done,
      handle: async ({ params, reply }) => {
        await findRun(served, params.id);
        await actions.pause(params.id);
        return reply.code(204).send();
      },
    }),
    operation({
      method: 'POST',
      path: '/runs/{id}/resume',
      summary: 'Goes on with a run that was paused.',
      params: runId,
      answers: done,
      handle: async ({ params, reply }) => {
        await findRun(served, params.id);
        await actions.resume(params.id);
        return reply.code(204).send();
      },
    }),
    operation({
      method: 'POST',
      path: '/runs/{id}/retry',
      summary: 'Tries what failed again: one item, or all; of a run that is over in a new one.',
      params: runId,
      body: anItem,
      answers: done,
      handle: async ({ params, body, reply }) => {
        await findRun(served, params.id);
        await actions.retry(params.id, body.item);
        return reply.code(204).send();
      },
    }),
    operation({
      method: 'POST',
      path: '/runs/{id}/move',
      summary: 'Moves a queued item by one place, or to an end of the queue.',
      params: runId,
      body: { 'application/json': z.object({ item: z.int().min(1), to: z.enum(QUEUE_MOVES) }) },
      answers: done,
      handle: async ({ params, body, reply }) => {
        await findRun(served, params.id);
        await actions.move(params.id, body.item, body.to);
        return reply.code(204).send();
      },
    }),
    operation({
      method: 'POST',
      path: '/runs/{id}/concurrency',
      summary: 'Says how many items of a run may be under way at once.',
      params: runId,
      body: { 'application/json': z.object({ concurrency: z.int().min(1).max(256) }) },
      answers: done,
      handle: async ({ params, body, reply }) => {
        await findRun(served, params.id);
        await actions.setConcurrency(params.id, body.concurrency);
        return reply.code(204).send();
      },
    }),
    operation({
      method: 'POST',
      path: '/runs/{id}/finish',
      summary: 'Asks searches to end at once with the best that they have: of one item, or of all.',
      params: runId,
      body: anItem,
      answers: {
        200: {
          description: 'How many items were asked.',
          content: { 'application/json': z.object({ asked: z.int() }) },
        },
      },
      handle: async ({ params, body }) => {
        const run = await findRun(served, params.id);
        if (!run.live) return { asked: 0 };
        const items = body.item === undefined ? {} : { items: [body.item] };
        return { asked: await run.request('finish', items) };
      },
    }),
  ];
}
