import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCertificate } from './certificate.ts';

export interface RedisOptions {
  /** Whether its data is there again when it is started again. */
  readonly persists?: boolean;
  readonly password?: string;
  /** Speaks TLS alone, by a certificate of its own. */
  readonly tls?: boolean;
  /** More arguments. */
  readonly args?: readonly string[];
}

/** Looks whether it answers so often, at most. */
const TRIES = 200;

/** A real redis-server on a free port of this machine, with nobody else on it. */
export class RedisServer {
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

  static async start(options: RedisOptions = {}): Promise<RedisServer> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-redis-'));
    const redis = new RedisServer(await freePort(), folder, options);
    await redis.begin();
    return redis;
  }

  /** Without a password. */
  get url(): string {
    return this.#options.tls ? `rediss://localhost:${this.port}` : `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, also again. */
  async begin(): Promise<void> {
    const { persists, password, tls, args = [] } = this.#options;
    const [cert = '', key = ''] = ['cert', 'key'].map((name) => join(this.#folder, `${name}.pem`));
    const port = tls
      ? [
          ...['--port', '0', '--tls-port', String(this.port), '--tls-auth-clients', 'no'],
          ...['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert],
        ]
      : ['--port', String(this.port)];
    this.#server = spawn(
      'redis-server',
      [
        ...port,
        ...['--bind', '127.0.0.1', '--dir', this.#folder, '--save', ''],
        ...(persists ? ['--appendonly', 'yes', '--appendfsync', 'always'] : []),
        ...(password === undefined ? [] : ['--requirepass', password]),
        ...args,
      ],
      { stdio: 'ignore' },
    );
    for (let tries = 1; !this.#answers(); tries += 1) {
      if (tries === TRIES || this.#server.exitCode !== null) throw new Error('No redis-server.');
      await sleep(50);
    }
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    await once(server, 'exit');
  }

  /** Ends it and removes what it has. */
  async dispose(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Asks it by redis-cli. */
  ask(...command: readonly string[]): string {
    const { password } = this.#options;
    const tls = this.certificate === undefined ? [] : ['--tls', '--cacert', this.certificate];
    const host = tls.length > 0 ? 'localhost' : '127.0.0.1';
    const args = ['-h', host, '-p', String(this.port), ...tls, ...command];
    const env = {
      ...process.env,
      ...(password === undefined ? {} : { REDISCLI_AUTH: password }),
    };
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    return execFileSync('redis-cli', args, { encoding: 'utf8', stdio: [...stdio], env }).trim();
  }

  /** All keys that it holds. */
  get keys(): string[] {
    return this.ask('KEYS', '*')
      .split('\n')
      .filter((key) => key !== '')
      .sort();
  }

  #answers(): boolean {
    try {
      return this.ask('PING') === 'PONG';
    } catch {
      return false;
    }
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
