import { accessSync, constants } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { type ModelStore, modelStore } from '../models/store.ts';
import { resultsSet } from '../runner/environment.ts';
import type { QueueOptions } from '../runner/start.ts';
import { SERVE_PORT } from './serve-port.ts';

/** One thing that Sluice needs or can use, and how it stands. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly level: 'required' | 'optional';
  readonly detail: string;
  /** The exact command that puts it right. */
  readonly fix?: string;
}

export interface CheckOptions {
  readonly workspace?: string;
  /** More environment, such as an editor's settings give. */
  readonly env?: Readonly<Record<string, string>>;
  /** The queue of workers, where one is used. */
  readonly queue?: QueueOptions | undefined;
  /** Where workers leave results, when not where the environment says. */
  readonly results?: string | undefined;
}

/** Room that the models of the main job and their results take, in bytes. */
const ROOM = 2e9;

/** Looks at everything that Sluice needs or can use. Changes nothing; never rejects. */
export async function checkSetup(options: CheckOptions = {}): Promise<readonly Check[]> {
  const { results = resultsSet() } = options;
  const store = modelStore({ ...process.env, ...options.env });
  const checks = await Promise.all([
    checkNode(),
    checkLibrary('Text engine', 'node-llama-cpp'),
    checkLibrary('Voice engine', 'onnxruntime-node'),
    checkLibrary('Pseudo-terminals', '@lydell/node-pty', 'optional'),
    checkModel(store, 'Text model', 'tinyllama'),
    checkModel(store, 'Voice', 'kokoro-fp32'),
    checkModel(store, 'Small voice', 'flite'),
    checkEndpoint(),
    checkPort(),
    checkRoom('Room for models', store.context.root),
    ...(options.workspace === undefined ? [] : [checkWritable(options.workspace)]),
    ...(options.queue === undefined ? [] : [checkRedis(options.queue)]),
    ...(results === undefined ? [] : [checkStorage(results)]),
    ...PROGRAMS.map(checkProgram),
  ]);
  return checks;
}

interface Program {
  readonly name: string;
  readonly use: string;
  readonly versionFlag: string;
  /** Names of the package with apt, Homebrew and winget. */
  readonly packages: readonly [string, string, string];
}

const PROGRAMS: readonly Program[] = [
  {
    name: 'ffmpeg',
    use: 'reads any sound or film',
    versionFlag: '-version',
    packages: ['ffmpeg', 'ffmpeg', 'Gyan.FFmpeg'],
  },
  {
    name: 'python3',
    use: 'runs Python steps',
    versionFlag: '--version',
    packages: ['python3', 'python', 'Python.Python.3.13'],
  },
  {
    name: 'espeak-ng',
    use: 'speaks many languages',
    versionFlag: '--version',
    packages: ['espeak-ng', 'espeak-ng', 'eSpeak-NG.eSpeak-NG'],
  },
];

async function checkProgram(program: Program): Promise<Check> {
  const { name, use, versionFlag } = program;
  const result = await execa(name, [versionFlag], {
    reject: false,
    timeout: 5000,
    stdin: 'ignore',
  });
  const ok = result.exitCode === 0;
  const version = `${result.stdout}`.split('\n')[0]?.slice(0, 80) ?? '';
  return {
    name,
    ok,
    level: 'optional',
    detail: ok ? version : `not found; it ${use}`,
    ...(ok ? {} : { fix: installCommand(program.packages) }),
  };
}

function installCommand([apt, brew, winget]: Program['packages']): string {
  if (process.platform === 'win32') return `winget install ${winget}`;
  if (process.platform === 'darwin') return `brew install ${brew}`;
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  const has = (tool: string): boolean =>
    (process.env['PATH'] ?? '').split(delimiter).some((folder) => isExecutable(join(folder, tool)));
  if (has('apt-get')) return `${sudo}apt-get install -y ${apt}`;
  return has('dnf') ? `${sudo}dnf install -y ${apt}` : `install ${apt} with your package manager`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function checkNode(): Promise<Check> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > 22 || (major === 22 && minor >= 13);
  return {
    name: 'Node',
    ok,
    level: 'required',
    detail: ok ? process.version : `${process.version}; Sluice needs 22.13 or newer`,
    ...(ok ? {} : { fix: 'npm install --global node@24' }),
  };
}

async function checkLibrary(
  name: string,
  library: string,
  level: Check['level'] = 'required',
): Promise<Check> {
  try {
    await import(library);
    return { name, ok: true, level, detail: library };
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    return {
      name,
      ok: false,
      level,
      detail: `${library}: ${reason}`,
      fix: `npm install ${library}`,
    };
  }
}

async function checkModel(store: ModelStore, name: string, id: string): Promise<Check> {
  const ok = await store.present(id).catch(() => false);
  const detail = ok ? id : `${id} is not here yet; it is fetched when it is first needed`;
  return {
    name,
    ok,
    level: 'optional',
    detail,
    ...(ok ? {} : { fix: `sluice models pull ${id}` }),
  };
}

async function checkEndpoint(): Promise<Check> {
  const url = process.env['OPENAI_BASE_URL'];
  const key = process.env['OPENAI_API_KEY'] !== undefined;
  const ok = url !== undefined || key;
  const detail = ok
    ? `${url ?? 'the OpenAI API'}, ${key ? 'with a key' : 'without a key'}`
    : 'none is set: OPENAI_BASE_URL and OPENAI_API_KEY';
  return { name: 'Endpoint', ok, level: 'optional', detail };
}

/** Whether `sluice serve` can listen where it does without being told. */
async function checkPort(): Promise<Check> {
  const server = createServer();
  const ok = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(SERVE_PORT, '127.0.0.1', () => resolve(true));
  });
  server.close();
  return {
    name: 'Server',
    ok,
    level: 'optional',
    detail: `port ${SERVE_PORT} is ${ok ? 'free' : 'taken; another one will do'}`,
    ...(ok ? {} : { fix: 'sluice serve --port 0' }),
  };
}

async function checkRedis({ url, key }: QueueOptions): Promise<Check> {
  // What speaks to Redis is loaded only where a queue is used.
  const { checkQueue } = await import('../cluster/check.ts');
  return { name: 'Queue', level: 'required', ...(await checkQueue(url, key)) };
}

async function checkStorage(url: string): Promise<Check> {
  const { checkResults } = await import('../cluster/check.ts');
  return { name: 'Storage', level: 'required', ...(await checkResults(url)) };
}

async function checkRoom(name: string, folder: string): Promise<Check> {
  for (let path = folder; ; path = join(path, '..')) {
    const found = await statfs(path).catch(() => undefined);
    if (found === undefined && path !== join(path, '..')) continue;
    const free = found === undefined ? 0 : found.bavail * found.bsize;
    const detail = `${(free / 1e9).toFixed(1)} GB free at ${folder}`;
    return { name, ok: free >= ROOM, level: 'required', detail };
  }
}

async function checkWritable(workspace: string): Promise<Check> {
  try {
    accessSync(workspace, constants.W_OK);
    return { name: 'Workspace', ok: true, level: 'required', detail: workspace };
  } catch {
    return {
      name: 'Workspace',
      ok: false,
      level: 'required',
      detail: `${workspace} cannot be written`,
    };
  }
}
