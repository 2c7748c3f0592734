import type { RunEvent, SoundPart } from '../../src/protocol/events.ts';
import type { RunState } from '../../src/protocol/state.ts';
import type { PanelPage } from './panel-page.ts';
import { snapshot } from './panel-scenes.ts';
import { wav } from './panel-sound.ts';
import { RunFixture } from './run-fixture.ts';

/** What a lesson says, part by part, as it is written, with the silence after each part in seconds. */
export const PARTS: readonly { readonly text: string; readonly silence: number }[] = [
  { text: '# How plants make food\n\n', silence: 0.7 },
  { text: '## Objective\n\n', silence: 0.7 },
  { text: 'Today we learn how **plants** make food, ', silence: 0 },
  { text: 'and what they need for it. ', silence: 0.22 },
  { text: 'It is simple!\n\n', silence: 0.5 },
  { text: '## Explanation\n\n', silence: 0.7 },
  { text: 'A leaf catches the light of the sun. ', silence: 0.22 },
  { text: 'Water comes up from the ground, and air comes in.', silence: 0.22 },
];

/** A lesson that is being written and spoken, with a host that answers for its sounds. */
export class LessonScene {
  readonly run = new RunFixture('lesson', 'How plants make food', ['How plants make food']);
  readonly parts: SoundPart[] = [];
  /** When each part was told of, by the page's own clock, in ms. */
  readonly told: number[] = [];
  readonly #panel: PanelPage;
  readonly #seconds: number;
  #written = 0;
  #attempt = 1;
  #shown = false;

  /** Each part is of so many seconds. */
  constructor(panel: PanelPage, seconds = 1) {
    this.#panel = panel;
    this.#seconds = seconds;
    const item = 1;
    this.run.add({ type: 'start', item, attempt: 1 });
    this.run.add({ type: 'step', item, step: 0 });
    this.run.add({ type: 'step', item, step: 1, beside: [0] });
    const progress = { phase: 'speak', fraction: 0 };
    this.run.add({ type: 'progress', item, step: 1, progress });
  }

  get state(): RunState {
    return this.run.state;
  }

  /** Shows the run, and has the host answer what the panel asks for from now on. */
  async show(): Promise<void> {
    this.#shown = true;
    await answerSounds(this.#panel, wav(this.#seconds));
    await this.#panel.send(snapshot([this.state], { now: this.run.now }));
  }

  /** The item is to be played, as *Start Lesson…* says it. */
  async play(): Promise<void> {
    await this.#panel.send({ type: 'reveal', run: 'lesson', item: 1, play: true });
  }

  async write(text: string): Promise<void> {
    await this.#tell(this.#text(text));
  }

  /** The next parts can be heard, told of at once; what is said in them is written, too, if it is not yet. */
  async speak({ parts = 1, gap = false } = {}): Promise<void> {
    const events = Array.from({ length: parts }, () => this.#part(gap)).flat();
    const now = await this.#panel.page.evaluate(() => performance.now());
    for (let part = 0; part < parts; part += 1) this.told.push(now);
    await this.#tell(...events);
  }

  #text(text: string): RunEvent {
    this.#written += text.length;
    return this.run.add({ type: 'text', item: 1, step: 0, text });
  }

  #part(gap: boolean): RunEvent[] {
    const chunk = this.parts.length;
    const { text } = PARTS[chunk % PARTS.length] ?? { text: '' };
    const before = this.parts.at(-1);
    const silence = PARTS[(chunk - 1) % PARTS.length]?.silence ?? 0;
    const from = before?.to ?? 0;
    const start = before === undefined ? 0 : before.end + silence;
    const to = from + text.length;
    const part = { chunk, text, from, to, start, end: start + this.#seconds, ...(gap && { gap }) };
    this.parts.push(part);
    const sound = { ...part, path: `.sluice/work/1-1/chunks/${chunk}.wav` };
    const fraction = Math.min(1, this.parts.length / PARTS.length);
    const progress = { phase: 'speak', unit: 'characters', done: to, fraction };
    return [
      ...(this.#written < to ? [this.#text(text.slice(this.#written - from))] : []),
      this.run.add({ type: 'sound', item: 1, step: 1, sound }),
      this.run.add({ type: 'progress', item: 1, step: 1, progress }),
    ];
  }

  /** The item is made: its files are there, and the parts of its sound are gone. */
  async end(): Promise<void> {
    const seconds = this.parts.at(-1)?.end ?? 0;
    const results = [
      { path: 'out/plants.md', mime: 'text/markdown', bytes: 300 },
      { path: 'out/plants.wav', mime: 'audio/wav', bytes: Math.round(seconds * 16_000), seconds },
      { path: 'out/plants.json', mime: 'application/json', bytes: 900 },
    ];
    await this.#forget();
    await this.#tell(
      ...results.map((result) => this.run.add({ type: 'result', item: 1, step: 1, result })),
      this.run.add({ type: 'end', item: 1, state: 'done' }),
    );
  }

  async fail(message: string): Promise<void> {
    await this.#forget();
    await this.#tell(this.run.add({ type: 'end', item: 1, state: 'failed', failure: { message } }));
  }

  /** Another attempt begins from nothing. */
  async beginAnew(): Promise<void> {
    this.#attempt += 1;
    this.parts.length = 0;
    this.#written = 0;
    const failure = { message: 'the voice is gone' };
    await this.#tell(
      this.run.add({ type: 'retry', item: 1, attempt: this.#attempt - 1, delay: 0, failure }),
      this.run.add({ type: 'start', item: 1, attempt: this.#attempt }),
    );
  }

  async #tell(...events: readonly RunEvent[]): Promise<void> {
    if (!this.#shown) return;
    await this.#panel.send({ type: 'events', runs: [{ run: 'lesson', events }] });
  }

  async #forget(): Promise<void> {
    if (!this.#shown) return;
    await this.#panel.page.evaluate(() => {
      (window as unknown as { sounds?: unknown }).sounds = undefined;
    });
  }
}

/** Makes the browser refuse sound before a click, as browsers do: here all that a test looks at would count as one. */
export async function refuseSound({ page }: PanelPage): Promise<void> {
  await page.evaluate(() => {
    let clicked = false;
    addEventListener('click', () => (clicked = true), true);
    const { resume } = AudioContext.prototype;
    AudioContext.prototype.resume = function () {
      return clicked ? resume.call(this) : new Promise(() => {});
    };
    const Allowed = AudioContext;
    window.AudioContext = class extends Allowed {
      constructor(options?: AudioContextOptions) {
        super(options);
        if (!clicked) void this.suspend();
      }
    };
  });
}

/** A start that the page asked of the sound card, by the clock of the sound card. */
export interface Started {
  /** When it was to start, and when that was asked, in seconds. */
  readonly when: number;
  readonly asked: number;
  /** Seconds of it that are heard. */
  readonly seconds: number;
  /** When it was asked, by the page's own clock, in ms. */
  readonly time: number;
}

/** Notes every start that the page asks of the sound card from now on. */
export async function watchStarts({ page }: PanelPage): Promise<void> {
  await page.evaluate(() => {
    const noted: unknown[] = [];
    Object.assign(window, { started: noted });
    const { start } = AudioBufferSourceNode.prototype;
    AudioBufferSourceNode.prototype.start = function (when = 0, offset = 0, ...rest) {
      const { buffer, context } = this;
      const seconds = (buffer?.duration ?? 0) - offset;
      const time = performance.now();
      noted.push({ when, asked: context.currentTime, seconds, time, offset, buffer });
      start.call(this, when, offset, ...rest);
    };
  });
}

export async function startsIn({ page }: PanelPage): Promise<readonly Started[]> {
  return page.evaluate(() =>
    (window as unknown as { started: Started[] }).started.map(({ when, asked, seconds, time }) => ({
      when,
      asked,
      seconds,
      time,
    })),
  );
}

/** What is heard of the starts: the length of each sound and each silence, in seconds, as it is rendered. */
export async function heardOf({ page }: PanelPage): Promise<readonly number[]> {
  return page.evaluate(async () => {
    interface Noted {
      when: number;
      offset: number;
      seconds: number;
      buffer: AudioBuffer;
    }
    // What is rendered here starts, too.
    const started = [...(window as unknown as { started: Noted[] }).started];
    const first = started[0]?.when ?? 0;
    const end = Math.max(...started.map(({ when, seconds }) => when + seconds));
    const rate = started[0]?.buffer.sampleRate ?? 48_000;
    const context = new OfflineAudioContext(1, Math.ceil((end - first) * rate), rate);
    for (const { when, offset, buffer } of started) {
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(context.destination);
      source.start(when - first, offset);
    }
    const samples = (await context.startRendering()).getChannelData(0);
    // A tone goes through zero: it is silent where it stays there.
    const near = rate / 400;
    const lengths: number[] = [];
    let last = 0;
    let begin = 0;
    for (const [index, sample] of samples.entries()) {
      if (Math.abs(sample) < 1e-4) continue;
      if (index - last > near) {
        lengths.push((last - begin) / rate, (index - last) / rate);
        begin = index;
      }
      last = index;
    }
    return [...lengths, (last - begin) / rate];
  });
}

/** Has the page's host answer for each part of a sound, as long as `sounds` is there. */
async function answerSounds({ page }: PanelPage, sound: Uint8Array): Promise<void> {
  await page.evaluate((base64) => {
    const own = window as unknown as {
      posted: { type: string; run: string; item: number; chunk: number }[];
      sounds: string | undefined;
    };
    own.sounds = base64;
    const { posted } = own;
    posted.push = (...messages) => {
      for (const message of messages) {
        posted[posted.length] = message;
        if (message.type !== 'loadSound') continue;
        const { run, item, chunk } = message;
        const content =
          own.sounds === undefined
            ? { problem: `${chunk}.wav is not there any more.` }
            : { bytes: Uint8Array.from(atob(own.sounds), (one) => one.charCodeAt(0)), whole: true };
        window.postMessage({ type: 'content', run, item, chunk, ...content });
      }
      return posted.length;
    };
  }, Buffer.from(sound).toString('base64'));
}
