import type { SoundPart } from '../protocol/events.ts';
import type { ResultId } from '../protocol/panel.ts';
import type { ItemState } from '../protocol/state.ts';
import { bufferOf, type Contents } from './contents.ts';
import { Heard } from './heard.ts';
import { givenOutline, loudestOf, outlineOf, scaled } from './peaks.ts';
import {
  exactScript,
  partsIn,
  reckonedScript,
  type Script,
  type TextEnd,
  timingsBeside,
} from './script.ts';
import { type Found, soundOf } from './track.ts';

/** What a script is made of. */
interface Source {
  readonly parts: readonly SoundPart[] | undefined;
  readonly written: TextEnd | undefined;
  readonly seconds: number;
}

/** What is known of a track beside its sound: what is said in it, and its outline. */
export class About {
  readonly #contents: Contents;
  readonly #changed: () => void;
  readonly #parts: readonly SoundPart[] | undefined;
  readonly #written: TextEnd | undefined;
  readonly #heard: Heard | undefined;
  #read: readonly SoundPart[] | undefined;
  #outline: Float32Array | undefined;
  #script: { readonly of: Source; readonly script: Script | undefined } | undefined;

  /**
   * `item` is what the track is of; `parts` are those of its sound, where they are known already; `transcript` is that
   * of the recording which the track is.
   */
  constructor(options: {
    readonly contents: Contents;
    readonly changed: () => void;
    readonly item: ItemState | undefined;
    readonly parts?: readonly SoundPart[];
    readonly transcript?: ResultId | undefined;
  }) {
    this.#contents = options.contents;
    this.#changed = options.changed;
    const { transcript } = options;
    this.#heard = transcript && new Heard(options.contents, options.changed, transcript);
    // What steps write about a recording is not what is said in it.
    this.#written = transcript === undefined && options.item ? textOf(options.item) : undefined;
    this.#parts = options.parts;
  }

  /** The outline of a result, once it is drawn. */
  get outline(): Float32Array | undefined {
    return this.#outline;
  }

  /** What is said in a result of so many seconds; `undefined` where nothing is known of it. */
  script(seconds: number): Script | undefined {
    if (this.#heard !== undefined) return this.#heard.script;
    return this.#made({ parts: this.#parts ?? this.#read, written: this.#written, seconds });
  }

  /** What is said in the parts of a sound that the item is making, and what is written behind them. */
  liveScript(parts: readonly SoundPart[], item: ItemState): Script | undefined {
    return this.#made({ parts, written: textOf(item), seconds: 0 });
  }

  /** Learns what there is to know of a result. Its bytes are gone afterwards. */
  async learn(id: ResultId, found: Found, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const said = this.#heard?.learn(found.item) ?? this.#readParts(id, found);
    await Promise.all([said, this.#draw(found, bytes)]);
  }

  /** More may be known of a recording by now. */
  async learnMore(item: ItemState): Promise<void> {
    await this.#heard?.learn(item);
  }

  #made(of: Source): Script | undefined {
    const before = this.#script;
    if (before !== undefined && isSame(before.of, of)) return before.script;
    const script =
      of.parts === undefined
        ? of.written && reckonedScript(of.written, of.seconds)
        : exactScript(of.parts, of.written);
    this.#script = { of, script };
    return script;
  }

  /** When each part was said: from what is known of its making, or from the file beside the sound. */
  async #readParts(id: ResultId, { item, result }: Found): Promise<void> {
    if (this.#parts !== undefined || result === undefined) return;
    const { sounds = [], results } = item;
    // Of a long sound only the latest parts are kept.
    if (soundOf(item) === id.result && sounds[0]?.start === 0) {
      this.#read = sounds;
      return;
    }
    const timings = timingsBeside(results, result);
    if (timings === undefined) return;
    const content = await this.#contents.load({ ...id, result: timings });
    if ('problem' in content || !content.whole) return;
    this.#read = partsIn(new TextDecoder().decode(content.bytes));
    this.#changed();
  }

  async #draw({ result }: Found, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const given = result && givenOutline(result);
    this.#outline =
      given === undefined
        ? await outlineOf(bufferOf(bytes), result?.seconds)
        : scaled(given, loudestOf(given));
    this.#changed();
  }
}

function textOf({ text, textLength }: ItemState): TextEnd | undefined {
  return text === '' ? undefined : { text, length: textLength };
}

function isSame(a: Source, b: Source): boolean {
  const sameText = a.written?.text === b.written?.text && a.written?.length === b.written?.length;
  return a.parts === b.parts && a.seconds === b.seconds && sameText;
}
