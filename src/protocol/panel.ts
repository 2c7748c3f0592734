import type { RunEvent } from './events.ts';
import type { RunState } from './state.ts';

/**
 * Messages between the panel and its host. The host sends one `snapshot` when the panel is ready or
 * shown again, then `events` at most once a frame, and nothing while the panel is hidden.
 */
export type ToPanel =
  | {
      readonly type: 'snapshot';
      readonly runs: readonly RunState[];
      /** False in Restricted Mode: nothing can be started. */
      readonly trusted: boolean;
      /** False when no folder is open. */
      readonly folder: boolean;
      /** The host's clock, in ms since 1970: the events' times are its times, not the panel's. */
      readonly now: number;
    }
  | { readonly type: 'events'; readonly runs: readonly RunEvents[] }
  /** A run that the panel has not seen, or that must be shown anew. */
  | { readonly type: 'run'; readonly state: RunState }
  | { readonly type: 'removed'; readonly run: string };

/** Events of one run, in order. What later events of the same frame make invisible is left out. */
interface RunEvents {
  readonly run: string;
  readonly events: readonly RunEvent[];
}

/** What the person did in the panel. */
export type FromPanel =
  | { readonly type: 'ready' }
  | { readonly type: 'cancel'; readonly run: string; readonly item?: number }
  | { readonly type: 'pause'; readonly run: string }
  | { readonly type: 'resume'; readonly run: string }
  | { readonly type: 'retry'; readonly run: string; readonly item?: number }
  | {
      readonly type: 'openResult';
      readonly run: string;
      readonly item: number;
      readonly result: number;
    }
  | { readonly type: 'openSource'; readonly run: string; readonly item: number }
  | { readonly type: 'openOutput'; readonly run: string }
  | { readonly type: 'command'; readonly command: PanelCommand };

/** What buttons of the empty panel do. */
export const PANEL_COMMANDS = [
  'generateAudio',
  'runBatch',
  'checkSetup',
  'trust',
  'openFolder',
] as const;
export type PanelCommand = (typeof PANEL_COMMANDS)[number];
