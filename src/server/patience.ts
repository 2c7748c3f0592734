import { constants, Http2ServerRequest } from 'node:http2';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** How long a client may take to send the body of a request. */
export interface PatienceLimits {
  /** A whole body must be there after so many ms; of an upload, `bytes` more of it must come in each such time. */
  readonly ms: number;
  readonly bytes: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Nothing where the request has no body. */
    patience: Patience | undefined;
  }
}

/**
 * Sends clients away that dawdle with a body. Node's own limit is one for all requests, and a recording may take an
 * hour on a slow line.
 *
 * @param tooSlow told of one, by HTTP/1.1; it answers and ends the connection
 */
export function limitPatience(
  app: FastifyInstance,
  limits: PatienceLimits,
  tooSlow: (request: FastifyRequest) => void,
): void {
  app.decorateRequest('patience', undefined);
  app.addHook('onRequest', async (request) => {
    if (!hasBody(request)) return;
    request.patience = new Patience(request, limits, () => {
      const { raw } = request;
      if (raw instanceof Http2ServerRequest) raw.stream.close(constants.NGHTTP2_CANCEL);
      else tooSlow(request);
    });
  });
}

/** The time that the body of one request is waited for. */
class Patience {
  readonly #raw: FastifyRequest['raw'];
  readonly #limits: PatienceLimits;
  readonly #over: () => void;
  #timer: NodeJS.Timeout;

  constructor({ raw }: FastifyRequest, limits: PatienceLimits, over: () => void) {
    this.#raw = raw;
    this.#limits = limits;
    this.#over = over;
    this.#timer = this.#whole();
    raw.once('close', () => clearTimeout(this.#timer));
  }

  /**
   * Waits as long as bytes come, but for no more than `most` of them, until what it returns is called.
   */
  whileBytesCome(most: number): () => void {
    const { socket } = this.#raw;
    const first = socket.bytesRead;
    let before = first;
    clearTimeout(this.#timer);
    this.#timer = setInterval(() => {
      const now = socket.bytesRead;
      const flows = now - before >= this.#limits.bytes && now - first <= most;
      before = now;
      if (!flows) this.#end();
    }, this.#limits.ms);
    return () => {
      clearTimeout(this.#timer);
      if (!this.#raw.closed) this.#timer = this.#whole();
    };
  }

  #whole(): NodeJS.Timeout {
    return setTimeout(() => this.#end(), this.#limits.ms);
  }

  #end(): void {
    clearTimeout(this.#timer);
    if (!this.#raw.complete) this.#over();
  }
}

function hasBody({ raw }: FastifyRequest): boolean {
  if (raw instanceof Http2ServerRequest) return !raw.stream.endAfterHeaders;
  const { 'content-length': length, 'transfer-encoding': encoding } = raw.headers;
  return encoding !== undefined || (length !== undefined && length !== '0');
}
