import { z } from 'zod';
import { plainText } from '../../protocol/escapes.ts';
import type { Teller } from '../message-stream.ts';
import { prompt, promptsSchema } from '../prompts.ts';
import { resultMessage } from './told.ts';

const MOST = 1000;

/** A prompt a line, as a file of prompts has them. */
const promptLines = z
  .string()
  .transform((text) => text.split(/\r?\n/).map((line) => line.trim()))
  .transform((lines) => lines.filter((line) => line !== '' && !line.startsWith('#')))
  .pipe(z.array(prompt).min(1).max(MOST))
  .transform((prompts) => promptsSchema.parse({ prompts }));

/** The body of `POST /batch`. */
export const batchBody = { 'application/json': promptsSchema, 'text/plain': promptLines };

/** Lines and results of prompts, item by item. */
export const promptsTeller: Teller = {
  begin: ({ run }) => ({ type: 'start', run: run.id, name: run.name, total: run.total }),
  tell(event, { run, items }) {
    switch (event.type) {
      case 'start': {
        const title = items[event.item - 1]?.title ?? '';
        return [{ type: 'item', item: event.item, title, attempt: event.attempt }];
      }
      case 'text':
        return [{ type: 'text', item: event.item, text: event.text }];
      case 'log':
        return event.lines.map((line) => ({
          type: 'line',
          item: event.item,
          line: plainText(line),
        }));
      case 'progress': {
        const step = run.steps[event.step]?.name;
        return [{ type: 'progress', item: event.item, step, ...event.progress }];
      }
      case 'result':
        return [resultMessage(run.id, event.item, event.result)];
      case 'end': {
        const { item, state, failure } = event;
        return [{ type: 'end', item, state, ...(failure === undefined ? {} : { failure }) }];
      }
      case 'note':
        return [{ type: 'note', level: event.level, message: event.message }];
      default:
        return [];
    }
  },
  end: ({ run, state, counts }) => ({ type: 'complete', run: run.id, state, ...counts }),
};
