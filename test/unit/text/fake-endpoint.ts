import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

/** An endpoint on the loopback interface; each request gets the answer that the test gives. */
export interface FakeEndpoint {
  readonly baseUrl: string;
  readonly asked: Asked[];
  answer: (response: ServerResponse, asked: Asked) => void;
  close(): Promise<void>;
}

export async function fakeEndpoint(): Promise<FakeEndpoint> {
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      const asked = { path: request.url ?? '', headers: request.headers, body };
      endpoint.asked.push(asked);
      endpoint.answer(response, asked);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const endpoint: FakeEndpoint = {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    asked: [],
    answer: (response) => stream(response, ['Hello.']),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return endpoint;
}

/** Pieces of a streamed chat completion; `end` is what follows them. */
export function stream(
  response: ServerResponse,
  pieces: readonly string[],
  end: { reason?: string | null; done?: boolean; destroy?: boolean; hang?: boolean } = {},
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (choice: object) =>
    response.write(
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [choice] })}\n\n`,
    );
  for (const content of pieces) send({ index: 0, delta: { content }, finish_reason: null });
  const reason = end.reason === undefined ? 'stop' : end.reason;
  if (reason !== null) send({ index: 0, delta: {}, finish_reason: reason });
  if (end.done ?? reason !== null) response.write('data: [DONE]\n\n');
  // What was written must reach the reader before the connection breaks.
  if (end.destroy) setTimeout(() => response.destroy(), 50);
  else if (!end.hang) response.end();
}

export function refuse(
  response: ServerResponse,
  status: number,
  error: object = {},
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ error }));
}
