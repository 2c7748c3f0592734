import type { Result } from '../../protocol/events.ts';
import type { RunState } from '../../protocol/state.ts';
import type { Message } from '../message-stream.ts';

/** What all streams for the trades tell alike. */

/** The address of a result. */
function resultUrl(run: string, { path }: Result): string {
  return `/runs/${run}/results/${path.split('/').map(encodeURIComponent).join('/')}`;
}

export function resultMessage(run: string, item: number, result: Result): Message {
  const { path, mime, bytes, seconds } = result;
  const url = resultUrl(run, result);
  return {
    type: 'result',
    item,
    path,
    url,
    mime,
    bytes,
    ...(seconds === undefined ? {} : { seconds }),
  };
}

/** Without the keys that have no value. */
export function defined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** The last message of a run that did not come to a good end: what failed first, and what to do. */
export function failureMessage({ run, state, items }: RunState): Message {
  const failure = items.find((item) => item.failure !== undefined)?.failure;
  const message = failure?.message ?? `The run was ${state}.`;
  return {
    type: 'error',
    run: run.id,
    state,
    message,
    ...(failure?.hint === undefined ? {} : { hint: failure.hint }),
  };
}
