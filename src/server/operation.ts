import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { RawAnswer } from './outlet.ts';

/** What an answer holds. Without `content` it has no body. */
export interface Answer {
  readonly description: string;
  /** Schemas by media type; `undefined` for bytes and streams. */
  readonly content?: Readonly<Record<string, z.ZodType | undefined>>;
}

type Shape = z.ZodObject;

/** A request, its parts checked. */
export interface Call<P = unknown, Q = unknown, B = unknown> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/**
 * One thing that may be asked of the server: registered, checked, and described in the OpenAPI document by
 * this alone.
 */
export interface Operation {
  readonly method: 'GET' | 'POST';
  /** The head alone may be asked for as well, by HEAD. */
  readonly head?: boolean | undefined;
  /** As OpenAPI writes it: `/runs/{id}`. A last part `{path}` takes any number of parts. */
  readonly path: string;
  readonly summary: string;
  readonly params?: Shape | undefined;
  readonly query?: Shape | undefined;
  /** Schemas by media type; each gives the handler the same kind of value. */
  readonly body?: Readonly<Record<string, z.ZodType>> | undefined;
  /** Fields beside the recording `audio` of a form that the handler reads itself. */
  readonly form?: Shape | undefined;
  /** By status. Those of access and of wrong requests are the same for all, and left out. */
  readonly answers: Readonly<Record<number, Answer>>;
  readonly handle: (call: Call) => unknown;
}

/** An operation whose handler knows what the schemas give. */
export function operation<
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B = undefined,
>(made: {
  readonly method: 'GET' | 'POST';
  readonly head?: boolean;
  readonly path: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: Readonly<Record<string, z.ZodType<B>>>;
  readonly form?: Shape;
  readonly answers: Readonly<Record<number, Answer>>;
  readonly handle: (call: Call<Output<P>, Output<Q>, B>) => unknown;
}): Operation {
  const { handle, ...described } = made;
  return { ...described, handle: (call) => handle(call as Call<Output<P>, Output<Q>, B>) };
}

type Output<S> = S extends z.ZodType ? z.output<S> : undefined;

/** Takes the answer out of fastify's hands: it is written piece by piece. */
export function rawAnswer(reply: FastifyReply): RawAnswer {
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  return reply.raw;
}
