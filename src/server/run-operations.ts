import { Readable } from 'node:stream';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseBatch } from '../batch/parse.ts';
import { BatchError } from '../batch/problem.ts';
import { english } from '../protocol/english.ts';
import { LogLines } from '../protocol/log-lines.ts';
import { QUEUE_MOVES } from '../protocol/panel.ts';
import type { RunState } from '../protocol/state.ts';
import type { RunHandle } from '../runner/client.ts';
import { readEvents } from '../runner/events-file.ts';
import { layoutOf, runLayout } from '../runner/layout.ts';
import { RunActions } from '../runner/run-actions.ts';
import { RequestError } from './errors.ts';
import { type Call, type Operation, operation, rawAnswer } from './operation.ts';
import { forPanel } from './panel-state.ts';
import { promptsBatch, promptsSchema } from './prompts.ts';
import { hasDeclared, sendFile } from './result-files.ts';
import { flag, itemOf, runEvent, runId, runState, runSummary } from './schemas.ts';
import { findRun, findStream, type Served } from './served.ts';
import { sendSound } from './sound-stream.ts';

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

const itemChoice = z.object({
  item: z.int().min(1).optional().describe('One item; without it the whole run.'),
});
const anItem = { 'application/json': itemChoice };

const done = { 204: { description: 'Done.' } };
const summaryAnswer = {
  description: 'The run, started. `Location` is its address.',
  content: { 'application/json': runSummary },
};

export function runOperations(served: Served): readonly Operation[] {
  const { outlets, owners, runs, starter, workspace } = served;
  const actions = new RunActions(runs, (run) =>
    starter.again(run, { goesOnWith: run.id }).then(() => undefined),
  );
  const started = ({ reply }: Pick<Call, 'reply'>, run: RunHandle): unknown => {
    reply.code(201).header('location', `/runs/${run.id}`);
    return summaryOf(run.state);
  };

  return [
    operation({
      method: 'GET',
      path: '/runs',
      summary: 'The runs of the workspace, newest first.',
      answers: {
        200: {
          description: 'The newest runs; all that are under way.',
          content: { 'application/json': z.array(runSummary) },
        },
      },
      handle: () => runs.all.map(({ state }) => summaryOf(state)),
    }),
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
      method: 'GET',
      path: '/runs/{id}',
      summary: 'The state of a run.',
      params: runId,
      answers: { 200: { description: 'The state.', content: { 'application/json': runState } } },
      handle: async ({ params }) => forPanel((await findRun(served, params.id)).state),
    }),
    operation({
      method: 'GET',
      path: '/runs/{id}/events',
      summary: 'The events of a run as they come, as server-sent events.',
      params: runId,
      query: z.object({
        after: z.coerce
          .number()
          .int()
          .min(0)
          .optional()
          .describe('Number of the last event that the client has. `Last-Event-ID` says the same.'),
        own: flag
          .optional()
          .describe('The run is cancelled when all clients that own it have left.'),
      }),
      answers: {
        200: {
          description: 'A `snapshot` event with the state, or what was missed; then each event.',
          content: { 'text/event-stream': runEvent },
        },
        204: { description: 'The run is over, and the client has all of it.' },
      },
      handle: async ({ params, query, request, reply }) => {
        const stream = await findStream(served, params.id);
        const after = lastEventId(request.headers['last-event-id']) ?? query.after;
        const connected = stream.connect(after, () => {
          const outlet = outlets.open(rawAnswer(reply));
          if (query.own === true) owners.add(params.id, outlet);
          return outlet;
        });
        return connected ? reply : reply.code(204).send();
      },
    }),
    operation({
      method: 'GET',
      head: true,
      path: '/runs/{id}/results/{path}',
      summary: 'A file that the run has made; parts of it by `Range`.',
      params: runId.extend({ path: z.string().min(1).describe('As the result has it.') }),
      answers: {
        200: { description: 'The file.', content: { '*/*': undefined } },
        206: { description: 'A part of it.', content: { '*/*': undefined } },
      },
      handle: async ({ params, request, reply }) => {
        const { state } = await findRun(served, params.id);
        if (!hasDeclared(state, params.path)) {
          throw new RequestError(404, 'The run has no such result.');
        }
        return sendFile(request, reply, workspace, params.path);
      },
    }),
    operation({
      method: 'GET',
      path: '/runs/{id}/items/{item}/results/{result}',
      summary: 'A result by its number, from 0.',
      params: itemOf.extend({ result: z.coerce.number().int().min(0) }),
      answers: { 302: { description: '`Location` is where the file is.' } },
      handle: async ({ params, reply }) => {
        const { state } = await findRun(served, params.id);
        const result = state.items[params.item - 1]?.results[params.result];
        if (result === undefined) throw new RequestError(404, 'The run has no such result.');
        const path = result.path.split('/').map(encodeURIComponent).join('/');
        // A proxy may put all of it under a path of its own.
        return reply.redirect(`../../../results/${path}`);
      },
    }),
    operation({
      method: 'GET',
      path: '/runs/{id}/items/{item}/parts/{chunk}',
      summary: 'A part of the sound that an item is making, as WAV, until the item has ended.',
      params: itemOf.extend({ chunk: z.coerce.number().int().min(0) }),
      answers: { 200: { description: 'The part.', content: { 'audio/wav': undefined } } },
      handle: async ({ params, request, reply }) => {
        const { state } = await findRun(served, params.id);
        const { sounds = [] } = state.items[params.item - 1] ?? {};
        const part = sounds.find(({ chunk }) => chunk === params.chunk);
        if (part === undefined) throw new RequestError(404, 'The item has no such part.');
        return sendFile(request, reply, workspace, part.path);
      },
    }),
    operation({
      method: 'GET',
      head: true,
      path: '/runs/{id}/items/{item}/sound',
      summary: 'The sound of an item while it is being made, for a plain `<audio>`.',
      params: itemOf,
      query: z.object({
        format: z.enum(['mp3', 'wav']).optional().describe('MP3, or that of a sound that is made.'),
        ticket: z.string().optional().describe('In place of a token: part of addresses given out.'),
      }),
      answers: {
        200: {
          description: 'The sound.',
          content: { 'audio/mpeg': undefined, 'audio/wav': undefined },
        },
      },
      handle: ({ params, query, request, reply }) =>
        sendSound(
          served,
          { run: params.id, item: params.item, format: query.format },
          request,
          reply,
        ),
    }),
    operation({
      method: 'GET',
      path: '/runs/{id}/log',
      summary: 'What the programs of a run have printed, as lines for people.',
      params: runId,
      query: z.object({ item: z.coerce.number().int().min(1).optional() }),
      answers: { 200: { description: 'The log.', content: { 'text/plain': undefined } } },
      handle: async ({ params, query, reply }) => {
        const { state } = await findRun(served, params.id);
        reply.header('content-type', 'text/plain; charset=utf-8');
        return reply.send(Readable.from(logOf(workspace, state, query.item)));
      },
    }),
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

export function summaryOf(state: RunState): z.output<typeof runSummary> {
  const { run, counts, started, ended } = state;
  return {
    id: run.id,
    name: run.name,
    batch: run.batch,
    state: state.state,
    counts,
    total: run.total,
    started,
    ...(ended === undefined ? {} : { ended }),
  };
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

function lastEventId(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}

/** The lines of a log, as it is read: a log is long. */
async function* logOf(
  workspace: string,
  state: RunState,
  item: number | undefined,
): AsyncGenerator<string> {
  const lines = new LogLines(english);
  yield `${lines.header(state)}\n`;
  const { events } = runLayout(layoutOf(workspace), state.run.id);
  for await (const part of readEvents(events)) {
    const wanted = part.events.filter(
      (event) => item === undefined || !('item' in event) || event.item === item,
    );
    const text = wanted.flatMap((event) => lines.lines(state, event)).map((line) => `${line}\n`);
    if (text.length > 0) yield text.join('');
  }
}
