import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { QueueOptions } from '../runner/start.ts';
import type { SluiceServer } from '../server/server.ts';

/**
 * What a window says to the server that it owns, a JSON object a line, on its standard input: first `begin`. Nothing of
 * it is in arguments or in the environment, where other programs could read it. When the input ends, as
 * when the window is killed, so does the server.
 */
const controlLine = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('begin'),
    token: z.string().min(16),
    /** Settings and secrets for the steps of runs. */
    env: z.record(z.string(), z.string()),
    /** The queue whose workers do the items of runs. */
    queue: z.object({ url: z.string(), key: z.string().exactOptional() }).optional(),
  }),
  z.object({ type: z.literal('link') }),
  /** Browsers come to the server by this origin too, through the window's own proxy. */
  z.object({ type: z.literal('answerTo'), origin: z.url() }),
]);

export type ControlLine = z.output<typeof controlLine>;

/** What the server says back, on its standard output. */
export type ControlAnswer =
  | { readonly type: 'listening'; readonly origin: string }
  | { readonly type: 'link'; readonly url: string };

/** A server that a window owns. */
export interface Control {
  readonly token: string;
  readonly env: Readonly<Record<string, string>>;
  readonly queue: QueueOptions | undefined;
  /** Resolves when the window has gone, or wants the server no more. */
  readonly ended: Promise<void>;
  /** Says that the server listens, and answers from now on. */
  serve(server: SluiceServer): void;
}

/** Reads the first line. Rejects when there is none. */
export async function control(): Promise<Control> {
  const lines = createInterface({ input: process.stdin });
  let server: SluiceServer | undefined;
  const ended = new Promise<void>((resolve) => lines.once('close', resolve));
  const begin = await new Promise<ControlLine | undefined>((resolve) => {
    lines.on('line', (text) => {
      const line = controlLine.safeParse(parseLine(text)).data;
      resolve(line);
      if (line?.type === 'link' && server !== undefined) say({ type: 'link', url: server.link() });
      if (line?.type === 'answerTo') server?.answerTo(line.origin);
    });
    lines.once('close', () => resolve(undefined));
  });
  if (begin?.type !== 'begin') throw new Error('The first line on standard input must be `begin`.');
  return {
    token: begin.token,
    env: begin.env,
    queue: begin.queue,
    ended,
    serve(started) {
      server = started;
      say({ type: 'listening', origin: started.origin });
    },
  };
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function say(answer: ControlAnswer): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
