import { z } from 'zod';
import type { RunHandle } from '../../runner/client.ts';
import { RequestError } from '../errors.ts';
import { formatFor, type Teller, tellRun } from '../message-stream.ts';
import { type Call, type Operation, operation, rawAnswer } from '../operation.ts';
import { promptsBatch } from '../prompts.ts';
import { flag } from '../schemas.ts';
import type { Served } from '../served.ts';
import { sendSound } from '../sound-stream.ts';
import { lessonBatch, lessonRequest, lessonTeller, spokenBatch, spokenRequest } from './lesson.ts';
import { batchBody, promptsTeller } from './prompts.ts';
import { schedulingBatch, schedulingRequest, schedulingTeller } from './scheduling.ts';

const own = z.object({
  own: flag.optional().describe('The run is cancelled when the client leaves.'),
});

const message = z.looseObject({ type: z.string() });
const streamAnswer = {
  description: 'Messages as they come, each with its `type`. `Location` is the address of the run.',
  content: { 'text/event-stream': message, 'application/x-ndjson': message },
};

const ticketAnswer = z.object({
  run: z.string(),
  url: z.string().describe('For a plain `<audio>`: it needs no token.'),
});

/** Streams in the terms of clients that exist already. */
export function tradeOperations(served: Served): readonly Operation[] {
  const stream = async (
    {
      request,
      reply,
      query,
    }: Pick<Call<unknown, { own?: boolean | undefined }>, 'request' | 'reply' | 'query'>,
    run: RunHandle,
    teller: Teller,
  ): Promise<unknown> => {
    const running = streamOf(served, run);
    reply.header('location', `/runs/${run.id}`);
    const outlet = served.outlets.open(rawAnswer(reply), formatFor(request.headers.accept));
    if (query.own === true) served.owners.add(run.id, outlet);
    tellRun(running, outlet, teller);
    return reply;
  };

  const scheduling = (path: string): Operation =>
    operation({
      method: 'POST',
      path,
      summary: 'Tasks on machines: a search for the shortest schedule, iteration by iteration.',
      query: own,
      body: { 'application/json': schedulingRequest },
      answers: { 200: streamAnswer },
      handle: async (call) => {
        const run = await served.starter.own(schedulingBatch(call.body));
        return stream(call, run, schedulingTeller);
      },
    });

  return [
    scheduling('/stream_scheduling'),
    scheduling('/api/stream_scheduling'),
    operation({
      method: 'POST',
      path: '/batch',
      summary: 'Prompts in, lines and results out.',
      query: own,
      body: batchBody,
      answers: { 200: streamAnswer },
      handle: async (call) => {
        return stream(call, await served.starter.own(promptsBatch(call.body)), promptsTeller);
      },
    }),
    operation({
      method: 'POST',
      path: '/api/class-content-stream',
      summary: 'A lesson on a topic, its text as it is written.',
      query: own,
      body: { 'application/json': lessonRequest },
      answers: { 200: streamAnswer },
      handle: async (call) => {
        return stream(call, await served.starter.own(lessonBatch(call.body)), lessonTeller);
      },
    }),
    operation({
      method: 'POST',
      path: '/api/class-audio-stream',
      summary: 'A spoken lesson, or a spoken text: its sound as it is made.',
      query: own,
      body: { 'application/json': spokenRequest },
      answers: {
        200: {
          description: 'The sound.',
          content: { 'audio/mpeg': undefined, 'audio/wav': undefined },
        },
        201: {
          description: 'With `Accept: application/json`: where the sound is to be had.',
          content: { 'application/json': ticketAnswer },
        },
      },
      handle: async ({ body, query, request, reply }) => {
        const run = await served.starter.own(spokenBatch(body));
        reply.header('location', `/runs/${run.id}`);
        const asked = { run: run.id, item: 1, format: body.format };
        if (request.headers.accept?.includes('application/json') === true) {
          const path = `/runs/${run.id}/items/1/sound`;
          const ticket = served.tickets.give(path);
          reply.code(201);
          return { run: run.id, url: `${path}?format=${body.format}&ticket=${ticket}` };
        }
        if (query.own === true) {
          served.owners.add(run.id, {
            onClose: (listener) => void reply.raw.on('close', listener),
          });
        }
        return sendSound(served, asked, request, reply);
      },
    }),
  ];
}

function streamOf({ streams }: Served, { id }: RunHandle) {
  const stream = streams.get(id);
  if (stream === undefined) throw new RequestError(500, 'The run is not followed.');
  return stream;
}
