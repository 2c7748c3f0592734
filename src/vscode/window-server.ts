import type { LogOutputChannel, QuickPickItem, StatusBarItem, Uri, WorkspaceFolder } from 'vscode';
import { plain } from './plain.ts';
import { chosenQueue } from './queue.ts';
import type { Secrets } from './secrets.ts';
import { ServerProcess } from './server-process.ts';
import { settingsEnvironment } from './settings.ts';
import { requireTrust } from './trust.ts';
import type { Vscode } from './vscode.ts';

export interface WindowServerOptions {
  readonly secrets: Secrets;
  readonly log: LogOutputChannel;
  readonly report: (error: unknown) => void;
}

/** The server that this window has started, its item in the status bar, and what is done with it. */
export class WindowServer {
  readonly #vscode: Vscode;
  readonly #options: WindowServerOptions;
  #server: ServerProcess | undefined;
  #starting: Promise<ServerProcess | undefined> | undefined;
  #item: StatusBarItem | undefined;
  #disposed = false;

  constructor(vscode: Vscode, options: WindowServerOptions) {
    this.#vscode = vscode;
    this.#options = options;
  }

  /** Starts the server and says where it is; of one that runs, asks what is to be done with it. */
  async start(): Promise<void> {
    if (this.#server !== undefined) return this.#choose(this.#server);
    this.#starting ??= this.#open().finally(() => {
      this.#starting = undefined;
    });
    const server = await this.#starting;
    if (server !== undefined) await this.#announce(server);
  }

  /** Ends the server. Its runs go on. */
  async stop(): Promise<void> {
    const server = this.#server ?? (await this.#starting);
    if (server === undefined) return;
    this.#forget(server);
    await server.stop();
    const { l10n, window } = this.#vscode;
    window.setStatusBarMessage(l10n.t('The Sluice server has stopped. Runs go on.'), 4000);
  }

  dispose(): void {
    this.#disposed = true;
    const server = this.#server;
    if (server === undefined) return;
    this.#forget(server);
    server.stop().catch(this.#options.report);
  }

  async #open(): Promise<ServerProcess | undefined> {
    if (!(await requireTrust(this.#vscode))) return undefined;
    const folder = await this.#folder();
    if (folder === undefined) return undefined;
    const { secrets, log } = this.#options;
    const server = await ServerProcess.start({
      folder: folder.uri.fsPath,
      port: this.#vscode.workspace.getConfiguration('sluice').get<number>('server.port', 0),
      token: await secrets.serverToken(),
      env: { ...settingsEnvironment(this.#vscode), ...(await secrets.environment()) },
      queue: await chosenQueue(this.#vscode, secrets),
      log: (line) => log.info(line),
    });
    if (this.#disposed) {
      await server.stop();
      return undefined;
    }
    this.#server = server;
    this.#show(server, folder);
    void server.ended.then(() => this.#lost(server));
    return server;
  }

  async #folder(): Promise<WorkspaceFolder | undefined> {
    const { l10n, window, workspace } = this.#vscode;
    const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    const [first, second] = folders;
    if (second !== undefined) {
      const placeHolder = l10n.t('Which folder is to be served?');
      return window.showWorkspaceFolderPick({ placeHolder });
    }
    if (first === undefined) {
      void window.showInformationMessage(l10n.t('Open a folder first: its runs are served.'));
    }
    return first;
  }

  #show(server: ServerProcess, folder: WorkspaceFolder): void {
    const { l10n, window, StatusBarAlignment } = this.#vscode;
    const item = window.createStatusBarItem('sluice.server', StatusBarAlignment.Left, 9);
    item.name = l10n.t('Sluice Server');
    item.text = `$(broadcast) ${new URL(server.origin).host}`;
    item.tooltip = l10n.t('Sluice serves {0} at {1}', folder.name, server.origin);
    item.command = 'sluice.startServer';
    item.show();
    this.#item = item;
    this.#sayServing(true);
  }

  /** It has ended without being told to. */
  #lost(server: ServerProcess): void {
    if (this.#server !== server) return;
    this.#forget(server);
    const { l10n } = this.#vscode;
    this.#options.report(new Error(l10n.t('The server has ended. The log says why.')));
  }

  #forget(server: ServerProcess): void {
    if (this.#server !== server) return;
    this.#server = undefined;
    this.#item?.dispose();
    this.#item = undefined;
    if (!this.#disposed) this.#sayServing(false);
  }

  #sayServing(serving: boolean): void {
    const { commands } = this.#vscode;
    const said = commands.executeCommand('setContext', 'sluice.serving', serving);
    said.then(undefined, this.#options.report);
  }

  async #announce(server: ServerProcess): Promise<void> {
    const { l10n, window } = this.#vscode;
    const open = l10n.t('Open in Browser');
    const copy = l10n.t('Copy Link');
    const chosen = await window.showInformationMessage(
      plain(l10n.t('Sluice serves this folder at {0}.', server.origin)),
      open,
      copy,
    );
    if (chosen === open) await this.#openPage(server);
    if (chosen === copy) await this.#copyLink(server);
  }

  async #choose(server: ServerProcess): Promise<void> {
    const { l10n, window } = this.#vscode;
    const items: (QuickPickItem & { readonly work: () => Promise<void> })[] = [
      {
        label: `$(link-external) ${l10n.t('Open in Browser')}`,
        work: () => this.#openPage(server),
      },
      {
        label: `$(link) ${l10n.t('Copy Link')}`,
        detail: l10n.t('It opens the page once, within ten minutes.'),
        work: () => this.#copyLink(server),
      },
      {
        label: `$(key) ${l10n.t('Copy Token')}`,
        detail: l10n.t('For programs: whoever has it can run anything as you.'),
        work: () => this.#copyToken(),
      },
      { label: `$(debug-disconnect) ${l10n.t('Stop Server')}`, work: () => this.stop() },
    ];
    const picked = await window.showQuickPick(items, {
      title: l10n.t('Sluice Server'),
      placeHolder: server.origin,
    });
    await picked?.work();
  }

  /** A link for the person's browser, which may be on another machine than this. */
  async #link(server: ServerProcess): Promise<Uri> {
    const { env, Uri } = this.#vscode;
    const link = await env.asExternalUri(Uri.parse(await server.link()));
    server.answerTo(`${link.scheme}://${link.authority}`);
    return link;
  }

  async #openPage(server: ServerProcess): Promise<void> {
    await this.#vscode.env.openExternal(await this.#link(server));
  }

  async #copyLink(server: ServerProcess): Promise<void> {
    const { env, l10n, window } = this.#vscode;
    const link = await this.#link(server);
    await env.clipboard.writeText(link.toString(true));
    window.setStatusBarMessage(l10n.t('Link copied. It opens the page once.'), 4000);
  }

  async #copyToken(): Promise<void> {
    const { env, l10n, window } = this.#vscode;
    await env.clipboard.writeText(await this.#options.secrets.serverToken());
    window.setStatusBarMessage(l10n.t('Token copied.'), 4000);
  }
}
