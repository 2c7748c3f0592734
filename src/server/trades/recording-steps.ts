import { basename } from 'node:path';
import type { RunEvent } from '../../protocol/events.ts';
import { failureText } from '../../protocol/log-lines.ts';
import type { RunState } from '../../protocol/state.ts';
import { readInside } from '../result-files.ts';
import { firstFailure } from './told.ts';

/** A step as clients know it: what it is called while it is under way and when it is done, in percent of the whole. */
interface Stage {
  /** Of the batch. */
  readonly uses: string;
  readonly name: string;
  readonly from: number;
  /** How far it comes before it is complete. */
  readonly to: number;
  readonly complete: number;
  readonly doing: string;
  readonly done: string;
  /** What its result is called. */
  readonly file: string;
  /** What of the result is told. */
  readonly told: (text: string) => Partial;
}

type Partial = Readonly<Record<string, unknown>>;

/** One message: what clients that exist read. */
export interface Frame {
  readonly task_id: string;
  readonly step: string;
  /** Percent of the whole. */
  readonly progress: number;
  readonly message: string;
  readonly partial_result?: Partial;
}

const STAGES: readonly Stage[] = [
  {
    uses: 'transcribe',
    name: 'transcription',
    from: 10,
    to: 30,
    complete: 30,
    doing: 'Transcribing',
    done: 'Transcribed',
    file: 'transcript.json',
    told: (text) => {
      const { language, seconds, segments } = JSON.parse(text) as Transcript;
      const sentences = segments.map(({ start, end, text: said }) => ({ start, end, text: said }));
      return {
        transcript: joined(segments),
        is_final: true,
        language,
        seconds,
        segments: sentences,
      };
    },
  },
  {
    uses: 'translate',
    name: 'translation',
    from: 35,
    to: 50,
    complete: 50,
    doing: 'Translating',
    done: 'Translated',
    file: 'translation.json',
    told: (text) => {
      const { language, segments } = JSON.parse(text) as Transcript;
      return { translation: joined(segments), is_final: true, language };
    },
  },
  {
    uses: 'entities',
    name: 'ner',
    from: 60,
    to: 60,
    complete: 65,
    doing: 'Finding names',
    done: 'Names found',
    file: 'entities.json',
    told: (text) => ({ entities: (JSON.parse(text) as { entities: unknown }).entities }),
  },
  {
    uses: 'classify',
    name: 'classification',
    from: 70,
    to: 70,
    complete: 75,
    doing: 'Classifying',
    done: 'Classified',
    file: 'labels.json',
    told: (text) => ({ labels: (JSON.parse(text) as { labels: unknown }).labels }),
  },
  {
    uses: 'summarise',
    name: 'summarization',
    from: 80,
    to: 80,
    complete: 85,
    doing: 'Summarising',
    done: 'Summarised',
    file: 'summary.md',
    told: (text) => ({ summary: text.trim() }),
  },
  {
    uses: 'insights',
    name: 'insights',
    from: 90,
    to: 90,
    complete: 95,
    doing: 'Looking for insights',
    done: 'Insights found',
    file: 'insights.json',
    told: (text) => ({ insights: JSON.parse(text) }),
  },
];

/** What transcripts and translations have alike. */
interface Transcript {
  readonly language: string;
  readonly seconds?: number;
  readonly segments: readonly {
    readonly start?: number;
    readonly end?: number;
    readonly text: string;
    readonly paragraph?: boolean;
  }[];
}

function joined(segments: Transcript['segments']): string {
  return segments
    .map(({ text, paragraph }, index) =>
      index === 0 ? text : `${paragraph ? '\n\n' : ' '}${text}`,
    )
    .join('');
}

/** A text that is told again and again as it grows is told when it has grown by this share: the sum stays small. */
const GROWTH = 0.02;

/** Whether a run is of those that are told of here. */
export function isRecording({ run }: RunState): boolean {
  return run.steps[0]?.name === 'transcribe' && run.total === 1;
}

/**
 * Tells a run in the steps that clients know, in their order. The steps behind the transcript run side by side: what is done before its
 * turn is told when the ones before it are.
 */
export class RecordingSteps {
  readonly #workspace: string;
  readonly #stages: readonly Stage[];
  /** By the index of their step: what they have said so far, and how far they are. */
  readonly #texts = new Map<number, string>();
  readonly #fractions = new Map<number, number>();
  /** Characters of a text that were told. */
  #told = 0;
  /** The stage whose turn it is. */
  #turn = 0;
  #begun = false;
  /** Of the last step that is complete. */
  #progress = 5;
  #started = false;
  readonly #found: Record<string, unknown> = {};

  constructor(workspace: string, { run }: RunState) {
    this.#workspace = workspace;
    const steps = run.steps.map(({ name }) => name);
    this.#stages = STAGES.filter(({ uses }) => steps.includes(uses));
  }

  /** What is to be told after more events; `over` when no more come. */
  async take(events: readonly RunEvent[], state: RunState, over: boolean): Promise<Frame[]> {
    const frames: Frame[] = [];
    const tell = (step: string, progress: number, message: string, partial?: Partial): void => {
      frames.push({
        task_id: state.run.id,
        step,
        progress,
        message,
        ...(partial === undefined ? {} : { partial_result: partial }),
      });
    };
    if (!this.#started) tell('started', 5, 'Started');
    this.#started = true;
    for (const event of events) this.#note(event);
    for (
      let stage = this.#stages[this.#turn];
      stage !== undefined;
      stage = this.#stages[this.#turn]
    ) {
      const result = await this.#resultOf(stage, state);
      // A step that failed has none, and those beside it may have.
      const failed = over && result === undefined;
      if (this.#turn > 0 && !this.#begun && !failed) tell(stage.name, stage.from, stage.doing);
      this.#begun = true;
      if (result === undefined && !over) {
        this.#tellText(stage, state, tell);
        break;
      }
      if (result !== undefined) {
        const partial = stage.told(result);
        const { is_final: _, ...found } = partial;
        Object.assign(this.#found, found);
        this.#progress = stage.complete;
        tell(`${stage.name}_complete`, stage.complete, stage.done, partial);
      }
      this.#turn += 1;
      this.#told = 0;
      this.#begun = false;
    }
    if (!over) return frames;
    if (state.state === 'done') tell('completed', 100, 'Completed', this.#found);
    else tell('failed', this.#progress, failureText(firstFailure(state)), this.#found);
    return frames;
  }

  #note(event: RunEvent): void {
    if (event.type === 'start' && event.attempt > 1) {
      this.#texts.clear();
      this.#fractions.clear();
      this.#told = 0;
    } else if (event.type === 'text') {
      this.#texts.set(event.step, (this.#texts.get(event.step) ?? '') + event.text);
    } else if (event.type === 'progress' && event.progress.fraction !== undefined) {
      const loading = event.progress.phase === 'load';
      this.#fractions.set(event.step, loading ? 0 : event.progress.fraction);
    }
  }

  /** The text that a stage has made so far, where there is more of it. */
  #tellText(
    { uses, name, from, to, doing }: Stage,
    { run }: RunState,
    tell: (step: string, progress: number, message: string, partial?: Partial) => void,
  ): void {
    const step = run.steps.findIndex((one) => one.name === uses);
    const text = this.#texts.get(step) ?? '';
    if (text.length <= this.#told * (1 + GROWTH)) return;
    this.#told = text.length;
    const progress = Math.round(from + (to - from) * (this.#fractions.get(step) ?? 0));
    const key = uses === 'translate' ? 'translation' : 'transcript';
    tell(name, progress, doing, { [key]: text.trim(), is_final: false });
  }

  /** What stands in a stage's result, once it is there. */
  async #resultOf({ file }: Stage, { items }: RunState): Promise<string | undefined> {
    const result = items[0]?.results.find(({ path }) => basename(path) === file);
    if (result === undefined) return undefined;
    return Buffer.from(await readInside(this.#workspace, result.path)).toString('utf8');
  }
}
