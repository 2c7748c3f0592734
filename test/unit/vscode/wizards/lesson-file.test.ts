import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { planBatch } from '../../../../src/batch/expand.ts';
import { parseBatch } from '../../../../src/batch/parse.ts';
import { speakOptions } from '../../../../src/batch/uses/speak.ts';
import { writeOptions } from '../../../../src/batch/uses/write.ts';
import { type Lesson, writeLesson } from '../../../../src/vscode/wizards/lesson-file.ts';
import { makeWorkspace } from '../../../support/sluice.ts';

const LESSON: Lesson = {
  topic: 'How plants make food: light, water & air?',
  level: 'beginners',
  language: 'en',
  words: 300,
};

async function written(lesson: Lesson, folder = makeWorkspace({})) {
  const path = await writeLesson(folder, lesson, 'About');
  const text = readFileSync(path, 'utf8');
  return { ...parseBatch(text, path), folder, path, text };
}

describe('the file of a lesson', () => {
  test('is a batch of one topic that is written and spoken, with captions', async () => {
    const { batch, problems, path, folder } = await written({ ...LESSON, voice: 'slt' });
    expect(problems).toEqual([]);
    expect(path).toBe(join(folder, 'lessons/how-plants-make-food-light-water-air.batch.yaml'));
    expect(batch?.inputs).toEqual([LESSON.topic]);
    const [write, speak] = batch?.steps ?? [];
    expect(writeOptions.parse(write?.with)).toMatchObject({ form: 'lesson', words: 300 });
    expect(speakOptions.parse(speak?.with)).toMatchObject({ voice: 'slt', timings: true });
    expect([write?.output, batch?.output]).toEqual([
      'how-plants-make-food-light-water-air.md',
      'how-plants-make-food-light-water-air.mp3',
    ]);
  });

  test('names the language of both steps, where it is not English', async () => {
    const { batch } = await written({ ...LESSON, language: 'fr' });
    expect(batch?.steps.map((step) => step.with?.['language'])).toEqual(['fr', 'fr']);
  });

  test('takes a name that nothing has, whatever was made before', async () => {
    const { folder, path } = await written(LESSON);
    const again = await written(LESSON, folder);
    expect(basename(again.path)).toBe('how-plants-make-food-light-water-air-2.batch.yaml');
    writeFileSync(join(dirname(path), 'how-plants-make-food-light-water-air-3.mp3'), '');
    const third = await written(LESSON, folder);
    expect(basename(third.path)).toBe('how-plants-make-food-light-water-air-4.batch.yaml');
  });

  test.each([
    '{input} and {row.x}',
    '光合作用',
    '???',
    '- # "quoted": yes',
    '42',
    'word '.repeat(100),
  ])('can be on %j', async (topic) => {
    const { batch, problems, folder, path } = await written({ ...LESSON, topic });
    expect(problems).toEqual([]);
    expect(batch?.inputs).toEqual([topic.trim()]);
    const { items } = await planBatch(path, folder);
    expect(items.map(({ text }) => text)).toEqual([topic.trim()]);
  });
});
