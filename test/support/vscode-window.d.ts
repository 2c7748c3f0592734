// The scripts that open VS Code run on an old Node too, so they are JavaScript: their types, for tests.
declare module '*/scripts/vscode/workbench.mjs' {
  import type { Browser, Frame, Locator, Page } from 'playwright-core';

  export interface WindowServer {
    readonly url: string;
    readonly port: number;
    readonly pid: number;
    /** What the server wrote, the last lines. */
    readonly logs: readonly string[];
    readonly userDataDir: string;
    /** The server and all that it started, detached ones too. */
    processes(): number[];
    /** One for each open window, the newest last. */
    extensionHosts(): number[];
  }

  export interface Workbench {
    readonly page: Page;
    readonly browser: Browser;
    readonly server: WindowServer;
    /** Picks a command in the palette, by its whole title as shown there. */
    command(title: string): Promise<void>;
    /** The document of a webview view, found by its title. */
    panelFrame(view: string): Promise<Frame>;
    statusBar(text: string | RegExp): Locator;
    notification(text: string | RegExp): Locator;
    screenshot(file: string): Promise<void>;
    reload(): Promise<void>;
    /** Another window on the same folder, with its own extension host. */
    openWindow(): Promise<Workbench>;
    close(): Promise<void>;
  }

  export interface WorkbenchOptions {
    readonly workspace?: string;
    readonly extensionPath?: string | readonly string[];
    /** Extensions to install from files, instead. */
    readonly vsix?: readonly string[];
    readonly trust?: boolean;
    readonly theme?: string;
    /** Of the extensions, such as `fr`. */
    readonly language?: string;
    readonly viewport?: { readonly width: number; readonly height: number };
    readonly deviceScaleFactor?: number;
    readonly settings?: Readonly<Record<string, unknown>>;
    /** `undefined` takes a variable away. */
    readonly env?: Readonly<Record<string, string | undefined>>;
  }

  export function openWorkbench(options: WorkbenchOptions): Promise<Workbench>;
}
