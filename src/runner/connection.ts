import type { Socket } from 'node:net';
import {
  createMessageConnection,
  type MessageConnection,
  SocketMessageReader,
  SocketMessageWriter,
} from 'vscode-jsonrpc/node';

/** JSON-RPC over a socket, which is destroyed when it breaks. The caller begins with `listen`. */
export function connectionOver(socket: Socket): MessageConnection {
  const reader = new SocketMessageReader(socket);
  // The head of a message leaves before its body. Of a runner that was killed between them the reader would
  // keep a timer, also after `dispose`, and with it the client's process.
  reader.partialMessageTimeout = 0;
  const connection = createMessageConnection(reader, new SocketMessageWriter(socket));
  socket.on('error', () => socket.destroy());
  connection.onError(() => socket.destroy());
  return connection;
}
