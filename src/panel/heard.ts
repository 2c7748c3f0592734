import { ENTITIES_MIME } from '../protocol/mime.ts';
import type { ResultId } from '../protocol/panel.ts';
import type { ItemState } from '../protocol/state.ts';
import { type Contents, versionOf } from './contents.ts';
import type { Script } from './script.ts';
import { transcriptScript } from './transcript.ts';

/** What is said in a recording: its transcript, with what that names as soon as it is known. */
export class Heard {
  readonly #contents: Contents;
  readonly #changed: () => void;
  readonly #id: ResultId;
  #script: Script | undefined;
  /** The files that the script is made of, or will be. */
  #of = '';

  /** `id` is the transcript's. */
  constructor(contents: Contents, changed: () => void, id: ResultId) {
    this.#contents = contents;
    this.#changed = changed;
    this.#id = id;
  }

  get script(): Script | undefined {
    return this.#script;
  }

  /** Reads what has come since the last time. */
  async learn({ results }: ItemState): Promise<void> {
    const transcript = results[this.#id.result];
    if (transcript === undefined) return;
    const named = results.findLastIndex(({ mime }) => mime === ENTITIES_MIME);
    const entities = results[named];
    const of = [transcript, ...(entities === undefined ? [] : [entities])]
      .map(versionOf)
      .join('\n');
    if (of === this.#of) return;
    this.#of = of;
    const [said, names] = await Promise.all([
      this.#read(this.#id.result),
      entities === undefined ? undefined : this.#read(named),
    ]);
    // More has come meanwhile, which is read, too.
    if (of !== this.#of || said === undefined) return;
    this.#script = transcriptScript(said, names);
    this.#changed();
  }

  async #read(result: number): Promise<string | undefined> {
    const content = await this.#contents.load({ ...this.#id, result });
    if ('problem' in content || !content.whole) return undefined;
    return new TextDecoder().decode(content.bytes);
  }
}
