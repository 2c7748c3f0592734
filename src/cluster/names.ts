/** How long Redis keeps what belongs to a run that nobody follows any more: until then it can be gone on with. */
export const KEPT_MS = 3_600_000;
/** How long a worker is listed after its last sign of life. */
export const LISTED_MS = 15_000;

/** Names of what is kept in Redis. BullMQ's own keys begin with the same prefix. */
export class Names {
  readonly prefix: string;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** Set: ids of workers. */
  get workers(): string {
    return `${this.prefix}:workers`;
  }

  /** WorkerInfo as JSON; expires. */
  worker(id: string): string {
    return `${this.prefix}:worker:${id}`;
  }

  /** Stream: what runners say to a worker. */
  toWorker(id: string): string {
    return `${this.prefix}:worker:${id}:in`;
  }

  /** Hash: the jobs of a run; expires when its runner is gone. */
  run(id: string): string {
    return `${this.prefix}:run:${id}`;
  }

  /** Stream: what workers say to a run. */
  toRun(id: string): string {
    return `${this.prefix}:run:${id}:in`;
  }
}

/** The channel on which every event of an item, or of a whole run, is published as JSON. */
export function channelOf(run: string, item?: number): string {
  return `audio_stream:${item === undefined ? run : `${run}.${item}`}`;
}
