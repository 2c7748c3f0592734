import type { FromPanel, PanelCommand, ToPanel } from '../protocol/panel.ts';
import type { MixerMemory } from './mixer.ts';
import type { Track } from './track.ts';

/** What was in the player. */
export interface PlayerMemory {
  readonly track: Track;
  /** In seconds. */
  readonly time: number;
  readonly speed: number;
  /** From 0 to 1; full without it. */
  readonly volume?: number;
  /** Whether it was playing, and when this was written, in ms since 1970. */
  readonly playing?: boolean;
  readonly at?: number;
}

/**
 * What the panel remembers while it is hidden. What was searched for is not in it: runs that a forgotten
 * filter hides would seem to be lost.
 */
export interface PanelMemory {
  /** Runs that the person opened (true) or closed (false), by id. */
  readonly expanded: Readonly<Record<string, boolean>>;
  /** How far the panel is scrolled, in px. */
  readonly scroll: number;
  readonly player?: PlayerMemory | undefined;
  /** Items that the person opened (true) or closed, as `ITEM/RUN`. */
  readonly open?: Readonly<Record<string, boolean>> | undefined;
  readonly mixer?: MixerMemory | undefined;
}

/** What the panel runs in: a webview of VS Code, or a page. */
export interface PanelHost {
  post(message: FromPanel): void;
  listen(listener: (message: ToPanel) => void): void;
  load(): PanelMemory | undefined;
  save(memory: PanelMemory): void;
  /** What cannot be asked of this host, and is not offered. */
  readonly unable?: ReadonlySet<FromPanel['type'] | PanelCommand>;
  /** Where the panel is a page, runs are started in it. */
  readonly page?: PageHost;
}

/** What is to be done with prompts. */
export interface PromptsChoice {
  readonly prompts: readonly string[];
  readonly write: boolean;
  readonly speak: boolean;
  readonly voice?: string;
  readonly format: string;
}

/** What a page does beside showing runs. */
export interface PageHost {
  /** False while the server cannot be reached. */
  readonly connected: boolean;
  /** What the server refused last, until something else is asked. */
  readonly problem: string;
  /** Told when either changes. */
  onChange(listener: () => void): void;
  /** Paths of the workspace's batch files. */
  batches(): Promise<readonly string[]>;
  /** True when the run was started; `problem` says why it was not. */
  runPrompts(choice: PromptsChoice): Promise<boolean>;
  runBatch(path: string): Promise<boolean>;
}

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): PanelMemory | undefined;
  setState(state: PanelMemory): void;
};

/** Whether the panel is in a webview. */
export function isWebview(): boolean {
  return 'acquireVsCodeApi' in globalThis;
}

/** The webview that the panel runs in. To be called once. */
export function webviewHost(): PanelHost {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    listen(listener) {
      // The parent of a webview's frame is VS Code itself: no other window can reach it.
      window.addEventListener('message', (event: MessageEvent<ToPanel>) => listener(event.data));
    },
    load: () => api.getState(),
    save: (memory) => api.setState(memory),
  };
}
