import {
  type ContentId,
  type FromPanel,
  PANEL_COMMANDS,
  type ResultContent,
  type ToPanel,
} from '../protocol/panel.ts';
import type { PageHost, PanelHost, PanelMemory, PromptsChoice } from './host.ts';
import { text } from './text.ts';

const MEMORY = 'sluice.panel';
/** Of a text, the first part is shown; a sound is played whole. In bytes. */
const TEXT_LIMIT = 64 << 10;
/** Of JSON, which the panel itself reads, such as a transcript. In bytes. */
const JSON_LIMIT = 8 << 20;
/** A stream that the server refused is asked for again after so many ms. */
const AGAIN_MS = 5000;

/** What VS Code does around the panel, and a page cannot. */
const UNABLE: NonNullable<PanelHost['unable']> = new Set([
  ...PANEL_COMMANDS,
  'openResults',
  'openBatch',
  'openSource',
  'copyCommandLine',
] as const);

/**
 * The page that `sluice serve` gives, under whatever path a proxy puts it: news come as server-sent events, and
 * requests go as any client's do.
 */
export function serverHost(): PanelHost {
  return new ServerHost();
}

class ServerHost implements PanelHost, PageHost {
  readonly unable = UNABLE;
  readonly page: PageHost = this;
  connected = true;
  problem = '';
  readonly #listeners = new Set<() => void>();
  readonly #known = new Set<string>();
  #hear: (message: ToPanel) => void = () => {};
  #stream: EventSource | undefined;
  /** A run that was started here, and is shown once it is known. */
  #started: string | undefined;

  listen(listener: (message: ToPanel) => void): void {
    this.#hear = listener;
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  load(): PanelMemory | undefined {
    try {
      return JSON.parse(sessionStorage.getItem(MEMORY) ?? 'null') ?? undefined;
    } catch {
      return undefined;
    }
  }

  save(memory: PanelMemory): void {
    sessionStorage.setItem(MEMORY, JSON.stringify(memory));
  }

  post(message: FromPanel): void {
    switch (message.type) {
      case 'ready':
        this.#follow();
        // A browser lets few connections to one server: a page that nobody sees needs none.
        document.addEventListener('visibilitychange', () => this.#follow());
        return;
      case 'loadResult':
      case 'loadSound':
        void this.#load(message);
        return;
      case 'loadInput':
        void this.#load({ run: message.run, item: message.item, input: true });
        return;
      case 'openResult':
        open(contentAddress(message), '_blank', 'noopener');
        return;
      case 'openLog':
        open(`${addressOf(message.run)}/log`, '_blank', 'noopener');
        return;
      case 'revealOutput':
        open(`${addressOf(message.run)}/log?item=${message.item}`, '_blank', 'noopener');
        return;
      case 'pause':
      case 'resume':
        void this.#ask(`${addressOf(message.run)}/${message.type}`, {});
        return;
      case 'cancel':
      case 'finish':
      case 'retry': {
        const { item } = message;
        void this.#ask(`${addressOf(message.run)}/${message.type}`, { item });
        return;
      }
      case 'move': {
        const { item, to } = message;
        void this.#ask(`${addressOf(message.run)}/move`, { item, to });
        return;
      }
      case 'saveFile':
        save(message.name, message.bytes);
        return;
      case 'concurrency': {
        const { concurrency } = message;
        void this.#ask(`${addressOf(message.run)}/concurrency`, { concurrency });
        return;
      }
      case 'runAgain':
        void this.#start(`${addressOf(message.run)}/again`, { force: true });
        return;
      case 'openResults':
      case 'openBatch':
      case 'openSource':
      case 'copyCommandLine':
      case 'command':
        // Not offered: see UNABLE.
        return;
      default:
        message satisfies never;
    }
  }

  async batches(): Promise<readonly string[]> {
    const answer = await fetch('batches');
    return answer.ok ? ((await answer.json()) as string[]) : [];
  }

  runPrompts({ voice, ...choice }: PromptsChoice): Promise<boolean> {
    const speak = choice.speak && voice !== undefined ? { voice } : choice.speak;
    return this.#start('runs', { ...choice, speak });
  }

  runBatch(path: string): Promise<boolean> {
    return this.#start('runs', { batch: path });
  }

  #follow(): void {
    const wanted = !document.hidden;
    if (!wanted) this.#stream?.close();
    if (!wanted || this.#stream?.readyState === EventSource.CLOSED) this.#stream = undefined;
    if (!wanted || this.#stream !== undefined) return;
    const stream = new EventSource('panel/events');
    this.#stream = stream;
    stream.addEventListener('open', () => this.#say({ connected: true }));
    stream.addEventListener('message', ({ data }: MessageEvent<string>) => {
      this.#receive(JSON.parse(data) as ToPanel);
    });
    stream.addEventListener('error', () => {
      this.#say({ connected: false });
      // The browser itself tries again, unless the server has refused.
      if (stream.readyState === EventSource.CLOSED)
        setTimeout(() => void this.#refused(), AGAIN_MS);
    });
  }

  /** Nobody is signed in any more, as when the server was started anew; or it refuses for a moment. */
  async #refused(): Promise<void> {
    const answer = await fetch('batches').catch(() => undefined);
    if (answer?.status === 401) location.reload();
    else this.#follow();
  }

  #receive(message: ToPanel): void {
    this.#hear(message);
    if (message.type === 'snapshot') for (const { run } of message.runs) this.#known.add(run.id);
    if (message.type === 'run') this.#known.add(message.state.run.id);
    this.#showStarted();
  }

  #showStarted(): void {
    const run = this.#started;
    if (run === undefined || !this.#known.has(run)) return;
    this.#started = undefined;
    this.#hear({ type: 'reveal', run });
  }

  async #start(address: string, body: unknown): Promise<boolean> {
    const answer = await this.#ask(address, body);
    if (answer === undefined) return false;
    const { id } = (await answer.json()) as { id: string };
    this.#started = id;
    this.#showStarted();
    return true;
  }

  async #ask(address: string, body: unknown): Promise<Response | undefined> {
    this.#say({ problem: '' });
    try {
      const answer = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (answer.ok) return answer;
      this.#say({ problem: await problemOf(answer) });
    } catch {
      this.#say({ problem: text.notReached });
    }
    return undefined;
  }

  async #load(id: ContentId): Promise<void> {
    const content = await contentOf(id).catch(() => ({ problem: text.notReached }));
    this.#hear({ type: 'content', ...placeOf(id), ...content });
  }

  #say(news: { readonly connected?: boolean; readonly problem?: string }): void {
    const { connected = this.connected, problem = this.problem } = news;
    if (connected === this.connected && problem === this.problem) return;
    this.connected = connected;
    this.problem = problem;
    for (const listener of this.#listeners) listener();
  }
}

/** Hands the person a file, as a download. */
function save(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const link = document.createElement('a');
  link.download = name;
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.click();
  URL.revokeObjectURL(link.href);
}

async function contentOf(id: ContentId): Promise<ResultContent> {
  const answer = await fetch(contentAddress(id), { headers: { accept: '*/*' } });
  if (!answer.ok) return { problem: await problemOf(answer) };
  const type = answer.headers.get('content-type') ?? '';
  const played = 'input' in id || type.startsWith('audio/');
  if (played) return { bytes: new Uint8Array(await answer.arrayBuffer()), whole: true };
  const { bytes, whole } = await beginning(answer, type.endsWith('json') ? JSON_LIMIT : TEXT_LIMIT);
  return { bytes, whole };
}

/** The first bytes of an answer; the rest of a long one is not fetched. */
async function beginning(
  { body }: Response,
  limit: number,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; whole: boolean }> {
  const bytes = new Uint8Array(limit);
  let length = 0;
  const reader = body?.getReader();
  for (;;) {
    const { value } = (await reader?.read()) ?? {};
    if (value === undefined) return { bytes: bytes.subarray(0, length), whole: true };
    const room = limit - length;
    bytes.set(value.subarray(0, room), length);
    length = Math.min(limit, length + value.length);
    if (value.length <= room) continue;
    await reader?.cancel();
    return { bytes, whole: false };
  }
}

async function problemOf(answer: Response): Promise<string> {
  try {
    const { error, hint } = (await answer.json()) as { error: string; hint?: string };
    return hint === undefined ? error : `${error} ${hint}`;
  } catch {
    return text.notReached;
  }
}

function addressOf(run: string): string {
  return `runs/${encodeURIComponent(run)}`;
}

function contentAddress(id: ContentId): string {
  const item = `${addressOf(id.run)}/items/${id.item}`;
  if ('input' in id) return `${item}/input`;
  return 'chunk' in id ? `${item}/parts/${id.chunk}` : `${item}/results/${id.result}`;
}

/** What is asked for, without what else a request says. */
function placeOf(id: ContentId): ContentId {
  const { run, item } = id;
  if ('input' in id) return { run, item, input: true };
  return 'chunk' in id ? { run, item, chunk: id.chunk } : { run, item, result: id.result };
}
