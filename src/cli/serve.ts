import { readFile, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { styleText } from 'node:util';
import { Command, InvalidArgumentError, Option } from 'commander';
import { setResults } from '../runner/environment.ts';
import type { ServerOptions, SluiceServer } from '../server/server.ts';
import { EXIT, UsageError } from './exit.ts';
import { type QueueFlags, queueOf, withQueueOptions } from './queue-flags.ts';
import { workspaceOption } from './run.ts';
import { type Control, control } from './serve-control.ts';
import { SERVE_PORT } from './serve-port.ts';

const KEEP_ALIVE_SECONDS = 15;
/** A script that is to work also tomorrow says its own token in it. */
const TOKEN_VARIABLE = 'SLUICE_SERVER_TOKEN';
const TOKEN_LENGTH = 16;

interface ServeFlags extends QueueFlags {
  readonly workspace?: string;
  readonly port: number;
  readonly host: string;
  readonly auth: boolean;
  readonly allowRun?: boolean;
  readonly cert?: string;
  readonly key?: string;
  readonly behindProxy?: string;
  readonly allowOrigin?: readonly string[];
  readonly keepAlive: number;
  readonly controlled?: boolean;
}

/** `sluice serve`. */
export function serveCommand(): Command {
  return withQueueOptions(
    new Command('serve')
      .description('serve the runs of a folder over HTTP, and the panel as a page')
      .addOption(workspaceOption())
      .option('-p, --port <n>', 'port to listen on; 0 for any that is free', portOf, SERVE_PORT)
      .option(
        '--host <address>',
        'address to listen on; this machine alone without it',
        'localhost',
      )
      .option('--no-auth', 'ask nobody for a token: on this machine alone')
      .option('--allow-run', 'with --no-auth, let everybody on this machine have any program run')
      .option('--cert <file>', 'certificate, as PEM: serve HTTPS, with HTTP/2')
      .option('--key <file>', 'its key, as PEM')
      .option(
        '--behind-proxy <origin>',
        'browsers come through a proxy, to an address such as https://sluice.example.org',
        originOf,
      )
      .option(
        '--allow-origin <origin>',
        'let pages of this origin ask; may be given again',
        (text: string, before: readonly string[] = []) => [...before, originOf(text)],
      )
      .option(
        '--keep-alive <seconds>',
        'say something on every stream at least so often',
        secondsOf,
        KEEP_ALIVE_SECONDS,
      ),
  )
    .addOption(
      new Option('--controlled', 'take commands on standard input, and end with it').hideHelp(),
    )
    .action(serve);
}

async function serve(flags: ServeFlags): Promise<void> {
  checkAddress(flags);
  const controlled = flags.controlled === true ? await control() : undefined;
  // The environment of a window is not what its settings say.
  const queue = controlled === undefined ? queueOf(flags) : controlled.queue;
  setResults(flags.results);
  const { newSecret } = await import('../server/secrets.ts');
  const token = flags.auth ? (controlled?.token ?? ownToken() ?? newSecret()) : undefined;
  // It is no secret of the programs that runs start.
  delete process.env[TOKEN_VARIABLE];
  const options: ServerOptions = {
    workspace: await folderOf(flags.workspace ?? process.cwd()),
    host: flags.host,
    port: flags.port,
    token,
    rights: flags.auth || flags.allowRun === true ? 'any' : 'built-in',
    tls: await tlsOf(flags),
    publicOrigin: flags.behindProxy,
    origins: flags.allowOrigin ?? [],
    env: controlled?.env ?? {},
    queue,
    keepAlive: flags.keepAlive * 1000,
    version: SLUICE_VERSION,
    log: (line) => void process.stderr.write(`${new Date().toISOString()} ${line}\n`),
  };
  const { startServer } = await import('../server/server.ts');
  const server = await startServer(options).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE'
      ? new UsageError(
          `Port ${flags.port} is taken. Choose another one with --port, or 0 for any that is free.`,
        )
      : error;
  });
  if (controlled === undefined) greet(server, options);
  else controlled.serve(server);
  await ended(controlled);
  await server.close();
  process.exitCode = EXIT.done;
}

/** Nothing but this machine is served without a certificate, or a proxy that has one. */
function checkAddress({ host, auth, allowRun, cert, key, behindProxy }: ServeFlags): void {
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError('--cert and --key belong together.');
  }
  if (auth && allowRun === true)
    throw new UsageError('--allow-run belongs to --no-auth: with a token it is allowed.');
  const loopback = ['localhost', '127.0.0.1', '::1'].includes(host);
  if (!auth && (!loopback || behindProxy !== undefined)) {
    throw new UsageError(
      '--no-auth is for this machine alone: it goes with no other --host and no proxy.',
    );
  }
  if (!loopback && cert === undefined && behindProxy === undefined) {
    throw new UsageError(
      `To serve ${host}, name a certificate with --cert and --key, or the proxy that has one with --behind-proxy.`,
    );
  }
}

/** Resolves when the server is to end. */
function ended(controlled: Control | undefined): Promise<void> {
  return new Promise((resolved) => {
    process.once('SIGINT', resolved);
    process.once('SIGTERM', resolved);
    void controlled?.ended.then(resolved);
  });
}

function greet(server: SluiceServer, { token, workspace, rights }: ServerOptions): void {
  const line = (name: string, text: string): string =>
    `  ${styleText('dim', name.padEnd(7))} ${text}\n`;
  const once = token === undefined ? '' : styleText('dim', '  (opens once, within 10 minutes)');
  process.stdout.write(
    [
      `Sluice serves ${workspace}\n`,
      line('page', `${styleText('cyan', server.link())}${once}`),
      ...(token === undefined ? [] : [line('token', token)]),
      line('API', `${server.origin}/openapi.json`),
      token === undefined
        ? `Every program on this machine may ask, and have ${rights === 'any' ? 'any program' : 'built-in steps'} run.\n`
        : '',
      'Ctrl-C stops the server; runs go on.\n',
    ].join(''),
  );
}

function ownToken(): string | undefined {
  const token = process.env[TOKEN_VARIABLE];
  if (token === undefined || token === '') return undefined;
  if (!/^[\x21-\x7e]+$/.test(token) || token.length < TOKEN_LENGTH) {
    throw new UsageError(
      `${TOKEN_VARIABLE} must have ${TOKEN_LENGTH} characters or more, and no spaces.`,
    );
  }
  return token;
}

async function tlsOf({ cert, key }: ServeFlags): Promise<ServerOptions['tls']> {
  if (cert === undefined || key === undefined) return undefined;
  const [first, second] = await Promise.all([cert, key].map(readPem));
  return { cert: first ?? '', key: second ?? '' };
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

async function folderOf(path: string): Promise<string> {
  const folder = await realpath(resolve(path)).catch(() => undefined);
  if (folder === undefined || !(await stat(folder)).isDirectory()) {
    throw new UsageError(`There is no folder ${path}.`);
  }
  return folder;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('It must be a number from 0 to 65535.');
  return port;
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (!(seconds >= 0.1 && seconds <= 3600))
    throw new InvalidArgumentError('It must be a number of seconds, up to 3600.');
  return seconds;
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url === undefined ||
    !/^https?:$/.test(url.protocol) ||
    url.pathname !== '/' ||
    url.search !== ''
  ) {
    throw new InvalidArgumentError(
      'It must be a scheme and a host, such as https://sluice.example.org.',
    );
  }
  return url.origin;
}
