import { z } from 'zod';
import { slug } from '../../batch/placeholders.ts';
import type { Teller } from '../message-stream.ts';
import { prompt, speaking, writing } from '../prompts.ts';
import { newMark, type OwnBatch } from '../starter.ts';
import { defined, failureMessage, resultMessage } from './told.ts';

/** What a lesson is to be. Other keys, which clients may send, mean nothing here. */
export const lessonRequest = writing.extend({
  topic: prompt.describe('What the lesson is about.'),
});

export const spokenRequest = z.union([
  lessonRequest.extend({
    ...speaking.shape,
    format: z.enum(['mp3', 'wav']).default('mp3'),
  }),
  speaking.extend({
    text: prompt.describe('What is spoken, in place of a lesson on a topic.'),
    format: z.enum(['mp3', 'wav']).default('mp3'),
  }),
]);

/** The batch of one written lesson. */
export function lessonBatch({ topic, ...options }: z.output<typeof lessonRequest>): OwnBatch {
  const name = nameOf(topic);
  return {
    name,
    batch: {
      inputs: [topic],
      steps: [{ uses: 'write', with: { form: 'lesson', ...options } }],
      output: `out/lessons/${slug(name)}-${newMark()}.md`,
    },
  };
}

/** The batch of one spoken lesson, or of one text that is spoken as it is. */
export function spokenBatch(request: z.output<typeof spokenRequest>): OwnBatch {
  const { voice, speed, language, format } = request;
  const speak = { uses: 'speak', with: defined({ voice, speed, language, live: true }) };
  const file = (name: string): string => `out/lessons/${slug(name)}-${newMark()}`;
  if ('text' in request) {
    const name = nameOf(request.text);
    return {
      name,
      batch: { inputs: [request.text], steps: [speak], output: `${file(name)}.${format}` },
    };
  }
  const { topic, words, level, form = 'lesson' } = request;
  const name = nameOf(topic);
  const path = file(name);
  const write = { uses: 'write', with: defined({ form, words, level, language }) };
  return {
    name,
    batch: {
      inputs: [topic],
      steps: [{ ...write, output: `${path}.md` }, speak],
      output: `${path}.${format}`,
    },
  };
}

/** The text of a lesson as it is written. */
export const lessonTeller: Teller = {
  begin: ({ run }) => ({ type: 'start', run: run.id, name: run.name }),
  tell(event, { run }) {
    switch (event.type) {
      case 'text':
        return [{ type: 'text', text: event.text }];
      case 'start':
        // What came before is not of the lesson.
        return event.attempt > 1 ? [{ type: 'restart', attempt: event.attempt }] : [];
      case 'result':
        return [resultMessage(run.id, event.item, event.result)];
      default:
        return [];
    }
  },
  end: (state) =>
    state.state === 'done'
      ? { type: 'complete', run: state.run.id, characters: state.items[0]?.textLength ?? 0 }
      : failureMessage(state),
};

function nameOf(topic: string): string {
  return (
    topic
      .replace(/[{}\s]+/g, ' ')
      .trim()
      .slice(0, 60) || 'Lesson'
  );
}
