import type { Event, Uri, Webview, WebviewPanel, WebviewView } from 'vscode';
import type { EngineLine, FromPanel, PanelCommand, ToPanel } from '../protocol/panel.ts';
import type { Runs } from '../runner/runs.ts';
import { Signal } from '../runner/signal.ts';
import { PanelFeed } from '../server/panel-feed.ts';
import { folderSource, panelHtml } from '../server/panel-html.ts';
import { forPanel, RUNS_SHOWN } from '../server/panel-state.ts';
import { type Disposable, Disposables } from './disposables.ts';
import { fromPanel } from './from-panel.ts';
import type { Vscode } from './vscode.ts';

/** The id of the view, and the type of the editor tab. */
const PANEL_ID = 'sluice.panel';

const FOCUS_EDITOR = 'workbench.action.focusActiveEditorGroup';

/** What the person asks for in a panel, as far as the panel itself does not do it. */
export type PanelRequest = Exclude<FromPanel, { type: 'ready' | 'command' }>;

export interface PanelOptions {
  readonly extensionUri: Uri;
  readonly runs: Runs;
  /** Does what the person asks for; what it answers goes back to the panel that asked. */
  readonly request: (message: PanelRequest) => Promise<ToPanel | undefined>;
  readonly command: (command: PanelCommand) => Promise<void>;
  /** What the work of each need is done by: asked for when a panel shows no run. */
  readonly engines?: () => Promise<readonly EngineLine[]>;
  /** Told of everything that goes wrong on the person's behalf. */
  readonly report: (error: unknown) => void;
}

/** Where the panel's page is shown: the view in a side bar, or a tab of the editor. */
interface Place {
  readonly kind: 'view' | 'tab';
  readonly webview: Webview;
  readonly isVisible: () => boolean;
  readonly bringUp: (preserveFocus: boolean) => void;
  readonly onDidChange: Event<unknown>;
  readonly onDidDispose: Event<void>;
}

interface Shown extends Place {
  readonly feed: PanelFeed;
}

/**
 * The panel: the view `sluice.panel`, wherever the person has moved it, and the tab of the editor. Each is a
 * page of its own with a feed of its own, and all show the same runs.
 */
export class Panel implements Disposable {
  /** A panel came into sight (true), or the last one went out of it. */
  readonly visible = new Signal<boolean>();
  readonly #vscode: Vscode;
  readonly #options: PanelOptions;
  readonly #owned = new Disposables();
  /** The newest last. */
  readonly #shown = new Set<Shown>();
  /** What the next page that is ready is to bring into view. */
  #pointed: Extract<ToPanel, { type: 'reveal' }> | undefined;
  /** Runs that were asked for by name: they are shown however old they are. */
  readonly #askedFor = new Set<string>();

  constructor(vscode: Vscode, options: PanelOptions) {
    this.#vscode = vscode;
    this.#options = options;
    this.#owned.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.refresh()));
    this.#owned.add(vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh()));
  }

  /** Called again when the view was moved to another side bar. */
  resolveWebviewView(view: WebviewView): void {
    this.#show({
      kind: 'view',
      webview: view.webview,
      isVisible: () => view.visible,
      bringUp: (preserveFocus) => view.show(preserveFocus),
      onDidChange: view.onDidChangeVisibility,
      onDidDispose: view.onDidDispose,
    });
  }

  /** A new tab, or one that was open when the window was closed or reloaded. */
  async deserializeWebviewPanel(tab: WebviewPanel): Promise<void> {
    tab.iconPath = new this.#vscode.ThemeIcon('list-tree');
    this.#show({
      kind: 'tab',
      webview: tab.webview,
      isVisible: () => tab.visible,
      bringUp: (preserveFocus) => tab.reveal(undefined, preserveFocus),
      onDidChange: tab.onDidChangeViewState,
      onDidDispose: tab.onDidDispose,
    });
  }

  /** Whether the person can see a panel. */
  get isVisible(): boolean {
    return this.#find((shown) => shown.isVisible()) !== undefined;
  }

  /**
   * Brings a panel to the front, the keyboard with it, and in it a run or an item of it, where named. With `play`
   * the item is played there, also while it is being made.
   */
  async show(run?: string, item?: number, { play = false } = {}): Promise<void> {
    const tab = this.#find((shown) => shown.kind === 'tab' && shown.isVisible());
    if (tab !== undefined) tab.bringUp(false);
    else await this.#vscode.commands.executeCommand(`${PANEL_ID}.focus`);
    this.#point(run, item, play);
  }

  /** Shows a panel when none can be seen; the keyboard stays where it is. */
  async reveal(): Promise<void> {
    if (this.isVisible) return;
    const view = this.#find((shown) => shown.kind === 'view');
    if (view !== undefined) {
      view.bringUp(true);
      return;
    }
    const editing = this.#vscode.window.activeTextEditor !== undefined;
    await this.show();
    if (editing) await this.#vscode.commands.executeCommand(FOCUS_EDITOR);
  }

  /** Opens the panel as a tab of the editor, for room. There is one; it is brought to the front. */
  async openInEditor(): Promise<void> {
    const tab = this.#find((shown) => shown.kind === 'tab');
    if (tab !== undefined) {
      tab.bringUp(false);
      return;
    }
    const { window, ViewColumn } = this.#vscode;
    await this.deserializeWebviewPanel(
      window.createWebviewPanel(PANEL_ID, 'Sluice', ViewColumn.Active),
    );
  }

  /** Sends whole snapshots: something beside the runs has changed. */
  refresh(): void {
    for (const { feed } of this.#shown) if (feed.shown) feed.show();
  }

  /** What does the work has changed: tells the pages that show no run. */
  async sendEngines(): Promise<void> {
    const { engines, runs } = this.#options;
    const isEmpty = ({ feed }: Shown): boolean => feed.shown && runs.all.length === 0;
    if (engines === undefined || ![...this.#shown].some(isEmpty)) return;
    const message: ToPanel = { type: 'engines', engines: await engines() };
    const empty = [...this.#shown].filter(isEmpty);
    await Promise.all(empty.map(({ webview }) => webview.postMessage(message)));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** The newest panel that is meant. */
  #find(meant: (shown: Shown) => boolean): Shown | undefined {
    return [...this.#shown].findLast(meant);
  }

  #sayVisible(): void {
    this.visible.emit(this.isVisible);
  }

  #show(place: Place): void {
    const { extensionUri, runs, report } = this.#options;
    const { webview } = place;
    const { joinPath } = this.#vscode.Uri;
    const folders = [joinPath(extensionUri, 'dist'), joinPath(extensionUri, 'media')];
    webview.options = { enableScripts: true, localResourceRoots: folders };
    const owned = this.#owned.add(new Disposables());
    const send = (message: ToPanel): void => {
      if (!owned.disposed) webview.postMessage(message).then(undefined, report);
    };
    const feed = owned.add(new PanelFeed({ runs, snapshot: () => this.#snapshot(), send }));
    const shown: Shown = { ...place, feed };
    this.#shown.add(shown);
    owned.add(
      webview.onDidReceiveMessage((value: unknown) => {
        const message = fromPanel(value);
        if (message !== undefined) this.#receive(feed, message, send).catch(report);
      }),
    );
    owned.add(
      place.onDidChange(() => {
        // The page goes when it is hidden. The one that is shown again says when it is ready.
        if (!place.isVisible()) feed.hide();
        this.#sayVisible();
      }),
    );
    owned.add(
      place.onDidDispose(() => {
        this.#shown.delete(shown);
        owned.dispose();
        this.#sayVisible();
      }),
    );
    webview.html = this.#page(webview, folders);
    this.#sayVisible();
  }

  /** Brings a run into view in the panel that the person sees, as soon as its page is ready. */
  #point(run: string | undefined, item: number | undefined, play: boolean): void {
    if (run === undefined) return;
    this.#askedFor.add(run);
    const message = {
      type: 'reveal',
      run,
      ...(item === undefined ? {} : { item }),
      ...(play && { play }),
    } as const;
    const seen = this.#find((shown) => shown.isVisible() && shown.feed.shown);
    if (seen === undefined) this.#pointed = message;
    else seen.feed.reveal(message);
  }

  #snapshot(): Extract<ToPanel, { type: 'snapshot' }> {
    const { workspace } = this.#vscode;
    const runs = this.#options.runs.all.filter(
      ({ id }, index) => index < RUNS_SHOWN || this.#askedFor.has(id),
    );
    return {
      type: 'snapshot',
      runs: runs.map((run) => forPanel(run.state)),
      trusted: workspace.isTrusted,
      folder: (workspace.workspaceFolders ?? []).length > 0,
      now: Date.now(),
    };
  }

  async #receive(
    feed: PanelFeed,
    message: FromPanel,
    send: (message: ToPanel) => void,
  ): Promise<void> {
    const { command, engines, request, runs } = this.#options;
    if (message.type === 'command') return command(message.command);
    if (message.type !== 'ready') {
      const answer = await request(message);
      if (answer !== undefined) send(answer);
      return;
    }
    feed.show();
    if (this.#pointed !== undefined) feed.reveal(this.#pointed);
    this.#pointed = undefined;
    if (runs.all.length === 0 && engines !== undefined) {
      send({ type: 'engines', engines: await engines() });
    }
  }

  #page(webview: Webview, folders: readonly Uri[]): string {
    const uri = (...path: string[]): string =>
      webview
        .asWebviewUri(this.#vscode.Uri.joinPath(this.#options.extensionUri, ...path))
        .toString();
    return panelHtml({
      script: uri('dist', 'panel.js'),
      icons: uri('dist', 'codicon.css'),
      styles: [uri('media', 'panel.css')],
      sources: folders.map((folder) => folderSource(webview.asWebviewUri(folder).toString())),
      language: this.#vscode.env.language,
    });
  }
}
