/** A browser that wants a click before it plays has not begun after so long, in ms. */
const PATIENCE = 800;
/**
 * Samples a second of the panel's sound, those of most music: at the rate of a finer device, decoded songs would only
 * take more memory.
 */
const RATE = 44_100;
/** What was stopped has faded out after so long, in ms. */
const FADE = 150;

/**
 * The panel's way to the loudspeakers for sounds that are put together in it. Whoever plays keeps it awake; it sleeps
 * when nobody does, so that no device is held open for silence.
 */
export class AudioOut {
  readonly #awake = new Set<object>();
  readonly #changed: () => void;
  #context: AudioContext | undefined;
  #sleep: ReturnType<typeof setTimeout> | undefined;

  /** `changed` is called when its clock begins to run or stops. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Made at its first use: a page may have few of them, and most panels play nothing. */
  get context(): AudioContext {
    if (this.#context === undefined) {
      this.#context = new AudioContext({ sampleRate: RATE });
      this.#context.addEventListener('statechange', () => this.#changed());
    }
    return this.#context;
  }

  /** Whether its clock runs, so that what is scheduled is heard. */
  get running(): boolean {
    return this.#context?.state === 'running';
  }

  /**
   * Keeps it awake for `who`, until `rest`. False when the browser wants a click or a key in the panel first; its
   * clock may run later all the same, which `changed` tells.
   */
  async wake(who: object): Promise<boolean> {
    this.#awake.add(who);
    clearTimeout(this.#sleep);
    const { context } = this;
    // Not awaited alone: where a click is wanted it settles when there was one.
    const resumed = context.resume();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE);
    });
    await Promise.race([resumed, patience]).finally(() => clearTimeout(timer));
    return this.running;
  }

  rest(who: object): void {
    this.#awake.delete(who);
    clearTimeout(this.#sleep);
    if (this.#awake.size > 0 || this.#context === undefined) return;
    this.#sleep = setTimeout(() => {
      // Refused by a context that is closed, which nobody hears either.
      void this.#context?.suspend().catch(() => {});
    }, FADE);
  }
}
