import type { ToPanel } from '../protocol/panel.ts';
import type { RunHandle } from '../runner/client.ts';
import type { RunActions } from '../runner/run-actions.ts';
import type { Runs } from '../runner/runs.ts';
import type { LogDocuments } from './log-documents.ts';
import type { Opener } from './opener.ts';
import type { PanelRequest } from './panel.ts';
import type { RunOutput } from './run-output.ts';

export interface PanelRequestOptions {
  readonly runs: Runs;
  readonly actions: RunActions;
  readonly opener: Opener;
  readonly output: RunOutput;
  readonly documents: LogDocuments;
  readonly runAgain: (run: RunHandle) => Promise<void>;
  readonly copyCommandLine: (run: RunHandle) => Promise<void>;
}

/** Does what the person asks for in a panel; answers what is to be sent back to it. */
export async function answerPanel(
  options: PanelRequestOptions,
  message: PanelRequest,
): Promise<ToPanel | undefined> {
  const { actions, documents, opener, output, runs } = options;
  const run = runs.get(message.run);
  // The panel may show a moment more what is gone.
  if (run === undefined) return undefined;
  switch (message.type) {
    case 'cancel':
      await actions.cancel(run.id, message.item);
      return undefined;
    case 'finish':
      await actions.finish(run.id, message.item);
      return undefined;
    case 'saveFile':
      await opener.save(run.id, message.name, message.bytes);
      return undefined;
    case 'pause':
      await actions.pause(run.id);
      return undefined;
    case 'resume':
      await actions.resume(run.id);
      return undefined;
    case 'retry':
      await actions.retry(run.id, message.item);
      return undefined;
    case 'move':
      await actions.move(run.id, message.item, message.to);
      return undefined;
    case 'concurrency':
      await actions.setConcurrency(run.id, message.concurrency);
      return undefined;
    case 'runAgain':
      await options.runAgain(run);
      return undefined;
    case 'openResults':
      await opener.results(run.id);
      return undefined;
    case 'openLog':
      await output.show(run.id);
      return undefined;
    case 'copyCommandLine':
      await options.copyCommandLine(run);
      return undefined;
    case 'openBatch':
      await opener.batch(run.id);
      return undefined;
    case 'openSource':
      await opener.source(run.id, message.item);
      return undefined;
    case 'revealOutput':
      await documents.reveal(run, message.item);
      return undefined;
    case 'openResult':
      await opener.result(message);
      return undefined;
    case 'loadResult': {
      const { item, result } = message;
      return { type: 'content', run: run.id, item, result, ...(await opener.content(message)) };
    }
    case 'loadSound': {
      const { item, chunk } = message;
      return { type: 'content', run: run.id, item, chunk, ...(await opener.sound(message)) };
    }
    case 'loadInput': {
      const { item } = message;
      const content = await opener.input(run.id, item);
      return { type: 'content', run: run.id, item, input: true, ...content };
    }
    default:
      return message satisfies never;
  }
}
