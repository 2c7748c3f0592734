import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { RunEvent } from '../../src/protocol/events.ts';
import type { RunState } from '../../src/protocol/state.ts';
import { endRuns } from './end-runs.ts';
import { makeWorkspace } from './sluice.ts';

const CLI = fileURLToPath(new URL('../../dist/sluice.js', import.meta.url));

/** The built `sluice serve` on a fresh workspace. It and its runs end with the test. */
export interface ServedFolder {
  readonly folder: string;
  /** Where it listens: `http://localhost:PORT`. */
  readonly origin: string;
  readonly port: number;
  /** As it is printed; empty with `--no-auth`. */
  readonly token: string;
  readonly link: string;
  readonly pid: number;
  /** All that it has written so far. */
  output(): string;
  /** Asks with the token. */
  ask(path: string, options?: RequestInit): Promise<Response>;
  /** Sends JSON with the token. */
  send(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Starts a run of a batch file; answers its id. */
  run(batch: string): Promise<string>;
  state(run: string): Promise<RunState>;
  stop(): Promise<void>;
}

type Files = Readonly<Record<string, string | Uint8Array>>;

export async function serveFolder(
  files: Files,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<ServedFolder> {
  const folder = makeWorkspace(files);
  onTestFinished(() => endRuns(folder));
  return serve(folder, args, env);
}

/** As `serveFolder`, on a folder that is there. */
export async function serve(
  folder: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<ServedFolder> {
  const port = args.includes('--port') ? [] : ['--port', '0'];
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', CLI, 'serve', ...port, ...args],
    {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const closed = once(child, 'close');
  const stop = async (): Promise<void> => {
    child.kill();
    await closed;
  };
  onTestFinished(stop);
  for (let left = 400; !output.includes('Ctrl-C'); left -= 1) {
    if (left === 0 || child.exitCode !== null) throw new Error(`It does not serve:\n${output}`);
    await delay(25);
  }
  const found = (pattern: RegExp): string => pattern.exec(output)?.[1] ?? '';
  const origin = found(/(\S+)\/openapi\.json/);
  const token = found(/token +(\S+)/);
  const ask = (path: string, { headers, ...options }: RequestInit = {}): Promise<Response> =>
    fetch(`${origin}${path}`, {
      ...options,
      headers: { ...(token === '' ? {} : { authorization: `Bearer ${token}` }), ...headers },
    });
  const send: ServedFolder['send'] = (path, body, headers) =>
    ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  return {
    folder,
    origin,
    port: Number(new URL(origin).port),
    token,
    link: found(/page +(\S+)/),
    pid: child.pid ?? 0,
    output: () => output,
    ask,
    send,
    run: async (batch) => {
      const answer = await send('/runs', { batch });
      if (answer.status !== 201) throw new Error(await answer.text());
      return ((await answer.json()) as { id: string }).id;
    },
    state: async (run) => (await (await ask(`/runs/${run}`)).json()) as RunState,
    stop,
  };
}

/** Reads a stream of server-sent events to its end, or until it was told that it is enough. */
export async function readEvents(
  answer: Response,
  enough: (message: SseMessage) => boolean = () => false,
): Promise<SseMessage[]> {
  const messages: SseMessage[] = [];
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value } = (await reader?.read()) ?? {};
    if (value === undefined) return messages;
    rest += value;
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const message = parseBlock(block);
      if (message === undefined) continue;
      messages.push(message);
      if (!enough(message)) continue;
      await reader?.cancel();
      return messages;
    }
  }
}

export interface SseMessage {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: RunEvent & RunState & Record<string, unknown>;
}

function parseBlock(block: string): SseMessage | undefined {
  const fields = new Map(
    block.split('\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')] as const;
    }),
  );
  const data = fields.get('data');
  if (data === undefined) return undefined;
  return {
    id: fields.get('id'),
    event: fields.get('event') ?? 'message',
    data: JSON.parse(data) as SseMessage['data'],
  };
}
