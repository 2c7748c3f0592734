import { z } from 'zod';
import type { RunHandle } from '../../runner/client.ts';
import { RequestError } from '../errors.ts';
import { formatFor } from '../message-stream.ts';
import { type Call, type Operation, operation, rawAnswer } from '../operation.ts';
import type { RunStream } from '../run-stream.ts';
import { flag, runId } from '../schemas.ts';
import { findStream, type Served } from '../served.ts';
import { recordingForm, recordingRequest } from './recording.ts';
import { isRecording } from './recording-steps.ts';
import { LAST_ID, tellRecording } from './tell-recording.ts';

const own = z.object({
  own: flag.optional().describe('The run is cancelled when the client leaves.'),
});

const frame = z.object({
  task_id: z.string().describe('The id of the run.'),
  step: z.string(),
  progress: z.number().min(0).max(100),
  message: z.string(),
  partial_result: z.looseObject({}).optional(),
});
const framesAnswer = {
  description: 'A message a step, and for each more text that is heard.',
  content: { 'text/event-stream': frame, 'application/x-ndjson': frame },
};
const task = z.object({
  task_id: z.string(),
  stream: z.string().describe('For an EventSource, which cannot POST.'),
});

/** Recordings that clients send, understood step by step. */
export function recordingOperations(served: Served): readonly Operation[] {
  const { owners, outlets, starter, uploads, workspace } = served;

  const begin = async (request: Call['request']): Promise<RunHandle> => {
    const upload = await uploads.receive(request);
    try {
      return await starter.own(recordingRequest(upload));
    } catch (error) {
      await upload.remove();
      throw error;
    }
  };
  const tell = (
    {
      request,
      reply,
      query,
    }: Pick<Call<unknown, { own?: boolean | undefined }>, 'query' | 'request' | 'reply'>,
    stream: RunStream,
    polled = false,
  ): Call['reply'] => {
    const { id } = stream.run;
    reply.header('location', `/runs/${id}`);
    const outlet = outlets.open(rawAnswer(reply), formatFor(request.headers.accept));
    if (query.own === true) owners.add(id, outlet);
    tellRecording(stream, outlet, { workspace, polled });
    return reply;
  };
  const process = (path: string, summary: string, polled: boolean): Operation =>
    operation({
      method: 'POST',
      path,
      summary,
      query: own,
      form: recordingForm,
      answers: { 200: framesAnswer },
      handle: async (call) => {
        const { id } = await begin(call.request);
        return tell(call, await findStream(served, id), polled);
      },
    });

  return [
    process(
      '/audio/process-stream-realtime',
      'A recording in; its transcript as it is heard, and what is found in it.',
      false,
    ),
    process(
      '/audio/process-stream',
      'The same steps, told every 2 seconds and without partial results.',
      true,
    ),
    operation({
      method: 'POST',
      path: '/audio/tasks',
      summary: 'A recording in; where its stream is.',
      form: recordingForm,
      answers: { 201: { description: 'The task.', content: { 'application/json': task } } },
      handle: async ({ request, reply }) => {
        const { id } = await begin(request);
        const stream = `/audio/tasks/${id}/stream`;
        reply.code(201).header('location', stream);
        return { task_id: id, stream };
      },
    }),
    operation({
      method: 'GET',
      path: '/audio/tasks/{id}/stream',
      summary: 'The stream of a recording, from its beginning.',
      params: runId,
      query: own,
      answers: {
        200: framesAnswer,
        204: { description: 'The client has all of it: it need not come back.' },
      },
      handle: async (call) => {
        const { params, request, reply } = call;
        const stream = await findStream(served, params.id);
        if (!isRecording(stream.run.state)) {
          throw new RequestError(404, `${params.id} is no recording.`);
        }
        // A browser comes back to every stream that ends.
        if (request.headers['last-event-id'] === LAST_ID) return reply.code(204).send();
        return tell(call, stream);
      },
    }),
  ];
}
