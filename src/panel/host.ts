import type { FromPanel, ToPanel } from '../protocol/panel.ts';
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
}

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): PanelMemory | undefined;
  setState(state: PanelMemory): void;
};

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
