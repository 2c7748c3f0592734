import type { Uri, Webview, WebviewView, WebviewViewProvider } from 'vscode';
import type { FromPanel, PanelCommand, ToPanel } from '../protocol/panel.ts';
import { type Disposable, Disposables } from './disposables.ts';
import { fromPanel } from './from-panel.ts';
import type { Opener } from './opener.ts';
import { PanelFeed } from './panel-feed.ts';
import { panelHtml } from './panel-html.ts';
import { forPanel, RUNS_SHOWN } from './panel-state.ts';
import type { RunActions } from './run-actions.ts';
import type { Runs } from './runs.ts';
import { Signal } from './signal.ts';
import type { Vscode } from './vscode.ts';

export interface PanelOptions {
  readonly extensionUri: Uri;
  readonly runs: Runs;
  readonly actions: RunActions;
  readonly opener: Opener;
  readonly command: (command: PanelCommand) => Promise<void>;
  readonly showOutput: () => void;
  /** Told of everything that goes wrong on the person's behalf. */
  readonly report: (error: unknown) => void;
}

/** The host of the webview view `sluice.panel`. */
export class Panel implements WebviewViewProvider, Disposable {
  /** The panel was shown (true) or hidden. */
  readonly visible = new Signal<boolean>();
  readonly #vscode: Vscode;
  readonly #options: PanelOptions;
  readonly #owned = new Disposables();
  #shown: { readonly view: WebviewView; readonly feed: PanelFeed } | undefined;

  constructor(vscode: Vscode, options: PanelOptions) {
    this.#vscode = vscode;
    this.#options = options;
    this.#owned.add(vscode.window.registerWebviewViewProvider('sluice.panel', this));
    this.#owned.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.refresh()));
    this.#owned.add(vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh()));
  }

  resolveWebviewView(view: WebviewView): void {
    const { extensionUri, runs, report } = this.#options;
    const { webview } = view;
    const root = this.#vscode.Uri.joinPath(extensionUri, 'dist');
    const media = this.#vscode.Uri.joinPath(extensionUri, 'media');
    webview.options = { enableScripts: true, localResourceRoots: [root, media] };
    const owned = new Disposables();
    const feed = owned.add(
      new PanelFeed({
        runs,
        snapshot: () => this.#snapshot(),
        send: (message) => void webview.postMessage(message).then(undefined, report),
      }),
    );
    const shown = { view, feed };
    this.#shown = shown;
    owned.add(
      webview.onDidReceiveMessage((value: unknown) => {
        const message = fromPanel(value);
        if (message !== undefined) this.#receive(feed, message).catch(report);
      }),
    );
    owned.add(
      view.onDidChangeVisibility(() => {
        this.visible.emit(view.visible);
        if (view.visible) feed.show();
        else feed.hide();
      }),
    );
    owned.add(
      view.onDidDispose(() => {
        if (this.#shown === shown) this.#shown = undefined;
        this.visible.emit(false);
        owned.dispose();
      }),
    );
    this.#owned.add(owned);
    webview.html = this.#page(webview);
    this.visible.emit(view.visible);
  }

  /** Brings the panel to the front, the keyboard with it. */
  async focus(): Promise<void> {
    await this.#vscode.commands.executeCommand('sluice.panel.focus');
  }

  /** Shows the panel; the keyboard stays in the editor. */
  async reveal(): Promise<void> {
    if (this.#shown !== undefined) {
      this.#shown.view.show(true);
      return;
    }
    const editing = this.#vscode.window.activeTextEditor !== undefined;
    await this.focus();
    if (!editing) return;
    await this.#vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
  }

  /** Sends a whole snapshot: something beside the runs has changed. */
  refresh(): void {
    if (this.#shown?.view.visible === true) this.#shown.feed.show();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #snapshot(): ToPanel {
    const { workspace } = this.#vscode;
    return {
      type: 'snapshot',
      runs: this.#options.runs.all.slice(0, RUNS_SHOWN).map((run) => forPanel(run.state)),
      trusted: workspace.isTrusted,
      folder: (workspace.workspaceFolders ?? []).length > 0,
      now: Date.now(),
    };
  }

  async #receive(feed: PanelFeed, message: FromPanel): Promise<void> {
    const { actions, opener, command, showOutput } = this.#options;
    switch (message.type) {
      case 'ready':
        feed.show();
        return;
      case 'cancel':
        return actions.cancel(message.run, message.item);
      case 'pause':
        return actions.pause(message.run);
      case 'resume':
        return actions.resume(message.run);
      case 'retry':
        return actions.retry(message.run, message.item);
      case 'openResult':
        return opener.result(message.run, message.item, message.result);
      case 'openSource':
        return opener.source(message.run, message.item);
      case 'openOutput':
        showOutput();
        return;
      case 'command':
        return command(message.command);
    }
  }

  #page(webview: Webview): string {
    const uri = (...path: string[]): string =>
      webview
        .asWebviewUri(this.#vscode.Uri.joinPath(this.#options.extensionUri, ...path))
        .toString();
    return panelHtml({
      script: uri('dist', 'panel.js'),
      icons: uri('dist', 'codicon.css'),
      styles: [uri('media', 'panel.css')],
      cspSource: webview.cspSource,
      language: this.#vscode.env.language,
    });
  }
}
