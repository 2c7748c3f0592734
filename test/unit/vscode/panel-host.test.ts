import { describe, expect, test } from 'vitest';
import type { WebviewPanel, WebviewView } from 'vscode';
import type { EngineLine, ToPanel } from '../../../src/protocol/panel.ts';
import { Runs } from '../../../src/runner/runs.ts';
import { Panel, type PanelOptions, type PanelRequest } from '../../../src/vscode/panel.ts';
import { FakeList, FakeRun } from '../../support/fake-run.ts';
import { FakeEvent, FakeUri, FakeVscode } from '../../support/fake-vscode.ts';
import { RunFixture } from '../../support/run-fixture.ts';

/** A place for the panel: the page says when it is ready, and gets messages. */
class FakePlace {
  readonly received: ToPanel[] = [];
  readonly said = new FakeEvent<unknown>();
  readonly changed = new FakeEvent<unknown>();
  readonly disposed = new FakeEvent<void>();
  visible = true;
  broughtUp = 0;
  iconPath: unknown;
  readonly webview = {
    options: {} as { localResourceRoots?: FakeUri[]; enableCommandUris?: boolean },
    html: '',
    onDidReceiveMessage: this.said.event,
    asWebviewUri: (uri: FakeUri) => `https://file+.host.net${uri.fsPath}`,
    postMessage: async (message: ToPanel) => {
      if (!this.visible) throw new Error('Sent to a page that is hidden.');
      this.received.push(message);
    },
  };
  readonly onDidChangeVisibility = this.changed.event;
  readonly onDidChangeViewState = this.changed.event;
  readonly onDidDispose = this.disposed.event;

  /** As VS Code does: the page goes when it is hidden, and is loaded again when it is shown. */
  show(visible: boolean): void {
    this.visible = visible;
    this.changed.fire(undefined);
    if (visible) this.said.fire({ type: 'ready' });
  }

  reveal(): void {
    this.broughtUp += 1;
  }

  get types(): string[] {
    return this.received.map((message) => message.type);
  }
}

async function makePanel(more: Partial<PanelOptions> = {}, empty = false) {
  const vscode = new FakeVscode();
  const fixture = new RunFixture('run', 'Run', ['a', 'b']);
  const run = new FakeRun(fixture.state);
  const list = new FakeList(...(empty ? [] : [run]));
  const runs = new Runs(async () => list);
  await runs.watch('/workspace');
  const requests: PanelRequest[] = [];
  const problems: unknown[] = [];
  const panel = new Panel(vscode.module, {
    extensionUri: FakeUri.file('/extension') as never,
    runs,
    request: async (message) => {
      requests.push(message);
      return undefined;
    },
    command: async () => {},
    report: (problem) => problems.push(problem),
    ...more,
  });
  const visible: boolean[] = [];
  panel.visible.on((now) => visible.push(now));
  const addView = (): FakePlace => {
    const place = new FakePlace();
    panel.resolveWebviewView(place as unknown as WebviewView);
    return place;
  };
  const addTab = (): FakePlace => {
    const place = new FakePlace();
    void panel.deserializeWebviewPanel(place as unknown as WebviewPanel);
    return place;
  };
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60));
  return {
    vscode,
    panel,
    fixture,
    run,
    list,
    requests,
    problems,
    visible,
    addView,
    addTab,
    settle,
  };
}

describe('the panel', () => {
  test('gets one snapshot when its page is ready, nothing while it is hidden, and one again', async () => {
    const { addView, fixture, run, settle, visible, problems } = await makePanel();
    const view = addView();
    run.emit(fixture.add({ type: 'start', item: 1, attempt: 1 }));
    expect(view.received).toEqual([]);
    view.said.fire({ type: 'ready' });
    run.emit(fixture.add({ type: 'end', item: 1, state: 'done' }));
    await settle();
    expect(view.types).toEqual(['snapshot', 'events']);
    view.show(false);
    run.emit(fixture.add({ type: 'start', item: 2, attempt: 1 }));
    await settle();
    view.show(true);
    await settle();
    expect(view.types).toEqual(['snapshot', 'events', 'snapshot']);
    expect(view.received[2]).toMatchObject({ runs: [{ counts: { running: 1, done: 1 } }] });
    expect(visible).toEqual([true, false, true]);
    expect(problems).toEqual([]);
  });

  test('is right in several places at once, each by a feed of its own', async () => {
    const { addView, addTab, fixture, run, settle, visible } = await makePanel();
    const [view, tab] = [addView(), addTab()];
    for (const place of [view, tab]) place.said.fire({ type: 'ready' });
    view.show(false);
    run.emit(fixture.add({ type: 'start', item: 1, attempt: 1 }));
    await settle();
    expect(view.types).toEqual(['snapshot']);
    expect(tab.types).toEqual(['snapshot', 'events']);
    // The view is moved to another side bar: VS Code makes a new one.
    view.disposed.fire();
    const moved = addView();
    moved.said.fire({ type: 'ready' });
    tab.disposed.fire();
    run.emit(fixture.add({ type: 'end', item: 1, state: 'done' }));
    await settle();
    expect(tab.types).toEqual(['snapshot', 'events']);
    expect(moved.types).toEqual(['snapshot', 'events']);
    expect(moved.received[0]).toMatchObject({ runs: [{ counts: { running: 1 } }] });
    moved.disposed.fire();
    expect(visible.at(-1)).toBe(false);
  });

  test('brings a run into view: at once, or as soon as the page is ready', async () => {
    const { panel, addView, vscode } = await makePanel();
    await panel.show('run', 2);
    expect(vscode.executed).toEqual([['sluice.panel.focus']]);
    const view = addView();
    view.said.fire({ type: 'ready' });
    expect(view.received[1]).toEqual({ type: 'reveal', run: 'run', item: 2 });
    await panel.show('run');
    expect(view.received[2]).toEqual({ type: 'reveal', run: 'run' });
    view.show(false);
    view.show(true);
    expect(view.types.slice(3)).toEqual(['snapshot']);
  });

  test('is shown where it is: the tab when that is in sight, and nothing moves when it is', async () => {
    const { panel, addTab, vscode } = await makePanel();
    const tab = addTab();
    await panel.reveal();
    expect([tab.broughtUp, vscode.executed]).toEqual([0, []]);
    await panel.show();
    expect([tab.broughtUp, vscode.executed]).toEqual([1, []]);
    await panel.openInEditor();
    expect(tab.broughtUp).toBe(2);
    expect(panel.isVisible).toBe(true);
  });

  test('asks for engines when there is no run, and is told them', async () => {
    const engines: EngineLine[] = [{ need: 'voice', name: 'Kokoro', ready: true }];
    const { addView, settle } = await makePanel({ engines: async () => engines }, true);
    const view = addView();
    view.said.fire({ type: 'ready' });
    await settle();
    expect(view.received[1]).toEqual({ type: 'engines', engines });
  });

  test('passes on what the person does, checked, and answers the page that asked', async () => {
    const content = { type: 'content', run: 'run', item: 1, result: 0, problem: 'No.' } as const;
    const asked: PanelRequest[] = [];
    const { addView, addTab, settle } = await makePanel({
      request: async (message) => {
        asked.push(message);
        return content;
      },
    });
    const [view, tab] = [addView(), addTab()];
    tab.said.fire({ type: 'loadResult', run: 'run', item: 1, result: 0 });
    tab.said.fire({ type: 'loadResult', run: 'run', item: '../1', result: 0 });
    tab.said.fire({ type: 'openFile', path: '/etc/passwd' });
    await settle();
    expect(asked).toEqual([{ type: 'loadResult', run: 'run', item: 1, result: 0 }]);
    expect([view.received, tab.received]).toEqual([[], [content]]);
  });

  test('reaches the extension’s own folders alone, and runs no commands by links', async () => {
    const { addView } = await makePanel();
    const { options, html } = addView().webview;
    expect(options.localResourceRoots?.map(({ fsPath }) => fsPath)).toEqual([
      '/extension/dist',
      '/extension/media',
    ]);
    expect(options.enableCommandUris).toBeUndefined();
    expect(html).toContain('style-src https://*.host.net/extension/dist/');
  });
});
