import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Order } from './messages.ts';
import { Site, type SiteOptions } from './site.ts';

/** The processes of a run stay warm for so many ms after its last item here. */
const WARM_MS = 60_000;

interface Open {
  readonly site: Promise<Site>;
  readonly run: string;
  uses: number;
  timer: NodeJS.Timeout | undefined;
}

/** The runs that a worker does items of. */
export class Sites {
  readonly #options: SiteOptions;
  readonly #open = new Map<string, Open>();
  readonly #closing = new Set<Promise<void>>();

  /** @param options `folder` and `tag` are those of all of them */
  constructor(options: SiteOptions) {
    this.#options = options;
  }

  get runs(): ReadonlySet<string> {
    return new Set([...this.#open.values()].map(({ run }) => run));
  }

  /** The site of an order's run. It is there until `leave` was called as often. */
  async enter(order: Order): Promise<Site> {
    const key = keyOf(order);
    const known = this.#open.get(key);
    if (known !== undefined) {
      clearTimeout(known.timer);
      known.uses += 1;
      return known.site;
    }
    const { folder, tag } = this.#options;
    const site = Site.open(order, {
      ...this.#options,
      folder: join(folder, key),
      tag: `${tag}.${key}`,
    });
    this.#open.set(key, { site, run: order.run, uses: 1, timer: undefined });
    // Whoever waits for it is told why it could not be opened; the next one tries again.
    site.catch(() => this.#open.delete(key));
    return site;
  }

  leave(order: Order): void {
    const key = keyOf(order);
    const open = this.#open.get(key);
    if (open === undefined) return;
    open.uses -= 1;
    if (open.uses > 0) return;
    open.timer = setTimeout(() => this.#end(key, open), WARM_MS);
  }

  /** Ends what is kept of a run that is over. */
  end(run: string): void {
    for (const [key, open] of this.#open) {
      if (open.run === run && open.uses === 0) this.#end(key, open);
    }
  }

  async close(): Promise<void> {
    for (const [key, open] of this.#open) this.#end(key, open);
    await Promise.all(this.#closing);
  }

  #end(key: string, { site, timer }: Open): void {
    clearTimeout(timer);
    this.#open.delete(key);
    const closing = site.then((opened) => opened.close()).catch(() => {});
    this.#closing.add(closing);
    void closing.then(() => this.#closing.delete(closing));
  }
}

/** Orders of one run differ in their items alone; those of two runs never share a process. */
function keyOf({ run, workspace, folder, root, steps }: Order): string {
  const all = JSON.stringify([run, workspace, folder, root, steps]);
  return createHash('sha256').update(all).digest('hex').slice(0, 24);
}
