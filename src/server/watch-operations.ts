import { Readable } from 'node:stream';
import { z } from 'zod';
import { english } from '../protocol/english.ts';
import { inputFile } from '../protocol/input.ts';
import { LogLines } from '../protocol/log-lines.ts';
import type { RunState } from '../protocol/state.ts';
import { readEvents } from '../runner/events-file.ts';
import { layoutOf, runLayout } from '../runner/layout.ts';
import { mimeOf } from '../runner/mime.ts';
import { RequestError } from './errors.ts';
import { type Operation, operation, rawAnswer } from './operation.ts';
import { forPanel } from './panel-state.ts';
import { hasDeclared, sendFile } from './result-files.ts';
import { flag, itemOf, runEvent, runId, runState, runSummary } from './schemas.ts';
import { findRun, findStream, type Served, summaryOf } from './served.ts';
import { sendSound } from './sound-stream.ts';

/** What shows runs and what they have made. */
export function watchOperations(served: Served): readonly Operation[] {
  const { outlets, owners, runs, workspace } = served;

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
      path: '/runs/{id}/items/{item}/input',
      summary: 'The recording that an item works on.',
      params: itemOf,
      answers: { 200: { description: 'The file.', content: { '*/*': undefined } } },
      handle: async ({ params, request, reply }) => {
        const { state } = await findRun(served, params.id);
        const item = state.items[params.item - 1];
        const path = item && inputFile(item);
        // Other files of the workspace are nobody's business.
        if (path === undefined || !/^(?:audio|video)\//.test(mimeOf(path))) {
          throw new RequestError(404, 'The item works on no recording.');
        }
        return sendFile(request, reply, workspace, path);
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
  ];
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
