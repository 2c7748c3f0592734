import { readFile } from 'node:fs/promises';
import { dirname, extname, relative, sep } from 'node:path';
import { reportOptions } from '../batch/uses/report.ts';
import { EngineError } from '../engines/error.ts';
import { type Transcript, transcriptFile } from '../engines/transcription/transcript.ts';
import { type Translation, translationFile } from '../engines/translation/translation.ts';
import { type Findings, reportOf } from '../engines/understanding/report.ts';
import { REPORT_MIME } from '../protocol/mime.ts';
import type { StepItem } from '../protocol/step.ts';
import { readOptions } from './options.ts';
import { type Done, serveStep } from './serve.ts';

/** Files that hold what a step found; any other one is the recording. */
const FOUND = new Set(['.json', '.md', '.txt']);

type Found = Partial<Omit<Findings, 'title' | 'recording'>>;

/** Puts what other steps found into one page, whatever these steps are called. */
async function report(item: StepItem): Promise<Done> {
  const { title = item.title } = readOptions('report', reportOptions, item);
  const inputs = Object.values(item.inputs ?? { only: only(item) });
  const found: Found = {};
  let recording: string | undefined;
  for (const input of inputs) {
    if ('file' in input && !FOUND.has(extname(input.file).toLowerCase())) {
      recording = addressOf(input.file, item.target);
    } else {
      const text = 'text' in input ? input.text : await readFile(input.file, 'utf8');
      Object.assign(found, findingsIn(text));
    }
  }
  if (Object.keys(found).length === 0) {
    throw new EngineError('there is nothing to report', {
      hint: 'Let `from` name the steps whose results it reports, such as [input, transcribe, insights].',
      retry: false,
    });
  }
  return { text: reportOf({ ...found, title, recording }), mime: REPORT_MIME };
}

function only({ text, file }: StepItem): { readonly text: string } | { readonly file: string } {
  return file === undefined ? { text: text ?? '' } : { file };
}

/** What a result holds, by its form. What is no JSON is a summary. */
function findingsIn(text: string): Found {
  const content = jsonIn(text);
  if (content === undefined) return { summary: text };
  const transcript: Transcript | undefined = transcriptFile.safeParse(content).data;
  if (transcript !== undefined) return { transcript };
  const translation: Translation | undefined = translationFile.safeParse(content).data;
  if (translation !== undefined) return { translation };
  // Of the steps beside this one, which are built in as it is.
  const { entities, names, labels, questions } = content as Record<string, never>;
  if (entities !== undefined) return { entities, names };
  if (labels !== undefined) return { labels };
  return questions === undefined ? {} : { insights: content as NonNullable<Found['insights']> };
}

function jsonIn(text: string): object | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** The address of a file for a page that will stand at `target`. */
function addressOf(file: string, target: string | undefined): string | undefined {
  if (target === undefined) return undefined;
  const path = relative(dirname(target), file).split(sep).join('/');
  return encodeURI(path)
    .replace(/[#?()]/g, (mark) => encodeURIComponent(mark))
    .replace(/[()]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
}

await serveStep(report, { concurrency: 4 });
