import {
  type CancellationToken,
  CancellationTokenSource,
  ConnectionError,
  ErrorCodes,
  type MessageConnection,
  ProgressType,
  ResponseError,
} from 'vscode-jsonrpc/node';
import type { ClientRequests } from '../protocol/rpc.ts';
import { TextRefused, type TextService } from './text-service.ts';

type Params = ClientRequests['text']['params'];
type Answer = ClientRequests['text']['answer'];

const PIECES = new ProgressType<string>();

let asked = 0;

/** Texts from the client at the other end of a connection. */
export function remoteText(connection: MessageConnection): TextService {
  return async (request, onPiece, signal) => {
    asked += 1;
    const params: Params = { request, pieces: `text-${asked}` };
    const source = new CancellationTokenSource();
    const withdraw = (): void => source.cancel();
    const listening = connection.onProgress(PIECES, params.pieces, onPiece);
    signal.addEventListener('abort', withdraw, { once: true });
    try {
      const answer = await connection.sendRequest<Answer>('text', params, source.token);
      if ('refused' in answer) throw new TextRefused(answer.refused);
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      if (!isGone(error)) throw error;
      throw new TextRefused({ message: 'The window that was writing the text has gone' }, true);
    } finally {
      signal.removeEventListener('abort', withdraw);
      listening.dispose();
      source.dispose();
    }
  };
}

function isGone(error: unknown): boolean {
  if (error instanceof ResponseError) return error.code === ErrorCodes.PendingResponseRejected;
  return error instanceof ConnectionError;
}

/** Serves the other end of a connection by a service. Answers what ends it. */
export function serveText(connection: MessageConnection, text: TextService): () => void {
  const gone = new AbortController();
  const answer = async ({ request, pieces }: Params, token: CancellationToken): Promise<Answer> => {
    const controller = new AbortController();
    const listening = token.onCancellationRequested(() => controller.abort());
    const signal = AbortSignal.any([controller.signal, gone.signal]);
    const send = (piece: string): void => {
      if (!signal.aborted) void connection.sendProgress(PIECES, pieces, piece).catch(() => {});
    };
    try {
      return await text(request, send, signal);
    } catch (error) {
      if (error instanceof TextRefused) return { refused: error.refusal };
      return { refused: { message: error instanceof Error ? error.message : String(error) } };
    } finally {
      listening.dispose();
    }
  };
  connection.onRequest<Answer, void>('text', answer);
  return () => gone.abort();
}
