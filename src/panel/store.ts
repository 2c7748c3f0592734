import type { EngineLine, FromPanel, PanelCommand, QueueMove, ToPanel } from '../protocol/panel.ts';
import { applyEvents, type ItemState, type RunState } from '../protocol/state.ts';
import { announcement } from './announce.ts';
import { AudioOut } from './audio.ts';
import { Contents } from './contents.ts';
import type { PageHost, PanelHost } from './host.ts';
import { kindOf } from './kinds.ts';
import type { OpenMenu } from './menu.ts';
import { Mixer } from './mixer.ts';
import type { Row } from './navigation.ts';
import { Player } from './player.ts';
import { Previews } from './previews.ts';
import { mainResult, recordingOf } from './recording.ts';
import { Search } from './search.ts';
import { stemsOf } from './stems.ts';
import { text } from './text.ts';
import { findTrack } from './track.ts';
import { Tree } from './tree.ts';

/** News of runs is shown this often, in ms: every second frame. Nobody reads numbers faster. */
const NEWS = 30;

/**
 * What the panel shows: the runs as their events make them, and the little that is the panel's own.
 * Listeners are told at most once a frame.
 */
export class PanelStore {
  /** False until the first snapshot. */
  ready = false;
  trusted = true;
  folder = true;
  /** Newest first. */
  runs: readonly RunState[] = [];
  engines: readonly EngineLine[] = [];
  /** What a screen reader is to say. */
  announcement = '';
  menu: OpenMenu | undefined;
  /** Rises when something else than the runs has changed. */
  version = 0;
  readonly search: Search;
  readonly tree: Tree;
  readonly player: Player;
  readonly mixer: Mixer;
  readonly previews: Previews;
  readonly #host: PanelHost;
  readonly #contents: Contents;
  readonly #frame: (callback: () => void) => unknown;
  readonly #listeners = new Set<() => void>();
  #scroll: number;
  /** Added to the panel's clock, in ms, it gives the host's. */
  #clockOffset = 0;
  /** The item that the person moved in the queue, until it is there. */
  #moving: Row | undefined;
  /** The item that is to be played. */
  #toPlay: Row | undefined;
  /** The run of which the person changed how many items are under way at once, until it is so. */
  #widening: string | undefined;
  #scheduled = false;
  /** News wait for their frame. */
  #waiting = false;
  /** When the listeners were told last. */
  #told = 0;

  /** `frame` calls back before the next frame is drawn. */
  constructor(
    host: PanelHost,
    frame: (callback: () => void) => unknown = (callback) => requestAnimationFrame(callback),
  ) {
    this.#host = host;
    this.#frame = frame;
    const memory = host.load();
    this.#scroll = memory?.scroll ?? 0;
    const changed = (): void => this.#changed();
    this.search = new Search(() => {
      this.tree.restart();
      changed();
    });
    this.tree = new Tree({
      search: this.search,
      runs: () => this.runs,
      expanded: memory?.expanded ?? {},
      open: memory?.open ?? {},
      changed,
    });
    this.#contents = new Contents((message) => this.post(message));
    this.previews = new Previews(this.#contents, changed);
    const out = new AudioOut(changed);
    this.player = new Player({
      contents: this.#contents,
      out,
      starting: () => this.mixer.giveWay(),
      find: (track) => findTrack(this.runs, track),
      changed,
      save: () => this.#save(),
      memory: memory?.player,
    });
    this.mixer = new Mixer({
      contents: this.#contents,
      out,
      starting: () => this.player.giveWay(),
      find: ({ run, item }) => this.#run(run)?.items[item - 1],
      changed,
      announce: (problem) => this.announce(problem),
      save: () => this.#save(),
      memory: memory?.mixer,
    });
    host.listen((message) => this.#receive(message));
  }

  /** The host's time, in ms since 1970. */
  get now(): number {
    return Date.now() + this.#clockOffset;
  }

  get scroll(): number {
    return this.#scroll;
  }

  /** What a page does beside showing runs; `undefined` in a webview. */
  get page(): PageHost | undefined {
    return this.#host.page;
  }

  /** Whether the host does what a message of this type, or this command, asks for. */
  can(what: FromPanel['type'] | PanelCommand): boolean {
    return this.#host.unable?.has(what) !== true;
  }

  /** Another run goes on with this one. */
  isResumed(state: RunState): boolean {
    return this.runs.some(({ run }) => run.resumes === state.run.id);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  post(message: FromPanel): void {
    this.#host.post(message);
  }

  /** Opens or closes a run. */
  expand(state: RunState, expanded: boolean): void {
    this.tree.expand(state, expanded);
    if (!expanded) this.mixer.close({ run: state.run.id });
    this.#save();
  }

  /** Shows the results of an item, or hides them. */
  open({ run, item }: Row, open: boolean): void {
    this.tree.open({ run, item }, open);
    if (!open) this.mixer.close({ run, item });
    this.#save();
    // Of a single text there is nothing else to show.
    const id = { run, item, result: 0 };
    const found = findTrack(this.runs, id)?.item;
    const [only, ...others] = found?.results ?? [];
    if (found === undefined || only === undefined || others.length > 0) return;
    if (open && kindOf(only) === 'text' && recordingOf(found) === -1) {
      this.previews.show(id, only);
    }
  }

  /** Plays what an item has made, or pauses it: its stems together, otherwise its last sound. */
  async playItem(row: Row): Promise<void> {
    const item = this.#run(row.run)?.items[row.item - 1];
    if (item === undefined) return;
    if (!this.isMixed(item, row.run)) {
      return this.player.play({ ...row, result: mainResult(item) });
    }
    if (!this.tree.isOpen(row)) this.open(row, true);
    await this.mixer.toggle(row);
  }

  /** Whether something of an item is playing. */
  isPlaying(row: Row): boolean {
    if (this.mixer.isPlaying(row)) return true;
    const { found, playing } = this.player;
    return playing && found?.track.run === row.run && found.track.item === row.item;
  }

  /** Whether an item is shown as a mixer of its stems. */
  isMixed(item: ItemState, run: string): boolean {
    return stemsOf(item).length > 0 && this.mixer.fits({ run, item: item.item });
  }

  /** Asks for another place in the queue, and says which one it became. */
  moveItem(row: Row, to: QueueMove): void {
    this.#moving = row;
    this.post({ type: 'move', ...row, to });
  }

  /** Asks for so many items of a run at once, and says when it is so. */
  setConcurrency(run: string, concurrency: number): void {
    this.#widening = run;
    this.post({ type: 'concurrency', run, concurrency });
  }

  showMenu(menu: OpenMenu | undefined): void {
    this.menu = menu;
    this.#changed();
  }

  /** A screen reader says it. */
  announce(said: string): void {
    this.announcement = said;
    this.#changed();
  }

  scrolled(to: number): void {
    this.#scroll = to;
    this.#save();
  }

  #receive(message: ToPanel): void {
    switch (message.type) {
      case 'snapshot':
        this.ready = true;
        this.trusted = message.trusted;
        this.folder = message.folder;
        this.#clockOffset = message.now - Date.now();
        this.announcement = '';
        this.#setRuns(message.runs);
        break;
      case 'events':
        for (const { run, events } of message.runs) {
          const before = this.runs.find((state) => state.run.id === run);
          if (before === undefined) continue;
          const after = applyEvents(before, events);
          const kept = this.tree.keepOpen(before, after);
          this.runs = this.runs.map((state) => (state === before ? after : state));
          if (kept) this.#save();
          this.announcement =
            announcement(after, events) || this.#steered(before, after) || this.announcement;
        }
        this.#check();
        break;
      case 'run': {
        const others = this.runs.filter((state) => state.run.id !== message.state.run.id);
        this.#setRuns([message.state, ...others]);
        break;
      }
      case 'removed':
        this.#setRuns(this.runs.filter((state) => state.run.id !== message.run));
        break;
      case 'content':
        this.#contents.receive(message, message);
        if ('problem' in message) this.announcement = message.problem;
        break;
      case 'engines':
        this.engines = message.engines;
        break;
      case 'reveal': {
        const row = { run: message.run, item: message.item ?? 0 };
        // The keyboard stays where it is, unless it is in the panel already.
        this.tree.reveal(row, document.hasFocus(), true);
        if (message.play === true) this.#toPlay = row;
        break;
      }
      default:
        message satisfies never;
    }
    this.#playAsked();
    if (message.type === 'events') this.#scheduleNews();
    else this.#changed();
  }

  /** Plays the item that is to be played, as soon as its run is known. */
  #playAsked(): void {
    const row = this.#toPlay;
    if (row === undefined || findTrack(this.runs, row) === undefined) return;
    this.#toPlay = undefined;
    if (!this.player.isAt(row)) void this.player.play(row);
  }

  #setRuns(runs: readonly RunState[]): void {
    this.runs = runs.toSorted((a, b) => b.started - a.started);
    this.#check();
  }

  /** What plays may be no more. */
  #check(): void {
    this.player.check();
    this.mixer.check();
  }

  #run(id: string): RunState | undefined {
    return this.runs.find(({ run }) => run.id === id);
  }

  /** What is said when the queue has become what the person asked for: an item has its new place, or it is wider. */
  #steered(before: RunState, after: RunState): string {
    if (this.#widening === after.run.id && before.concurrency !== after.concurrency) {
      this.#widening = undefined;
      return text.widened(after.concurrency);
    }
    const { run, item } = this.#moving ?? {};
    if (run !== after.run.id || item === undefined || before.queue === after.queue) return '';
    this.#moving = undefined;
    const place = after.queue.indexOf(item) + 1;
    const title = after.items[item - 1]?.title ?? '';
    return place === 0 ? '' : text.moved(title, place, after.queue.length);
  }

  #changed(): void {
    this.version += 1;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#frame(() => this.#tell());
  }

  /** Tells of news, which wait for a frame when others were told of in the one before. */
  #scheduleNews(): void {
    if (this.#scheduled || this.#waiting) return;
    this.#waiting = true;
    this.#frame(() => {
      this.#waiting = false;
      if (this.#scheduled) return;
      if (performance.now() - this.#told < NEWS) this.#scheduleNews();
      else this.#tell();
    });
  }

  #tell(): void {
    this.#scheduled = false;
    this.#told = performance.now();
    for (const listener of this.#listeners) listener();
  }

  #save(): void {
    // Before the first snapshot no run is known, and all of the memory would seem to be of runs that are gone.
    if (!this.ready) return;
    this.#host.save({
      expanded: this.tree.expanded,
      scroll: this.#scroll,
      player: this.player.memory,
      mixer: this.mixer.memory(this.runs),
      open: this.tree.openItems,
    });
  }
}
