import { createChunker } from '../language/chunker/chunker.ts';
import { detectLanguage } from '../language/detect.ts';
import { type Cue, parseCaptions } from '../sound/captions.ts';
import type { Range, Word } from '../transcription/engine.ts';
import { type Transcript, textOf, transcriptFile } from '../transcription/transcript.ts';

/** A sentence of a text; of a recording, with its times in seconds. */
export interface Passage {
  readonly text: string;
  /** Where it begins in the whole text, in UTF-16 units. */
  readonly from: number;
  readonly start?: number;
  readonly end?: number;
  readonly words?: readonly Word[];
  /** A new paragraph begins here. */
  readonly paragraph?: boolean;
}

/** What is to be understood: a text, and what is known of the recording that it was said in. */
export interface Source {
  readonly text: string;
  /** BCP 47; `und` when it cannot be told. */
  readonly language: string;
  readonly passages: readonly Passage[];
  readonly recording?: { readonly seconds: number; readonly speech: readonly Range[] };
}

/** A text, cut into its sentences. */
export async function sourceOfText(text: string, language?: string): Promise<Source> {
  const spoken = language ?? (await detectLanguage(text));
  const chunker = createChunker({ markdown: false, language: spoken });
  const chunks = [...chunker.push(text), ...chunker.end()];
  let until = 0;
  const passages = chunks.flatMap(({ text: sentence, start, end }): Passage[] => {
    const said = sentence.trim();
    if (said === '') return [];
    const from = start + sentence.indexOf(said);
    const paragraph = until > 0 && text.slice(until, from).includes('\n');
    until = end - (sentence.length - sentence.trimEnd().length);
    return [{ text: said, from, ...(paragraph ? { paragraph } : {}) }];
  });
  return { text, language: spoken, passages };
}

/** A transcript. `language` is what a person says it is. */
async function sourceOfTranscript(transcript: Transcript, language?: string): Promise<Source> {
  const { segments, seconds, speech } = transcript;
  const { text, starts } = textOf(segments);
  const said = transcript.language === 'und' ? undefined : transcript.language;
  return {
    text,
    language: language ?? said ?? (await detectLanguage(text)),
    passages: segments.map(({ paragraph, ...segment }, index) => ({
      ...segment,
      from: starts[index] ?? 0,
      ...(paragraph === undefined ? {} : { paragraph }),
    })),
    recording: { seconds, speech },
  };
}

/** Captions: each is a passage. */
async function sourceOfCues(cues: readonly Cue[], language?: string): Promise<Source> {
  const { text, starts } = textOf(cues);
  return {
    text,
    language: language ?? (await detectLanguage(text)),
    passages: cues.map(({ text: said, start, end }, index) => ({
      text: said,
      from: starts[index] ?? 0,
      start,
      end,
    })),
    recording: {
      seconds: cues.at(-1)?.end ?? 0,
      speech: cues.map(({ start, end }) => ({ start, end })),
    },
  };
}

/** What a file has in it: a transcript, captions, or a text. `name` is for its ending. */
export async function sourceOfFile(
  content: string,
  name: string,
  language?: string,
): Promise<Source> {
  if (/\.json$/i.test(name)) {
    const transcript = transcriptIn(content);
    if (transcript !== undefined) return sourceOfTranscript(transcript, language);
  }
  if (/\.(srt|vtt)$/i.test(name)) {
    const cues = parseCaptions(content);
    if (cues !== undefined) return sourceOfCues(cues, language);
  }
  return sourceOfText(content, language);
}

function transcriptIn(content: string): Transcript | undefined {
  try {
    return transcriptFile.safeParse(JSON.parse(content)).data;
  } catch {
    return undefined;
  }
}

/** Where something stands in a source: in its text, in UTF-16 units, and in the recording, in seconds. */
export interface Place {
  readonly from: number;
  readonly to: number;
  readonly start?: number;
  readonly end?: number;
}

/** The place of a stretch of the text. Its times are those of its words, or else of its sentence. */
export function placeOf({ passages }: Source, from: number, to: number): Place {
  const index = passages.findLastIndex((passage) => passage.from <= from);
  const passage = passages[index];
  if (passage?.start === undefined || passage.end === undefined) return { from, to };
  let at = passage.from;
  let [start, end] = [passage.start, passage.end];
  let found = false;
  for (const word of passage.words ?? []) {
    const place = passage.text.indexOf(word.text, at - passage.from);
    if (place < 0) continue;
    at = passage.from + place + word.text.length;
    if (at <= from || passage.from + place >= to) continue;
    start = found ? start : word.start;
    end = word.end;
    found = true;
  }
  return { from, to, start, end };
}

/** A sentence of a source with its place. */
export function sentencePlace({
  text,
  from,
  start,
  end,
}: Passage): Place & { readonly text: string } {
  const times = start === undefined || end === undefined ? {} : { start, end };
  return { text, from, to: from + text.length, ...times };
}
