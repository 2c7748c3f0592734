import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AwsClient } from 'aws4fetch';
import { onTestFinished } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../programs/s3-server.py', import.meta.url));
export const SECRET = 'testing-secret';

/** A real server that speaks S3, by OpenStack Swift, with one bucket. Ended with the test. */
export class StorageServer {
  readonly port: number;
  readonly bucket = 'results';
  readonly #client = new AwsClient({
    accessKeyId: 'test:writer',
    secretAccessKey: SECRET,
    service: 's3',
    region: 'us-east-1',
  });

  private constructor(port: number) {
    this.port = port;
  }

  static async start(): Promise<StorageServer> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-storage-'));
    // Debian's own: Swift is among its packages.
    const child = spawn('/usr/bin/python3', [PROGRAM, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(async () => {
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    });
    const died = once(child, 'exit').then(() => {
      throw new Error('There is no server: see above.');
    });
    const [line] = (await Promise.race([once(child.stdout, 'data'), died])) as [Buffer];
    died.catch(() => {});
    const server = new StorageServer(Number(line));
    await server.ask('PUT', '');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The environment of whoever may write there. */
  get env(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL_S3: this.url,
      AWS_ACCESS_KEY_ID: 'test:writer',
      AWS_SECRET_ACCESS_KEY: SECRET,
      AWS_REGION: 'us-east-1',
    };
  }

  /** The keys of all objects, in order. */
  async keys(): Promise<string[]> {
    const text = await (await this.ask('GET', '')).text();
    return [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key);
  }

  /** Uploads in parts that are under way. */
  async uploads(): Promise<number> {
    const text = await (await this.ask('GET', '', '?uploads')).text();
    return text.match(/<Upload>/g)?.length ?? 0;
  }

  /** What lies at an address such as `s3://BUCKET/KEY`. */
  async get(address: string): Promise<Buffer> {
    const answer = await this.ask('GET', address.slice(`s3://${this.bucket}/`.length));
    return Buffer.from(await answer.arrayBuffer());
  }

  /** @param key of an object; empty for the bucket itself */
  async ask(method: string, key: string, query = ''): Promise<Response> {
    const path = key.split('/').map(encodeURIComponent).join('/');
    const url = `${this.url}/${this.bucket}/${path}${query}`;
    const answer = await this.#client.fetch(url, { method });
    if (!answer.ok) throw new Error(`${method} ${key}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
