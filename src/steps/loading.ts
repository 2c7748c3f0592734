import type { ChooseContext } from '../engines/transcription/choose.ts';
import type { StepContext } from './serve.ts';

/** Tells of models that are being fetched as progress of a step. */
export function loading(context: StepContext): ChooseContext {
  return {
    signal: context.signal,
    onLoad: (done, total) =>
      context.progress({ phase: 'load', done, total, unit: 'B', fraction: done / total }),
    log: context.log,
  };
}
