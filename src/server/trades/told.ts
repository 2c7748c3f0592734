import type { Failure, Result } from '../../protocol/events.ts';
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

/** What failed first in a run that did not come to a good end, and what to do. */
export function firstFailure({ state, items }: RunState): Pick<Failure, 'message' | 'hint'> {
  const { message = `The run was ${state}.`, hint } =
    items.find((item) => item.failure !== undefined)?.failure ?? {};
  return { message, ...(hint === undefined ? {} : { hint }) };
}

/** The last message of such a run. */
export function failureMessage(state: RunState): Message {
  return { type: 'error', run: state.run.id, state: state.state, ...firstFailure(state) };
}
