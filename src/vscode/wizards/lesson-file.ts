import { join } from 'node:path';
import { stringify } from 'yaml';
import { slug } from '../../batch/placeholders.ts';
import { batchFileOf, freeName, writeNew } from './new-files.ts';

/** Lessons stand together, each batch beside what it makes. */
const FOLDER = 'lessons';
const NAME_WORDS = 8;

/** What the person chose. */
export interface Lesson {
  readonly topic: string;
  /** Whom it is for, as the step `write` takes it. */
  readonly level: string;
  /** BCP 47. */
  readonly language: string;
  readonly words: number;
  /** A voice of the step `speak`; without it, the engine chooses. */
  readonly voice?: string | undefined;
}

/** Writes the batch file of a lesson below a folder of the workspace, under a name that is free. Answers its path. */
export async function writeLesson(
  workspace: string,
  lesson: Lesson,
  comment: string,
): Promise<string> {
  const folder = join(workspace, FOLDER);
  const name = await freeName(folder, nameOf(lesson.topic), lessonFiles);
  await writeNew(folder, { [batchFileOf(name)]: `# ${comment}\n${batchText(name, lesson)}` });
  return join(folder, batchFileOf(name));
}

/** What stands in the folder of lessons for one of this name, once it is made. */
function lessonFiles(name: string): readonly string[] {
  const endings = ['md', 'mp3', 'vtt', 'json'].map((ending) => `${slug(name)}.${ending}`);
  return [batchFileOf(name), ...endings];
}

function nameOf(topic: string): string {
  const words = topic.trim().split(/\s+/).slice(0, NAME_WORDS).join(' ');
  return words.replace(/[^\p{L}\p{N}\p{M}]+$/u, '') || 'lesson';
}

function batchText(name: string, { topic, level, language, words, voice }: Lesson): string {
  const spoken = language === 'en' ? {} : { language };
  const file = slug(name);
  return stringify(
    {
      name,
      inputs: [topic.trim()],
      steps: [
        {
          uses: 'write',
          with: { form: 'lesson', level, ...spoken, words },
          output: `${file}.md`,
        },
        {
          uses: 'speak',
          with: { ...(voice !== undefined && { voice }), ...spoken, timings: true },
        },
      ],
      output: `${file}.mp3`,
      retries: 2,
    },
    { lineWidth: 0 },
  );
}
