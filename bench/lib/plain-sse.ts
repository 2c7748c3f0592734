/**
 * The least that sends server-sent events by hand: `plain-sse.ts EVENTS EVERY`. It says its port, and begins to send
 * when it is told to on standard input. What it lacks beside Sluice: numbers to resume by, a bound for slow
 * clients, keep-alives, tokens.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const [events = 0, every = 0] = process.argv.slice(2).map(Number);
const clients = new Set<ServerResponse>();
const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.write('retry: 2000\n\n');
  clients.add(response);
  response.on('close', () => clients.delete(response));
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));

process.stdin.once('data', () => {
  let seq = 0;
  const timer = setInterval(() => {
    seq += 1;
    const at = performance.timeOrigin + performance.now();
    const lines = [`at ${at.toFixed(2)}`];
    const event = { seq, time: Date.now(), type: 'log', item: 1, step: 0, stream: 'out', lines };
    const frame = `id: ${seq}\ndata: ${JSON.stringify(event)}\n\n`;
    for (const client of clients) client.write(frame);
    if (seq < events) return;
    clearInterval(timer);
    for (const client of clients) client.end();
  }, every);
});
process.stdin.once('end', () => process.exit());
