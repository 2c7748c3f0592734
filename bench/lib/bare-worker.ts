/** A worker of BullMQ and nothing else: `bare-worker.ts PORT [PROGRAM]`, two jobs at once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';

const [port, program] = process.argv.slice(2);
const connection = new Redis(Number(port), '127.0.0.1', { maxRetriesPerRequest: null });
const worker = new Worker(
  'bare',
  async () => {
    if (program !== undefined && program !== '') {
      await once(spawn(program, { stdio: 'ignore' }), 'close');
    }
  },
  { connection, concurrency: 2 },
);
await worker.waitUntilReady();
process.stdout.write('ready\n');
