import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { makeCertificate } from './certificate.ts';
import { eventually } from './eventually.ts';

export interface RedisOptions {
  /** Whether its data is there again when it is started again. */
  readonly persists?: boolean;
  readonly password?: string;
  /** Speaks TLS alone, by a certificate of its own. */
  readonly tls?: boolean;
}

/** A real redis-server on a free port of this machine, with nobody else on it. Ended with the test. */
export class TestRedis {
  readonly port: number;
  /** The certificate to trust, where it speaks TLS. */
  readonly certificate: string | undefined;
  readonly #options: RedisOptions;
  readonly #folder: string;
  #server: ChildProcess | undefined;

  private constructor(port: number, folder: string, options: RedisOptions) {
    this.port = port;
    this.#folder = folder;
    this.#options = options;
    this.certificate = options.tls ? makeCertificate(folder, 'localhost').cert : undefined;
  }

  static async start(options: RedisOptions = {}): Promise<TestRedis> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-redis-'));
    const redis = new TestRedis(await freePort(), folder, options);
    onTestFinished(async () => {
      await redis.stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    });
    await redis.begin();
    return redis;
  }

  /** Without a password. */
  get url(): string {
    return this.#options.tls ? `rediss://localhost:${this.port}` : `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, also again. */
  async begin(): Promise<void> {
    const { persists, password, tls } = this.#options;
    const files = ['cert', 'key'].map((name) => join(this.#folder, `${name}.pem`));
    const [cert = '', key = ''] = files;
    const server = spawn(
      'redis-server',
      [
        ...(tls
          ? [
              ...['--port', '0', '--tls-port', String(this.port), '--tls-auth-clients', 'no'],
              ...['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert],
            ]
          : ['--port', String(this.port)]),
        ...['--bind', '127.0.0.1', '--dir', this.#folder, '--save', ''],
        ...(persists ? ['--appendonly', 'yes', '--appendfsync', 'always'] : []),
        ...(password === undefined ? [] : ['--requirepass', password]),
      ],
      { stdio: 'ignore' },
    );
    this.#server = server;
    await eventually(() => this.ask('PING')).toBe('PONG');
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    await once(server, 'exit');
  }

  /** Asks it by redis-cli. */
  ask(...command: readonly string[]): string {
    const { password } = this.#options;
    const tls = this.certificate === undefined ? [] : ['--tls', '--cacert', this.certificate];
    return execFileSync(
      'redis-cli',
      [
        '-h',
        tls.length > 0 ? 'localhost' : '127.0.0.1',
        '-p',
        String(this.port),
        ...tls,
        ...command,
      ],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, ...(password === undefined ? {} : { REDISCLI_AUTH: password }) },
      },
    ).trim();
  }

  /** All keys that it holds. */
  get keys(): string[] {
    return this.ask('KEYS', '*')
      .split('\n')
      .filter((key) => key !== '')
      .sort();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
